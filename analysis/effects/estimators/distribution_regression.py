"""Distribution regression: P(y <= c | x) = F(x'b(c)), one binary model a threshold c.

Foresi and Peracchi 1995, JASA 90: 451-466; Chernozhukov, Fernandez-Val and Melly 2013,
Econometrica 81: 2205-2268. Where the law is pinned at a legal line (a minimum wage, the 44-hour
week) it is the effect on P(y <= c) that is asked for, not that on a mean. The average effect of a
treatment of 0 and 1 is the distribution with everybody treated less that with nobody treated.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import block_diag

from analysis.effects.about import About
from analysis.effects.distribution.bands import across, path_tests
from analysis.effects.distribution.grid import QUANTILES, numbers_of, quantiles_of
from analysis.effects.distribution.participation import fit_binary, link_of
from analysis.effects.distribution.recentred import quantile_value
from analysis.effects.fit import Derived, Fit
from analysis.effects.inference import bootstrap
from analysis.effects.inference.covariance import covariance
from analysis.effects.likelihoods.marginal_effects import COLUMNS_OPTION, OPTION
from analysis.effects.linear_models.linear import fit_linear, require_variation
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]
ABOUT = About(
    fits="logit, probit or linear probability of y <= c at many thresholds c; options: "
    "thresholds or quantiles, link, ame",
    needs="outcome, treatment or controls",
    reports="coefficients by threshold, average effects on P(y <= c), uniform bands, tests that "
    "effects are the same or zero all along",
)
OPTION_COLUMNS = (COLUMNS_OPTION,)
VCOVS = ("HC1", "HC0", "classical", "cluster", bootstrap.NAME)
THRESHOLDS, LINK, LINEAR = "thresholds", "link", "linear"
DECILES = tuple(round(0.1 * j, 1) for j in range(1, 10))


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it.

    Options: ``thresholds`` (numbers in the outcome's unit) or ``quantiles`` of the outcome at
    which to put them (the deciles without either), ``link`` (logit, probit, linear), ``ame`` and
    ``ame_columns``. Robust and clustered covariances are joint over thresholds. Extras: n_below
    by threshold, crossings (rows whose fitted distribution falls somewhere), the tests of bands.py
    and, by term, those of the average effects (ame_band_critical, ame_no_effect_p).

    Raises
    ------
    UserError
        If thresholds are not different numbers with rows on both sides, a term predicts perfectly
        at one (which is named), or an option is unknown.
    """
    require_plain(equation, (THRESHOLDS, QUANTILES, LINK, OPTION, COLUMNS_OPTION))
    require_variation(sample)
    link = link_of(equation, LINK, ("logit", "probit", LINEAR))
    thresholds = _thresholds(sample, equation)
    fits = [_at(sample, equation, c, link) for c in thresholds]
    whole = _stacked(fits, thresholds)
    extras, notes = across(whole, sample, equation, bands=len(fits) > 1)
    crossed = _crossings(sample, fits)
    remark = f"fitted distribution functions fall at {crossed} rows"
    return replace(
        whole,
        extras={
            **{f"n_below[{below(c)}]": int((sample.outcome <= c).sum()) for c in thresholds},
            "crossings": crossed,
            **extras,
            **_effects_along(whole, sample, equation),
        },
        notes=tuple(dict.fromkeys((*fits[0].notes, *notes, *([remark] if crossed else [])))),
    )


def below(threshold: float) -> str:
    """Return the component of a row at a threshold."""
    return f"y<={threshold:.6g}"


def _thresholds(sample: Sample, equation: Equation) -> tuple[float, ...]:
    """Return the thresholds in order, every one with rows on both sides.

    Raises
    ------
    UserError
        If one has none, both options are given, two could not be told apart by their names, or a
        bootstrap would move them.
    """
    if THRESHOLDS in equation.options and QUANTILES in equation.options:
        raise needs(equation, "thresholds or quantiles, not both", "thresholds 与 quantiles 二选一")
    if THRESHOLDS not in equation.options and equation.vcov == bootstrap.NAME:
        raise needs(
            equation, "thresholds under a bootstrap (quantiles move from draw to draw)",
            "bootstrap 时请用 thresholds（分位点随抽样变动）",
        )  # fmt: skip
    if THRESHOLDS in equation.options:
        chosen = numbers_of(equation, THRESHOLDS)
    else:
        ones = np.ones(sample.n_obs)
        found = [quantile_value(sample.outcome, ones, t) for t in quantiles_of(equation, DECILES)]
        chosen = tuple(c for c in sorted(set(found)) if c < sample.outcome.max())
    for c in chosen:
        if not sample.outcome.min() <= c < sample.outcome.max():
            raise needs(
                equation, f"thresholds with outcomes on both sides ({c:g} has none on one)",
                f"两侧都有观测的 thresholds（{c:g} 一侧没有）",
            )  # fmt: skip
    if not chosen or len({below(c) for c in chosen}) < len(chosen):
        raise needs(
            equation, "thresholds that differ in six digits, below the largest outcome",
            "六位有效数字内互不相同且小于最大值的 thresholds",
        )  # fmt: skip
    return chosen


# --- one threshold ----------------------------------------------------------------------------


def _at(sample: Sample, equation: Equation, threshold: float, link: str) -> Fit:
    """Return the binary model of 1[y <= c].

    Raises
    ------
    UserError
        If a term predicts perfectly: the threshold is named.
    """
    outcome = (sample.outcome <= threshold).astype(float)
    if link == LINEAR:
        return fit_linear(
            list(sample.regressors), sample.regressors.to_numpy(float), outcome, constant=True,
            equation=equation.id,
        )  # fmt: skip
    named = replace(equation, estimator=f"{equation.estimator} ({below(threshold)})")
    return fit_binary(sample, named, outcome, link)


def _stacked(fits: Sequence[Fit], thresholds: Sequence[float]) -> Fit:
    """Return the thresholds one below the other, scores side by side.

    Classical is each threshold's own; between thresholds it is that of the scores.
    """
    first, k = fits[0], len(fits[0].terms)
    names = [below(c) for c in thresholds]
    bread = block_diag(*(one.bread for one in fits))
    scores = np.hstack([one.scores for one in fits])
    classical = bread @ (scores.T @ scores) @ bread
    for j, one in enumerate(fits):
        classical[j * k : (j + 1) * k, j * k : (j + 1) * k] = one.classical
    return Fit(
        terms=first.terms * len(fits),
        estimate=np.concatenate([one.estimate for one in fits]),
        components=tuple(name for name in names for _ in first.terms),
        bread=bread,
        scores=scores,
        classical=classical,
        df_resid=first.df_resid,
        distribution="normal",
        derived=tuple(
            replace(
                row,
                gradient=np.pad(row.gradient, (j * k, (len(fits) - 1 - j) * k)),
                component=name,
            )
            for j, (one, name) in enumerate(zip(fits, names, strict=True))
            for row in one.derived
        ),
        dropped=first.dropped,
    )


# --- all thresholds ---------------------------------------------------------------------------


def _effects_along(whole: Fit, sample: Sample, equation: Equation) -> dict[str, Any]:
    """Return bands and tests of the average effects of each regressor along the thresholds."""
    rows: dict[str, list[Derived]] = {}
    for row in whole.derived:
        rows.setdefault(row.term, []).append(row)
    if equation.vcov == bootstrap.NAME or len(set(whole.components)) < 2:
        return {}
    matrix = covariance(whole, equation.vcov, sample.clusters).matrix
    found = {}
    for term, path in rows.items():
        gradients = np.array([row.gradient for row in path])
        values = np.array([row.value for row in path])
        for key, value in path_tests(values, gradients @ matrix @ gradients.T).items():
            found[f"ame_{key}[{term}]"] = value
    return found


def _crossings(sample: Sample, fits: Sequence[Fit]) -> int:
    """Return how many rows have a fitted P(y <= c) above that of a higher threshold."""
    design = sample.regressors.assign(const=1.0)[list(fits[0].terms)].to_numpy(float)
    index = design @ np.column_stack([one.estimate for one in fits])
    return int((np.diff(index, axis=1) < -1e-10 * np.abs(index).max()).any(axis=1).sum())
