"""Models of the outcome within an arm: E(y | x) = m(x'b), b by weighted quasi-likelihood.

Canonical links only, so that sum v (y - m) = 0: what the double robustness of weighted regression
adjustment rests on (Wooldridge 2007, Journal of Econometrics 141: 1281-1301).
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr, solve_triangular
from scipy.special import expit

from analysis.effects.likelihoods.likelihood import Likelihood, maximise
from analysis.effects.refusals import needs
from analysis.effects.study import Equation

Array = NDArray[np.float64]
LINEAR, LOGIT, POISSON = "linear", "logit", "poisson"
MODELS = (LINEAR, LOGIT, POISSON)
# a column whose part outside those before it is smaller than this share of it counts as collinear
COLLINEAR = 1e-9


class Family(NamedTuple):
    """m(z), m'(z) and the cumulant B(z), B' = m, of a canonical family; z (n,)."""

    mean: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    cumulant: Callable[[Array], Array]


FAMILIES = {
    LINEAR: Family(lambda z: z, np.ones_like, lambda z: 0.5 * z**2),
    LOGIT: Family(expit, lambda z: expit(z) * expit(-z), lambda z: np.logaddexp(0.0, z)),
    POISSON: Family(np.exp, np.exp, np.exp),
}


class OutcomeModel(NamedTuple):
    """A fitted model: (n,) m(x'b) and m'(x'b) of every row, and the (k, k) bread of b."""

    fitted: Array
    slope: Array
    bread: Array


def require_range(outcome: Array, model: str, equation: Equation) -> None:
    """Refuse an outcome that a model's means cannot be of.

    Raises
    ------
    UserError
        If it is below zero for poisson, or outside [0, 1] for logit.
    """
    low, high = float(outcome.min()), float(outcome.max())
    if model == POISSON and low < 0.0:
        raise needs(equation, "an outcome of zero or more (poisson)", "非负的因变量（poisson）")
    if model == LOGIT and (low < 0.0 or high > 1.0):
        raise needs(equation, "an outcome from 0 to 1 (logit)", "0 至 1 之间的因变量（logit）")


def outcome_model(
    outcome: Array, columns: Array, weights: Array, model: str, terms: Sequence[str],
    equation: Equation, arm: str,
) -> OutcomeModel:  # fmt: skip
    """Fit the rows of positive weight, predict all.

    Parameters
    ----------
    outcome, columns, weights
        (n,), (n, k) scaled, (n,) zero outside the arm.
    terms, arm
        Names for a refusal.

    Raises
    ------
    UserError
        If columns are collinear within the arm, or Newton's method does not converge.
    """
    rows = weights > 0.0
    root = np.sqrt(weights[rows])
    x, y = columns[rows], outcome[rows]
    q, r = qr(x * root[:, None], mode="economic")
    _require_independent(x * root[:, None], r, terms, equation, arm)
    if model == LINEAR:
        beta = solve_triangular(r, q.T @ (y * root))
        half = solve_triangular(r, np.eye(len(r)))
        bread = half @ half.T
    else:
        beta, bread = _newton(y, x, weights[rows], model, equation, arm)
    index = columns @ beta
    family = FAMILIES[model]
    return OutcomeModel(family.mean(index), family.slope(index), bread)


def _newton(
    y: Array, x: Array, weights: Array, model: str, equation: Equation, arm: str
) -> tuple[Array, Array]:
    family, v = FAMILIES[model], weights / weights.mean()

    def loglike(b: Array) -> float:
        index = x @ b
        return float(v @ (y * index - family.cumulant(index)))

    def scores(b: Array) -> Array:
        return x * (v * (y - family.mean(x @ b)))[:, None]

    def hessian(b: Array) -> Array:
        return -(x * (v * family.slope(x @ b))[:, None]).T @ x

    maximum = maximise(Likelihood(loglike, scores, hessian), np.zeros(x.shape[1]))
    if not maximum.converged:
        raise needs(
            equation,
            f"a {model} of the outcome that converges in the rows with {arm} (simplify its terms)",
            f"在 {arm} 的观测中可收敛的 {model} 结果模型（请简化其变量）",
        )
    return maximum.estimate, maximum.bread / weights.mean()


def _require_independent(
    x: Array, r: Array, terms: Sequence[str], equation: Equation, arm: str
) -> None:
    k = x.shape[1]
    sizes = np.sqrt((x**2).sum(axis=0))
    left = np.zeros(k)
    left[: min(r.shape)] = np.abs(np.diag(r))
    blamed = [terms[j] for j in range(k) if left[j] <= COLLINEAR * max(sizes[j], 1e-300)]
    if blamed:
        names = ", ".join(blamed)
        raise needs(
            equation,
            f"covariates that vary independently within each arm: in the {len(x)} rows with {arm} "
            f"{names} adds nothing to the others (merge levels or leave it out)",
            f"在每组内相互独立变化的协变量：在 {arm} 的 {len(x)} 个观测中 {names} "
            "与其他变量共线（请合并类别或去掉）",
        )
