"""Recursive bivariate probit: y = 1[x'b + delta D + u > 0], D = 1[z'g + v > 0].

(u, v) are standard normal with correlation rho (Maddala 1983, section 5.7; Greene, Econometric
Analysis, the chapter on bivariate probit). With q = 2y - 1, p = 2D - 1 the log likelihood is
sum ln Phi2(q (x'b + delta D), p z'g, q p rho); D needs no correction for being in the outcome's
equation, since the likelihood is that of (y, D) jointly. Gradient and Hessian are analytic.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import block_diag

from analysis.effects.about import About
from analysis.effects.fit import Derived, Fit
from analysis.effects.likelihoods.bivariate_normal import log_density, log_probability
from analysis.effects.likelihoods.joint_probit import (
    ATHRHO,
    STARTS,
    Pair,
    derived_rho,
    highest,
    no_evidence,
    of_indices,
    pair_of,
    wald_rho,
)
from analysis.effects.likelihoods.likelihood import (
    Likelihood,
    Maximum,
    fit_of,
    likelihood_of,
    mapped,
    maximise,
    require_maximum,
    require_zero_one,
)
from analysis.effects.likelihoods.perfect_prediction import one_sided
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]
USES = ("instruments", "endogenous")
ABOUT = About(
    fits="recursive bivariate probit by maximum likelihood (binary outcome and treatment)",
    needs="an outcome and one endogenous term of 0 and 1; instruments (advised)",
    reports="both equations, athrho, rho, average treatment effect, Wald and LR tests of rho = 0",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; no options. Terms: const, D, controls; ``D: const``, ``D: x`` ...; athrho.

    Raises
    ------
    UserError
        If the outcome or the endogenous term is not 0 and 1, one of their four cells is empty,
        terms predict one of them perfectly, or the correlation runs to 1 or -1.
    """
    require_plain(equation)
    require_zero_one(sample.outcome, equation.estimator)
    pair = pair_of(sample, equation)
    cells = _cells(sample.outcome, pair, equation.estimator)
    one = _probit(sample.outcome, pair.first.scaled, pair.first.terms, equation.estimator)
    names = [f"{pair.endogenous}: {term}" for term in pair.second.terms]
    two = _probit(pair.values, pair.second.scaled, names, equation.estimator)
    apart = np.concatenate([one.estimate, two.estimate])
    starts = [np.append(apart, start) for start in STARTS]
    likelihood = _likelihood(sample.outcome, pair)
    scaled, notes = highest(likelihood, starts, len(apart), equation.estimator)
    best = mapped(scaled, block_diag(pair.first.back, pair.second.back, [[1.0]]))
    apart_value = one.log_likelihood + two.log_likelihood
    return fit_of(
        best, (*pair.terms, ATHRHO), 0.0, dropped=pair.dropped,
        derived=(derived_rho(best.estimate[-1], len(apart), len(apart) + 1), _effect(pair, best)),
        notes=(*no_evidence(pair), *notes),
        extras={**wald_rho(best, len(apart)), **_ratio_test(best, apart_value), **cells},
    )  # fmt: skip


def _cells(outcome: Array, pair: Pair, estimator: str) -> dict[str, int]:
    """Return the rows by outcome and treatment: n_10 has outcome 1 and treatment 0."""
    if set(np.unique(pair.values)) != {0.0, 1.0}:
        raise needs(
            estimator, f"an endogenous term of 0 and 1 ({pair.endogenous} is not)",
            f"取值为 0 与 1 的内生变量（{pair.endogenous} 不是）",
        )  # fmt: skip
    counts = {
        f"n_{y}{d}": int(((outcome == y) & (pair.values == d)).sum())
        for y in (0, 1)
        for d in (0, 1)
    }
    for cell, count in counts.items():
        if count == 0:
            where = f"outcome {cell[2]}, {pair.endogenous} {cell[3]}"
            chinese = f"四种组合均有观测（因变量 {cell[2]}、{pair.endogenous} {cell[3]} 无观测）"
            raise needs(estimator, f"rows in all four cells (none with {where})", chinese)
    return counts


def _probit(outcome: Array, columns: Array, names: Any, estimator: str) -> Maximum:
    """Return one equation by itself: start of the climb, likelihood at rho = 0, separation."""
    from statsmodels.discrete.discrete_model import Probit

    return require_maximum(
        maximise(likelihood_of(Probit(outcome, columns)), np.zeros(columns.shape[1])),
        ["", *names[1:]], estimator,
        lambda: one_sided(columns, outcome == 0.0, outcome == 1.0),
    )  # fmt: skip


def _ratio_test(best: Maximum, apart: float) -> dict[str, float]:
    """Return the likelihood ratio test of rho = 0 against two probits, chi2(1)."""
    from scipy.stats import chi2

    statistic = max(2.0 * (best.log_likelihood - apart), 0.0)
    return {"lr_rho": statistic, "lr_rho_p": float(chi2.sf(statistic, 1))}


def _effect(pair: Pair, best: Maximum) -> Derived:
    """Return (1/n) sum Phi(x'b + delta) - Phi(x'b) and its gradient."""
    from scipy.stats import norm

    at, k = pair.first.terms.index(pair.endogenous), len(pair.first.terms)
    without, treated = pair.first.columns.copy(), pair.first.columns.copy()
    without[:, at], treated[:, at] = 0.0, 1.0
    low, high = without @ best.estimate[:k], treated @ best.estimate[:k]
    gradient = np.zeros(len(best.estimate))
    by_row = norm.pdf(high)[:, None] * treated - norm.pdf(low)[:, None] * without
    gradient[:k] = by_row.mean(axis=0)
    value = float((norm.cdf(high) - norm.cdf(low)).mean())
    return Derived(pair.endogenous, value, gradient, quantity="ate")


# --- the likelihood ---------------------------------------------------------------------------


def _likelihood(outcome: Array, pair: Pair) -> Likelihood:
    q, p = 2.0 * outcome - 1.0, 2.0 * pair.values - 1.0

    def value(indices: list[Array]) -> Array:
        return log_probability(q * indices[0], p * indices[1], q * p * np.tanh(indices[2]))

    designs = [pair.first.scaled, pair.second.scaled, np.ones((len(q), 1))]
    athrho = designs[0].shape[1] + designs[1].shape[1]
    return of_indices(value, lambda indices: _derivatives(indices, q, p), designs, athrho)


def _derivatives(indices: list[Array], q: Array, p: Array) -> tuple[Array, Array]:
    """Return gradient (n, 3) and Hessian (n, 3, 3) of ln Phi2 by the two indices and athrho.

    With h = q index_1, k = p index_2, r = q p rho and e = 1 - r^2: dPhi2/dh = phi(h) Phi((k - r h)
    / sqrt e), dPhi2/dr = phi2 (the density), d phi2 / dh = phi2 (r k - h) / e; d r / d athrho =
    q p e, whose derivative is -2 r e.
    """
    from scipy.special import log_ndtr

    h, k, r = q * indices[0], p * indices[1], q * p * np.tanh(indices[2])
    e, value = (1.0 - r) * (1.0 + r), log_probability(h, k, r)
    root, constant = np.sqrt(e), 0.5 * np.log(2.0 * np.pi) + value
    gh = np.exp(log_ndtr((k - r * h) / root) - 0.5 * h**2 - constant)
    gk = np.exp(log_ndtr((h - r * k) / root) - 0.5 * k**2 - constant)
    gr = np.exp(log_density(h, k, r) - value)
    by_h, by_k = (r * k - h) / e, (r * h - k) / e
    square = ((h - k) ** 2 + 2.0 * (1.0 - r) * h * k) / e
    grr = gr * ((r * (1.0 - square) + h * k) / e - gr)
    s = q * p * e
    bends = np.empty((len(h), 3, 3))
    bends[:, 0, 0] = -h * gh - r * gr - gh**2
    bends[:, 1, 1] = -k * gk - r * gr - gk**2
    bends[:, 0, 1] = bends[:, 1, 0] = q * p * (gr - gh * gk)
    bends[:, 0, 2] = bends[:, 2, 0] = q * s * gr * (by_h - gh)
    bends[:, 1, 2] = bends[:, 2, 1] = p * s * gr * (by_k - gk)
    bends[:, 2, 2] = grr * s**2 - 2.0 * r * e * gr
    return np.column_stack([q * gh, p * gk, s * gr]), bends
