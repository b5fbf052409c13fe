"""The second step: least squares with the correction term, and errors that know of the first.

y = x'b + lambda w + e on the rows where y is seen, w the first step's generalised residual, lambda
= rho sigma the covariance of both errors (Heckman 1979, Econometrica 47: 153-161; Maddala 1983,
Limited-Dependent and Qualitative Variables in Econometrics, sections 8.2, 8.6 and 9.4).

- classical, X* = (X, w): A [sigma^2 X*'(I - rho^2 D) X* + lambda^2 X*'D Z V_g Z'D X*] A, A =
  (X*'X*)^-1, D = diag(delta), sigma^2 = (e'e + lambda^2 sum delta) / m of m rows, V_g the probit's.
- robust and clustered: influence functions A (x*_i e_i + lambda X*'D Z f_g,i), of both steps as
  stacked moments. The derivative of x* itself is multiplied by e and left out: its mean is zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.effects.fit import Fit
from analysis.effects.inference.influence import fit_of_influence, second_step
from analysis.effects.linear_models.least_squares import solve
from analysis.effects.refusals import needs
from analysis.effects.selection.first_step import SELECTION, FirstStep

Array = NDArray[np.float64]
LAMBDA, SIGMA, RHO, TRANSFORMED = "lambda", "sigma", "rho", "transformed"
# residuals smaller than this share of the outcome are rounding errors
EXACT = 1e-13


@dataclass(frozen=True)
class SecondStep:
    """One outcome equation of k terms and lambda, seen on m of the first step's n rows.

    Attributes
    ----------
    terms, estimate
        k + 1 names and coefficients, ``lambda`` last.
    pure
        (k + 1, k + 1) classical covariance were the first step known.
    through
        (k + 1, l) derivative of the estimates by the first step's parameters.
    influence
        (n, k + 3): of the estimates, sigma and rho.
    """

    terms: tuple[str, ...]
    estimate: Array
    sigma: float
    rho: float
    pure: Array
    through: Array
    influence: Array


def fit_second_step(
    outcome: Array,
    terms: Sequence[str],
    columns: Array,
    first: FirstStep,
    rows: NDArray[np.bool_],
    estimator: str,
) -> SecondStep:
    """Regress (m,) ``outcome`` on (m, k) ``columns``, a constant first, and the correction term.

    Parameters
    ----------
    rows
        (n,) which m of the first step's rows the outcome is of.

    Raises
    ------
    UserError
        If there are no more rows than coefficients, the correction term does not vary apart from
        the columns, or they explain the outcome fully.
    """
    design = np.column_stack([columns, first.correction[rows]])
    _require_rows(design, estimator)
    solution = solve(design, outcome, 0)
    if len(solution.kept) < design.shape[1]:
        raise needs(
            estimator, "selection terms that move the Mills ratio apart from the regressors",
            "能使逆米尔斯比率不与回归变量共线的选择方程变量",
        )  # fmt: skip
    if not _size(solution.residuals) > EXACT * _size(outcome):
        raise needs(
            estimator, "an outcome that varies beyond its regressors (they explain it fully)",
            "不被回归变量完全解释的因变量",
        )  # fmt: skip
    return _corrected(
        (*terms, LAMBDA), design, solution.estimate, solution.residuals, solution.bread, first, rows
    )


def _require_rows(design: Array, estimator: str) -> None:
    m, k = design.shape
    if m <= k:
        raise needs(
            estimator, f"more than {k} rows with an outcome in every equation (found {m})",
            f"每个结果方程多于 {k} 个有因变量的观测（现有 {m} 个）",
        )  # fmt: skip


def _size(values: Array) -> float:
    return float(np.sqrt((values**2).mean()))


def _corrected(
    terms: tuple[str, ...], design: Array, estimate: Array, residuals: Array, bread: Array,
    first: FirstStep, rows: NDArray[np.bool_],
) -> SecondStep:  # fmt: skip
    slope, delta, z = float(estimate[-1]), first.delta[rows], first.columns[rows]
    variance = float((residuals @ residuals + slope**2 * delta.sum()) / len(residuals))
    sigma = float(np.sqrt(variance))
    rho = slope / sigma
    cross = slope * design.T @ (delta[:, None] * z)
    # a rho beyond one would leave rows a negative variance
    share = min(rho**2, 1.0)
    middle = variance * design.T @ ((1.0 - share * delta)[:, None] * design)
    scores = _spread(design * residuals[:, None], rows)
    influence = second_step(bread, scores, cross, first.influence)
    return SecondStep(
        terms, estimate, sigma, rho, bread @ middle @ bread, bread @ cross,
        np.column_stack([
            influence,
            *_of_sigma_and_rho(residuals, slope, sigma, influence[:, -1], first, rows),
        ]),
    )  # fmt: skip


def _spread(values: Array, rows: NDArray[np.bool_]) -> Array:
    """Return (n, ...) values that are zero where ``rows`` is false."""
    whole = np.zeros((len(rows), *values.shape[1:]))
    whole[rows] = values
    return whole


def _of_sigma_and_rho(
    residuals: Array, slope: float, sigma: float, of_slope: Array,
    first: FirstStep, rows: NDArray[np.bool_],
) -> tuple[Array, Array]:  # fmt: skip
    """Return the (n,) influence functions of sigma and rho = lambda / sigma.

    sigma^2 is the mean of e^2 + lambda^2 delta; de / dg = lambda delta z and d delta / dz'g = w -
    delta (2 w + z'g).
    """
    w, delta, index = first.correction[rows], first.delta[rows], first.index[rows]
    own = residuals**2 + slope**2 * delta - sigma**2
    bend = w - delta * (2.0 * w + index)
    by_first = (slope**2 * bend + 2.0 * residuals * slope * delta) @ first.columns[rows]
    total = _spread(own, rows) + first.influence @ by_first + 2.0 * slope * delta.sum() * of_slope
    of_sigma = total / len(residuals) / (2.0 * sigma)
    return of_sigma, of_slope / sigma - slope / sigma**2 * of_sigma


# --- both steps as one fit --------------------------------------------------------------------


def fit_two_step(
    seconds: Sequence[SecondStep], labels: Sequence[str], first: FirstStep, **more: Any
) -> Fit:
    """Return the Fit of both steps: each outcome equation, the selection equation, sigma and rho.

    ``labels`` (component of each outcome equation). Under ``classical``, too, sigma and rho have
    the errors of their influence functions: Heckman gives none.
    """
    terms = [term for second in seconds for term in second.terms]
    ends = [(name, label) for label in labels for name in (SIGMA, RHO)]
    influence = np.column_stack([
        *(second.influence[:, :-2] for second in seconds), first.influence,
        *(second.influence[:, -2:] for second in seconds),
    ])  # fmt: skip
    estimate = [*(second.estimate for second in seconds), first.estimate]
    return fit_of_influence(
        [*terms, *first.terms, *(name for name, _ in ends)],
        np.concatenate([*estimate, [v for s in seconds for v in (s.sigma, s.rho)]]),
        influence,
        classical=_classical(seconds, first, influence),
        components=(
            *(label for second, label in zip(seconds, labels, strict=True) for _ in second.terms),
            *(SELECTION for _ in first.terms),
            *(transformed(label) for _, label in ends),
        ),
        **more,
    )


def transformed(label: str) -> str:
    """Return the component of sigma and rho of the outcome equation ``label``."""
    return f"{TRANSFORMED}: {label}" if label else TRANSFORMED


def _classical(seconds: Sequence[SecondStep], first: FirstStep, influence: Array) -> Array:
    """Return the model's covariance of all coefficients, equations joined by the first step."""
    through = np.vstack([*(second.through for second in seconds), np.eye(len(first.estimate))])
    whole = np.asarray(influence.T @ influence, dtype=float)
    k = len(through)
    whole[:k, :k] = through @ first.bread @ through.T
    start = 0
    for second in seconds:
        stop = start + len(second.estimate)
        whole[start:stop, start:stop] += second.pure
        start = stop
    return whole


def rho_notes(seconds: Sequence[SecondStep]) -> tuple[str, ...]:
    """Return the note that a two-step rho outside [-1, 1] needs."""
    if all(abs(second.rho) <= 1.0 for second in seconds):
        return ()
    return ("the two-step rho is outside [-1, 1]: taken as 1 in the classical covariance",)
