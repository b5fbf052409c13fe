"""Probit with a continuous endogenous regressor: y = 1[x'b + g w + u > 0], w = z'p + v.

(u, v) are normal, Var(u) = 1, Var(v) = sigma^2, correlation rho (Wooldridge 2010, section 15.7.2).
The joint density is that of y given w times that of w: with e = (w - z'p) / sigma, a = athrho,
q = 2y - 1 and m = x'b + g w, a row adds ln Phi(q (m cosh a + e sinh a)) - ln sigma - e^2 / 2
- ln(2 pi) / 2, since rho / sqrt(1 - rho^2) = sinh a. Gradient and Hessian are analytic. The climb
starts at the two-step control function (Rivers and Vuong 1988, Journal of Econometrics 39:
347-366), which it equals where there is one instrument only.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import block_diag

from analysis.effects.about import About
from analysis.effects.fit import Derived, Fit
from analysis.effects.likelihoods.joint_probit import (
    ATHRHO,
    Pair,
    derived_rho,
    highest,
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
from analysis.effects.likelihoods.marginal_effects import (
    COLUMNS_OPTION,
    OPTION,
    Curve,
    average_effects,
)
from analysis.effects.likelihoods.perfect_prediction import one_sided
from analysis.effects.linear_models.least_squares import solve
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]
USES = ("instruments", "endogenous")
ABOUT = About(
    fits="probit with one continuous endogenous regressor by maximum likelihood",
    needs="an outcome of 0 and 1, one continuous endogenous term, an instrument",
    reports="both equations, athrho, rho, sigma, average marginal effects, Wald test of rho = 0",
)
OPTION_COLUMNS = (COLUMNS_OPTION,)
LOG_SIGMA, SIGMA = "log_sigma", "sigma"


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; options ``ame`` and ``ame_columns``. Last terms: athrho, log_sigma.

    The effects are those on the average structural function, E Phi(x'b + g w).

    Raises
    ------
    UserError
        If the outcome is not 0 and 1, the endogenous term is, no instrument is left, terms predict
        the outcome perfectly, or the correlation runs to 1 or -1.
    """
    require_plain(equation, (OPTION, COLUMNS_OPTION))
    require_zero_one(sample.outcome, equation.estimator)
    pair = pair_of(sample, equation)
    _require_usable(pair, equation.estimator)
    middle, spread = float(pair.values.mean()), float(pair.values.std())
    scaled = replace(pair, values=(pair.values - middle) / spread)
    start, strength = _two_step(sample.outcome, scaled, equation.estimator)
    at = len(start) - 2
    found, notes = highest(_likelihood(sample.outcome, scaled), [start], at, equation.estimator)
    best = _unscaled(found, pair, middle, spread)
    effects, about = _effects(sample, equation, pair, best)
    sigma = float(np.exp(best.estimate[-1]))
    derived_sigma = Derived(
        SIGMA, sigma, sigma * np.eye(len(start))[-1], quantity="coefficient",
        component="transformed",
    )  # fmt: skip
    return fit_of(
        best, (*pair.terms, ATHRHO, LOG_SIGMA), 0.0, dropped=pair.dropped,
        derived=(derived_rho(best.estimate[at], at, len(start)), derived_sigma, *effects),
        notes=(*about, *notes), extras={**wald_rho(best, at), "first_stage_f": strength},
    )  # fmt: skip


def _require_usable(pair: Pair, estimator: str) -> None:
    if not pair.instruments:
        raise needs(
            estimator, "instruments = [...], at least one not collinear with the other terms",
            "instruments = [...]，至少一个不与其他变量共线的工具变量",
        )  # fmt: skip
    if len(np.unique(pair.values)) == 2:
        raise needs(
            estimator, f"a continuous endogenous term ({pair.endogenous} has two values: "
            "bivariate_probit)",
            f"连续的内生变量（{pair.endogenous} 只有两个取值：请用 bivariate_probit）",
        )  # fmt: skip


# --- the two-step control function ------------------------------------------------------------


def _two_step(outcome: Array, pair: Pair, estimator: str) -> tuple[Array, float]:
    """Return all parameters by two steps, and the F of the instruments in the first.

    Probit of y on x, w and the residuals of w: their coefficient is sinh(a) / sigma, the others
    are multiplied by cosh(a).
    """
    from statsmodels.discrete.discrete_model import Probit

    first = solve(pair.second.scaled, pair.values, 0)
    rss = float(first.residuals @ first.residuals)
    sigma = np.sqrt(rss / len(outcome))
    _require_moved(pair, sigma, estimator)
    columns = np.column_stack([pair.first.scaled, first.residuals / sigma])
    probit = require_maximum(
        maximise(likelihood_of(Probit(outcome, columns)), np.zeros(columns.shape[1])),
        ["", *pair.first.terms[1:], f"residual of {pair.endogenous}"], estimator,
        lambda: one_sided(columns, outcome == 0.0, outcome == 1.0),
    )  # fmt: skip
    athrho = float(np.arcsinh(probit.estimate[-1]))
    structural = probit.estimate[:-1] / np.cosh(athrho)
    start = np.concatenate([structural, first.estimate, [athrho, np.log(sigma)]])
    return start, _strength(pair, rss)


def _require_moved(pair: Pair, sigma: float, estimator: str) -> None:
    """Refuse instruments that explain the endogenous term wholly: no residual is left."""
    if sigma < 1e-8:
        raise needs(
            estimator, f"instruments that do not determine {pair.endogenous} wholly",
            f"未完全决定 {pair.endogenous} 的工具变量",
        )  # fmt: skip


def _strength(pair: Pair, rss: float) -> float:
    """Return the first stage's F of the instruments (homoskedastic)."""
    q, df = len(pair.instruments), len(pair.values) - len(pair.second.terms)
    rest = solve(pair.second.columns[:, :-q], pair.values, 0).residuals
    return float((rest @ rest - rss) / q / (rss / df))


# --- the likelihood ---------------------------------------------------------------------------


def _likelihood(outcome: Array, pair: Pair) -> Likelihood:
    from scipy.special import log_ndtr

    q, ones = 2.0 * outcome - 1.0, np.ones((len(outcome), 1))

    def value(indices: list[Array]) -> Array:
        residual, inside = _inside(indices, pair.values)
        normal = -indices[3] - 0.5 * residual**2 - 0.5 * np.log(2.0 * np.pi)
        return log_ndtr(q * inside) + normal

    designs = [pair.first.scaled, pair.second.scaled, ones, ones]
    athrho = designs[0].shape[1] + designs[1].shape[1]
    return of_indices(value, lambda i: _derivatives(i, q, pair.values), designs, athrho)


def _inside(indices: list[Array], values: Array) -> tuple[Array, Array]:
    """Return e = (w - z'p) / sigma and m cosh a + e sinh a, the probit's index given w."""
    residual = (values - indices[1]) * np.exp(-indices[3])
    return residual, indices[0] * np.cosh(indices[2]) + residual * np.sinh(indices[2])


def _derivatives(indices: list[Array], q: Array, values: Array) -> tuple[Array, Array]:
    """Return gradient (n, 4) and Hessian (n, 4, 4) by x'b + g w, z'p, athrho and ln sigma."""
    from scipy.special import log_ndtr

    cosh, sinh, per_sigma = np.cosh(indices[2]), np.sinh(indices[2]), np.exp(-indices[3])
    e, index = _inside(indices, values)
    slope = q * np.exp(-0.5 * index**2 - 0.5 * np.log(2.0 * np.pi) - log_ndtr(q * index))
    nothing, turn = np.zeros_like(e), indices[0] * sinh + e * cosh
    by_e = np.column_stack([nothing, -per_sigma, nothing, -e])
    by_index = np.column_stack([cosh, -sinh * per_sigma, turn, -sinh * e])
    bends = (
        -(slope * (index + slope))[:, None, None] * by_index[:, :, None] * by_index[:, None, :]
        - by_e[:, :, None] * by_e[:, None, :]
    )
    # second derivatives of the index times its slope, less e times those of e
    second = {
        (0, 2): slope * sinh,
        (1, 2): -slope * cosh * per_sigma,
        (2, 2): slope * index,
        (1, 3): (slope * sinh - e) * per_sigma,
        (2, 3): -slope * cosh * e,
        (3, 3): (slope * sinh - e) * e,
    }
    for (i, j), term in second.items():
        bends[:, i, j] += term
        if i != j:
            bends[:, j, i] += term
    gradient = slope[:, None] * by_index - e[:, None] * by_e
    gradient[:, 3] -= 1.0
    return gradient, bends


# --- back in the units of the data ------------------------------------------------------------


def _unscaled(found: Maximum, pair: Pair, middle: float, spread: float) -> Maximum:
    """Return the maximum for the columns and the endogenous term as they are."""
    jacobian = block_diag(pair.first.back, spread * pair.second.back, np.eye(2))
    estimate = jacobian @ found.estimate
    estimate[len(pair.first.terms)] += middle
    estimate[-1] += np.log(spread)
    value = found.log_likelihood - len(pair.values) * np.log(spread)
    return replace(mapped(found, jacobian, estimate), log_likelihood=value)


def _effects(
    sample: Sample, equation: Equation, pair: Pair, best: Maximum
) -> tuple[tuple[Derived, ...], tuple[str, ...]]:
    from analysis.effects.estimators.probit import normal

    def curve(index: Array) -> Curve:
        none = np.zeros((len(index), len(best.estimate) - len(pair.first.terms)))
        return normal(index)._replace(tail=none, slope_tail=none)

    structural = replace(sample, regressors=pair.regressors)
    b = best.estimate[: len(pair.first.terms)]
    return average_effects(structural, equation, pair.first.terms, pair.first.columns, b, curve)
