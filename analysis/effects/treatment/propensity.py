"""The propensity score P(d = 1 | x) = F(x'g), by logit or probit, and what its estimation adds.

Rosenbaum and Rubin 1983, Biometrika 70: 41-55.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_ndtr, ndtr

from analysis.effects.inference.influence import influence_of
from analysis.effects.likelihoods.likelihood import Likelihood, maximise
from analysis.effects.likelihoods.perfect_prediction import one_sided, separating
from analysis.effects.refusals import needs
from analysis.effects.study import Equation
from analysis.effects.treatment.arms import Arms, Columns, choice_of, columns_of

Array = NDArray[np.float64]
LOGIT, PROBIT = "logit", "probit"
MODELS = (LOGIT, PROBIT)
LOG_ROOT_2PI = 0.5 * np.log(2.0 * np.pi)


@dataclass(frozen=True)
class Score:
    """An estimated score.

    Attributes
    ----------
    columns
        (n, k) its scaled columns, a constant first; all else is in their parameters, which no
        product of column and parameter depends on.
    index, treated, untreated, slope
        (n,) x'g, F(x'g), 1 - F(x'g) and F'(x'g).
    influence
        (n, k) f_i of g; zeros where the score is taken as known.
    bread
        (k, k) inverse of minus the Hessian.
    """

    columns: Array
    terms: tuple[str, ...]
    dropped: tuple[str, ...]
    index: Array
    treated: Array
    untreated: Array
    slope: Array
    influence: Array
    bread: Array
    pseudo_r2: float


def score_of(arms: Arms, equation: Equation) -> Score:
    """Estimate the score; option ``score``: logit or probit.

    Raises
    ------
    UserError
        If there is nothing to estimate it from, or terms predict the treatment perfectly.
    """
    model = choice_of(equation, "score", MODELS)
    if arms.score_terms.shape[1] == 0:
        raise needs(
            equation, "controls, or the option propensity = [terms]", "控制变量或 propensity 选项"
        )
    columns = columns_of(arms.score_terms, arms.treated)
    likelihood = likelihood_of(model, columns.scaled, arms.treated, arms.weights)
    maximum = maximise(likelihood, np.zeros(len(columns.terms)))
    if maximum.flat or not maximum.converged:
        _require_not_perfect(arms, columns, equation)
    if not maximum.converged:
        raise needs(
            equation,
            f"a {model} of the treatment that converges (simplify its terms)",
            f"可收敛的处理变量 {model} 模型（请简化其变量）",
        )
    index = columns.scaled @ maximum.estimate
    none = _log_likelihood_of_share(arms.treated, arms.weights)
    return Score(
        columns.scaled, columns.terms, columns.dropped, index, *CURVES[model](index),
        influence=influence_of(maximum.bread, maximum.scores), bread=maximum.bread,
        pseudo_r2=1.0 - maximum.log_likelihood / none,
    )  # fmt: skip


def as_known(score: Score) -> Score:
    """Return the score as if it were not estimated."""
    return replace(score, influence=np.zeros_like(score.influence))


def pseudo_r2(columns: Array, treated: Array, weights: Array) -> float | None:
    """Return McFadden's R2 of a weighted logit of the treatment; None where it does not converge.

    ``columns`` (n, k) are scaled, a constant first.
    """
    weights = weights / weights.mean()
    maximum = maximise(likelihood_of(LOGIT, columns, treated, weights), np.zeros(columns.shape[1]))
    if not maximum.converged:
        return None
    return 1.0 - maximum.log_likelihood / _log_likelihood_of_share(treated, weights)


def likelihood_of(model: str, columns: Array, treated: Array, weights: Array) -> Likelihood:
    """Return the (weighted) likelihood of a logit or probit with (n, k) columns."""
    sign = 2.0 * treated - 1.0
    parts = PARTS[model]

    def loglike(g: Array) -> float:
        return float(weights @ parts(columns @ g, sign)[0])

    def scores(g: Array) -> Array:
        return columns * (weights * parts(columns @ g, sign)[1])[:, None]

    def hessian(g: Array) -> Array:
        return (columns * (weights * parts(columns @ g, sign)[2])[:, None]).T @ columns

    return Likelihood(loglike, scores, hessian)


def _logit(index: Array, sign: Array) -> tuple[Array, Array, Array]:
    """Return each row's log likelihood, first and second derivative by the index."""
    p = expit(index)
    return -np.logaddexp(0.0, -sign * index), (sign + 1.0) / 2.0 - p, -p * (1.0 - p)


def _probit(index: Array, sign: Array) -> tuple[Array, Array, Array]:
    value = log_ndtr(sign * index)
    ratio = sign * np.exp(-0.5 * index**2 - LOG_ROOT_2PI - value)
    return value, ratio, -ratio * (ratio + index)


def _logit_curve(index: Array) -> tuple[Array, Array, Array]:
    p, q = expit(index), expit(-index)
    return p, q, p * q


def _probit_curve(index: Array) -> tuple[Array, Array, Array]:
    return ndtr(index), ndtr(-index), np.exp(-0.5 * index**2 - LOG_ROOT_2PI)


PARTS: dict[str, Callable[[Array, Array], tuple[Array, Array, Array]]] = {
    LOGIT: _logit,
    PROBIT: _probit,
}
CURVES: dict[str, Callable[[Array], tuple[Array, Array, Array]]] = {
    LOGIT: _logit_curve,
    PROBIT: _probit_curve,
}


def _log_likelihood_of_share(treated: Array, weights: Array) -> float:
    total, ones = float(weights.sum()), float(weights @ treated)
    return ones * np.log(ones / total) + (total - ones) * np.log(1.0 - ones / total)


def _require_not_perfect(arms: Arms, columns: Columns, equation: Equation) -> None:
    recession = one_sided(columns.scaled, arms.inside(0), arms.inside(1))
    blamed, rows = separating(recession, ["", *columns.terms[1:]])
    if rows:
        terms = ", ".join(blamed)
        raise needs(
            equation,
            f"covariates that leave the treatment open: {terms} predicts {arms.treatment} of "
            f"{rows} rows perfectly (leave out the term or those rows)",
            f"不能完全决定处理状态的协变量：{terms} 完全预测了 {rows} 个观测的 {arms.treatment}"
            "（请去掉该变量或这些观测）",
        )
