"""Binomial counts: k of m (insurances held, violations found), P(one of them) = F(x'b).

McCullagh and Nelder 1989, Generalized Linear Models, chapter 4: ln L = sum ln C(m, k) + k ln p
+ (m - k) ln(1 - p). The mean k = m F(x'b) is all that HC1 and clustered errors need; counts whose
m parts hang together vary more than the binomial: the Pearson dispersion says by how much.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, log_expit, log_ndtr, xlogy

from analysis.effects.about import About
from analysis.effects.distribution.participation import LINKS, link_of
from analysis.effects.fit import Fit
from analysis.effects.inference import bootstrap
from analysis.effects.likelihoods.likelihood import (
    Likelihood,
    design_of,
    fit_of,
    mapped,
    maximise,
    require_maximum,
)
from analysis.effects.likelihoods.marginal_effects import COLUMNS_OPTION, OPTION, average_effects
from analysis.effects.likelihoods.perfect_prediction import one_sided
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]
ABOUT = About(
    fits="grouped logit or probit of a count out of a known number; options: trials, link, ame",
    needs="a count from 0 to trials, trials (a number or a column), treatment or controls",
    reports="coefficients, average marginal effects on the share k / m, Pearson dispersion",
)
TRIALS, LINK = "trials", "link"
OPTION_COLUMNS = (TRIALS, COLUMNS_OPTION)
QUASI = "quasi"
VCOVS = ("HC1", "HC0", "classical", QUASI, "cluster", bootstrap.NAME)
# a dispersion above which the classical errors are called too small: 5 % of chi2(n - k) / (n - k)
Z95 = 1.645


class Counts(NamedTuple):
    """(n,) successes and trials, and the (n, k) design."""

    successes: Array
    trials: Array
    columns: Array


class Bend(NamedTuple):
    """ln F(z), its first and second derivative, by row."""

    value: Array
    slope: Array
    curvature: Array


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; options ``trials``, ``link`` (logit, probit), ``ame`` and ``ame_columns``.

    Own covariance quasi: the classical one times the Pearson dispersion sum (k - m p)^2 /
    (m p (1 - p)) / (n - parameters) (McCullagh and Nelder 1989, section 4.5).

    Raises
    ------
    UserError
        If trials are absent or no whole positive numbers, the outcome is no whole number from 0
        to trials, always 0 or always all, a term predicts perfectly, or an option is unknown.
    """
    require_plain(equation, (TRIALS, LINK, OPTION, COLUMNS_OPTION))
    link = link_of(equation, LINK, ("logit", "probit"))
    k, m = sample.outcome, _trials(sample, equation)
    _require_counts(equation, k, m)
    design = design_of(sample, equation)
    found = require_maximum(
        maximise(_likelihood(Counts(k, m, design.scaled), link), np.zeros(len(design.terms))),
        ["", *design.terms[1:]], equation.estimator,
        lambda: one_sided(design.scaled, k == 0.0, k == m),
    )  # fmt: skip
    best = mapped(found, design.back)
    derived, notes = average_effects(
        sample, equation, design.terms, design.columns, best.estimate, LINKS[link].curve
    )
    p = LINKS[link].curve(design.columns @ best.estimate).value
    df = len(k) - len(design.terms)
    dispersion = float(((k - m * p) ** 2 / (m * p * (1.0 - p))).sum() / df)
    if dispersion > 1.0 + Z95 * np.sqrt(2.0 / df) and equation.vcov == "classical":
        notes = (*notes, f"overdispersed (Pearson {dispersion:.2f}): use HC1, cluster or {QUASI}")
    fitted = fit_of(
        best, design.terms, _null(k, m), dropped=design.dropped, derived=derived, notes=notes,
        extras={"dispersion": dispersion, "mean_trials": float(m.mean())},
    )  # fmt: skip
    return replace(fitted, own={QUASI: fitted.bread * dispersion})


def _trials(sample: Sample, equation: Equation) -> Array:
    given = equation.options.get(TRIALS)
    if TRIALS in sample.others:
        return sample.others[TRIALS].to_numpy(float)
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise needs(equation, "trials = a number or one column", "trials 为数或一列")
    return np.full(sample.n_obs, float(given))


def _require_counts(equation: Equation, k: Array, m: Array) -> None:
    if m.min() < 1.0 or (m != np.round(m)).any():
        raise needs(equation, "trials that are whole numbers from 1", "trials 为正整数")
    outside = (k < 0.0) | (k > m) | (k != np.round(k))
    if outside.any():
        raise needs(
            equation, f"whole numbers from 0 to trials (not so in {int(outside.sum())} rows)",
            f"0 至 trials 之间的整数（{int(outside.sum())} 个观测不符）",
        )  # fmt: skip
    if not k.any() or (k == m).all():
        raise needs(
            equation, "counts that are not all 0 nor all trials", "不全为 0 也不全为 trials 的计数"
        )


# --- the likelihood ---------------------------------------------------------------------------


def _logit_bend(z: Array) -> Bend:
    p = np.exp(log_expit(z))
    return Bend(log_expit(z), 1.0 - p, -p * (1.0 - p))


def _probit_bend(z: Array) -> Bend:
    value = log_ndtr(z)
    mills = np.exp(-0.5 * z * z - 0.5 * np.log(2.0 * np.pi) - value)
    return Bend(value, mills, -mills * (z + mills))


# both laws are symmetric: ln(1 - F(z)) = ln F(-z)
BENDS: Mapping[str, Callable[[Array], Bend]] = {"logit": _logit_bend, "probit": _probit_bend}


def _likelihood(counts: Counts, link: str) -> Likelihood:
    k, m, x = counts
    bend = BENDS[link]
    ways = float((gammaln(m + 1.0) - gammaln(k + 1.0) - gammaln(m - k + 1.0)).sum())

    def both(b: Array) -> tuple[Bend, Bend]:
        return bend(x @ b), bend(-(x @ b))

    def loglike(b: Array) -> float:
        up, down = both(b)
        return ways + float((k * up.value + (m - k) * down.value).sum())

    def scores(b: Array) -> Array:
        up, down = both(b)
        return x * (k * up.slope - (m - k) * down.slope)[:, None]

    def hessian(b: Array) -> Array:
        up, down = both(b)
        return (x * (k * up.curvature + (m - k) * down.curvature)[:, None]).T @ x

    return Likelihood(loglike, scores, hessian)


def _null(k: Array, m: Array) -> float:
    """Return the log likelihood of the constant alone: p = sum k / sum m."""
    p = k.sum() / m.sum()
    ways = gammaln(m + 1.0) - gammaln(k + 1.0) - gammaln(m - k + 1.0)
    return float((ways + xlogy(k, p) + xlogy(m - k, 1.0 - p)).sum())
