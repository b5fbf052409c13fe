"""Maximum likelihood: a scaled design, Newton's method to a tight optimum, perfect prediction.

A model gives three functions of its parameters (log likelihood, row scores, Hessian), most of them
statsmodels' own. The rest is the same for every model: columns are centred and scaled, Newton's
method climbs until the next step is below 1e-10 standard errors, and results are mapped back.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.effects.fit import Derived, Fit
from analysis.effects.likelihoods.perfect_prediction import Recession, separating
from analysis.effects.linear_models.least_squares import CONSTANT, solve
from analysis.effects.linear_models.linear import require_variation
from analysis.effects.refusals import needs
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.messages import UserError

Array = NDArray[np.float64]
STEPS, HALVINGS = 100, 40
# the length of the next Newton step, in standard errors: aimed at, and accepted at worst
TIGHT, ACCEPTED = 1e-10, 1e-8
# information a row, in a direction of scaled parameters, below which perfect prediction is tested
FLAT = 1e-7


class Likelihood(NamedTuple):
    """A log likelihood: its sum, its (n, k) row scores and (k, k) Hessian at (k,) parameters."""

    loglike: Callable[[Array], float]
    scores: Callable[[Array], Array]
    hessian: Callable[[Array], Array]


@dataclass(frozen=True)
class Design:
    """Independent columns: (n, k) as they are and scaled, a constant first if there is one.

    ``back`` (k, k) takes coefficients of the scaled columns to those of the columns as they are.
    """

    terms: tuple[str, ...]
    columns: Array
    scaled: Array
    back: Array
    dropped: tuple[str, ...]


@dataclass(frozen=True)
class Maximum:
    """Where a likelihood is largest: (k,) estimate, (n, k) scores, (k, k) bread."""

    estimate: Array
    scores: Array
    bread: Array
    log_likelihood: float
    converged: bool
    flat: bool


# --- what goes in -----------------------------------------------------------------------------


def require_zero_one(outcome: Array, estimator: str) -> None:
    """Refuse an outcome that is not both 0 and 1.

    Raises
    ------
    UserError
        If it has another value, or one of the two only.
    """
    if set(np.unique(outcome)) != {0.0, 1.0}:
        raise needs(estimator, "an outcome of 0 and 1, both present", "取值为 0 与 1 的因变量")


def design_of(sample: Sample, equation: Equation) -> Design:
    """Return the equation's design, a constant first; collinear columns are set aside.

    Raises
    ------
    UserError
        If a treatment never varies or there are no more rows than columns.
    """
    require_variation(sample)
    names = [CONSTANT, *sample.regressors]
    full = np.column_stack([np.ones(sample.n_obs), sample.regressors.to_numpy(float)])
    kept = list(solve(full, sample.outcome, 0).kept)
    if sample.n_obs <= len(kept):
        raise UserError("too_few_rows", equation=equation.id, n=sample.n_obs, k=len(kept))
    scaled, back = scaled_columns(full[:, kept])
    dropped = tuple(name for j, name in enumerate(names) if j not in kept)
    return Design(tuple(names[j] for j in kept), full[:, kept], scaled, back, dropped)


def scaled_columns(columns: Array) -> tuple[Array, Array]:
    """Centre and scale all but the first column, a constant: b_j = g_j / s_j, b_0 = g_0 - m'b."""
    centre, scale = columns[:, 1:].mean(axis=0), columns[:, 1:].std(axis=0)
    back = np.diag(np.concatenate([[1.0], 1.0 / scale]))
    back[0, 1:] = -centre / scale
    return np.column_stack([columns[:, 0], (columns[:, 1:] - centre) / scale]), back


def likelihood_of(model: Any) -> Likelihood:
    """Return the functions of a statsmodels model."""
    return Likelihood(model.loglike, model.score_obs, model.hessian)


# --- the maximum ------------------------------------------------------------------------------


def maximise(likelihood: Likelihood, start: Array) -> Maximum:
    """Return the maximum by Newton's method, steps halved while the likelihood falls.

    The stopping rule is the Newton decrement sqrt(g'(-H)^-1 g), the length of the step in standard
    errors (Boyd and Vandenberghe 2004, Convex Optimization, section 9.5), free of units.
    """
    theta, size = np.asarray(start, dtype=float), np.inf
    with np.errstate(all="ignore"):
        value = likelihood.loglike(theta)
        for _ in range(STEPS):
            gradient, information = likelihood.scores(theta).sum(axis=0), -likelihood.hessian(theta)
            step = _ascent(information, gradient)
            size = float(np.sqrt(abs(gradient @ step)))
            reached = _climb(likelihood, theta, value, step)
            if size <= TIGHT or reached is None:
                break
            theta, value = reached
        return _maximum(likelihood, theta, size)


def _ascent(information: Array, gradient: Array) -> Array:
    """Return the Newton step; where the likelihood is not concave, one that still goes up."""
    if not (np.isfinite(information).all() and np.isfinite(gradient).all()):
        return np.zeros_like(gradient)
    values, vectors = np.linalg.eigh(information)
    values = np.maximum(np.abs(values), 1e-14 * max(np.abs(values).max(), 1e-300))
    return vectors @ ((vectors.T @ gradient) / values)


def _climb(
    likelihood: Likelihood, theta: Array, value: float, step: Array
) -> tuple[Array, float] | None:
    slack = 1e-12 * (1.0 + abs(value))
    for halving in range(HALVINGS):
        there = theta + step * 0.5**halving
        found = likelihood.loglike(there)
        if np.isfinite(found) and found >= value - slack:
            return there, found
    return None


def _maximum(likelihood: Likelihood, theta: Array, size: float) -> Maximum:
    scores, information = likelihood.scores(theta), -likelihood.hessian(theta)
    information = (information + information.T) / 2.0
    finite = bool(np.isfinite(information).all() and np.isfinite(scores).all())
    least = float(np.linalg.eigvalsh(information)[0]) if finite and len(theta) else np.inf
    flat = not finite or least <= FLAT * len(scores)
    usable = finite and least > 0.0
    bread: Array = np.full_like(information, np.nan)
    if usable:
        bread = np.asarray(np.linalg.inv(information), dtype=float)
    value = float(likelihood.loglike(theta))
    return Maximum(theta, scores, bread, value, usable and size <= ACCEPTED, flat)


def require_maximum(
    maximum: Maximum, names: Sequence[str], estimator: str, recession: Callable[[], Recession]
) -> Maximum:
    """Return the maximum if it is one.

    Parameters
    ----------
    names
        Names of the first parameters; those with an empty or no name are never blamed.

    Raises
    ------
    UserError
        If terms predict the outcome of some rows perfectly (they are named), or Newton's method
        did not converge.
    """
    if maximum.flat or not maximum.converged:
        blamed, rows = separating(recession(), names)
        if rows:
            raise _perfect_prediction(estimator, blamed, rows)
    if not maximum.converged:
        raise needs(
            estimator,
            "a likelihood with one maximum (Newton's method did not converge; simplify the terms)",
            "有极大值的似然函数（牛顿法未收敛；请简化模型）",
        )
    return maximum


def _perfect_prediction(estimator: str, blamed: Sequence[str], rows: int) -> UserError:
    terms = ", ".join(blamed) or CONSTANT
    return needs(
        estimator,
        f"outcomes that no term settles: {terms} predicts the outcome of {rows} rows perfectly "
        "(leave out the term or those rows)",
        f"未被完全预测的因变量：{terms} 完全预测了 {rows} 个观测（请去掉该变量或这些观测）",
    )


# --- what comes out ---------------------------------------------------------------------------


def mapped(maximum: Maximum, jacobian: Array, estimate: Array | None = None) -> Maximum:
    """Return the maximum in other parameters t(theta), ``jacobian`` (k, k) their derivative.

    Exact at a maximum, where the scores sum to zero: bread J A J', scores S J^-1. ``estimate`` is
    t(theta); without it t is linear.
    """
    return Maximum(
        estimate=jacobian @ maximum.estimate if estimate is None else estimate,
        scores=np.asarray(maximum.scores @ np.linalg.inv(jacobian), dtype=float),
        bread=jacobian @ maximum.bread @ jacobian.T,
        log_likelihood=maximum.log_likelihood,
        converged=maximum.converged,
        flat=maximum.flat,
    )


def bordered(back: Array, more: int) -> Array:
    """Return ``back`` with an identity for ``more`` parameters after the coefficients."""
    k = len(back)
    whole = np.eye(k + more)
    whole[:k, :k] = back
    return whole


def fit_of(
    maximum: Maximum,
    terms: Sequence[str],
    null_log_likelihood: float,
    *,
    dropped: tuple[str, ...] = (),
    derived: tuple[Derived, ...] = (),
    notes: tuple[str, ...] = (),
    extras: Mapping[str, Any] | None = None,
    fixed_effects: str = "",
) -> Fit:
    """Return the Fit of a maximum; classical = bread; McFadden's R2 1 - l / l_0 in extras."""
    value = maximum.log_likelihood
    about: dict[str, Any] = {"log_likelihood": value, "convergence": "reached"}
    if null_log_likelihood < 0.0:
        about["pseudo_r2"] = 1.0 - value / null_log_likelihood
    return Fit(
        terms=tuple(terms),
        estimate=maximum.estimate,
        bread=maximum.bread,
        scores=maximum.scores,
        classical=maximum.bread,
        df_resid=len(maximum.scores) - len(terms),
        distribution="normal",
        dropped=dropped,
        derived=derived,
        notes=notes,
        extras={**about, **(extras or {})},
        fixed_effects=fixed_effects,
    )
