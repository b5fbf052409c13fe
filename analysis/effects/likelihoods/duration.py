"""Durations that may be cut off: log t = x'b + sigma e, by maximum likelihood.

log L = sum d (f(z) - log sigma) + (1 - d) S(z), z = (log t - x'b) / sigma; f and S are the log
density and log survivor function of e, d is 1 where the end was seen. In (b / sigma, 1 / sigma)
this is concave for the laws below, so Newton's method finds the one optimum (Kalbfleisch and
Prentice 2002, sec. 3.3 and 3.6; Greene 2012, sec. 19.4).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analysis.effects.expressions import unknown
from analysis.effects.fit import Derived, Fit
from analysis.effects.linear_models.least_squares import CONSTANT, solve
from analysis.effects.linear_models.linear import require_variation
from analysis.effects.refusals import needs
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.messages import UserError

Array = NDArray[np.float64]
Curve = Callable[[Array], tuple[Array, Array, Array]]
OPTION_COLUMNS = ("event",)
LOG_SIGMA = "log_sigma"
STEPS, HALVINGS, TIGHT = 200, 50, 1e-9
# information a row about a scaled coefficient under which the optimum lies at infinity
FLAT = 1e-8


class Law(NamedTuple):
    """Log density and log survivor function of e, each with two derivatives; sigma free or 1."""

    density: Curve
    survivor: Curve
    free_scale: bool = True


def _gumbel_density(z: Array) -> tuple[Array, Array, Array]:
    grown = np.exp(z)
    return z - grown, 1.0 - grown, -grown


def _gumbel_survivor(z: Array) -> tuple[Array, Array, Array]:
    return (-np.exp(z),) * 3


def _logistic_density(z: Array) -> tuple[Array, Array, Array]:
    share = special.expit(z)
    return z - 2.0 * np.logaddexp(0.0, z), 1.0 - 2.0 * share, -2.0 * share * (1.0 - share)


def _logistic_survivor(z: Array) -> tuple[Array, Array, Array]:
    share = special.expit(z)
    return -np.logaddexp(0.0, z), -share, -share * (1.0 - share)


def _normal_density(z: Array) -> tuple[Array, Array, Array]:
    return -0.5 * z * z - 0.5 * np.log(2.0 * np.pi), -z, -np.ones_like(z)


def _normal_survivor(z: Array) -> tuple[Array, Array, Array]:
    value = special.log_ndtr(-z)
    hazard = np.exp(_normal_density(z)[0] - value)
    return value, -hazard, -hazard * (hazard - z)


EXPONENTIAL = Law(_gumbel_density, _gumbel_survivor, free_scale=False)
WEIBULL = Law(_gumbel_density, _gumbel_survivor)
LOG_LOGISTIC = Law(_logistic_density, _logistic_survivor)
LOG_NORMAL = Law(_normal_density, _normal_survivor)


@dataclass(frozen=True)
class Problem:
    """Log durations (n,), ends seen (n,), weights (n,), and scaled columns, a constant first.

    ``back`` (k, k) takes coefficients of the scaled columns to those of the columns as they are.
    """

    law: Law
    y: Array
    seen: Array
    weights: Array
    x: Array
    back: Array
    terms: tuple[str, ...]
    dropped: tuple[str, ...]


def fit_duration(sample: Sample, equation: Equation, law: Law) -> Fit:
    """Fit it: b, then log sigma where it is free; beside them sigma and p = 1 / sigma.

    Without covariates also lambda = exp(-const), so that z = p log(lambda t) as Greene writes it.
    Standard errors from the inverse observed Hessian, z statistics. ``log_likelihood`` is that of
    log durations, ``log_likelihood_durations`` that of durations (less the sum of log t seen).

    Raises
    ------
    UserError
        If a duration is not above zero, event is not 0/1, no end is seen, effects are to be
        absorbed, an option is unknown, or the likelihood has no maximum.
    """
    _require_asked(sample, equation)
    problem = _problem(sample, equation, law)
    coefficients, sigma = _optimum(problem, equation)
    value, scores, hessian = _natural(problem, coefficients, sigma)
    k, free = len(problem.terms), int(law.free_scale)
    back = np.eye(k + free)
    back[:k, :k] = problem.back
    kept = slice(0, k + free)
    bread = back @ np.linalg.inv(-hessian[kept, kept]) @ back.T
    estimate = np.append(problem.back @ coefficients, np.log(sigma))[kept]
    return Fit(
        terms=(*problem.terms, LOG_SIGMA)[kept],
        estimate=estimate,
        bread=bread,
        scores=np.asarray(np.linalg.solve(back.T, scores[:, kept].T).T, dtype=np.float64),
        classical=bread,
        df_resid=len(problem.y) - k - free,
        distribution="normal",
        derived=_derived(estimate, k, law),
        dropped=problem.dropped,
        extras=_extras(problem, value),
    )


def _require_asked(sample: Sample, equation: Equation) -> None:
    for key in equation.options:
        if key not in OPTION_COLUMNS:
            raise unknown("option", key, list(OPTION_COLUMNS))
    if sample.absorbed.shape[1]:
        raise needs(equation, "controls in place of absorb", "以控制变量代替 absorb")
    if not (sample.outcome > 0).all():
        raise needs(equation, "durations above zero", "大于零的持续时间")
    seen = _seen(sample)
    if not set(np.unique(seen)) <= {0.0, 1.0}:
        raise needs(equation, "an event of 0 and 1", "取值为 0 或 1 的 event")
    if not seen.any():
        raise needs(
            equation.estimator, "durations whose end was seen (event = 1)", "至少一个已结束的持续期"
        )
    if sample.weights is not None and (sample.weights <= 0).any():
        raise needs(equation, "weights above zero", "大于零的权数")
    require_variation(sample)


def _seen(sample: Sample) -> Array:
    if "event" in sample.others:
        return sample.others["event"].to_numpy(float)
    return np.ones(sample.n_obs)


def _problem(sample: Sample, equation: Equation, law: Law) -> Problem:
    y, labels = np.log(sample.outcome), [CONSTANT, *sample.regressors]
    columns = np.column_stack([np.ones(len(y)), sample.regressors.to_numpy(float)])
    solution = solve(columns, y, 0)
    kept = list(solution.kept)
    if len(y) <= len(kept) + 1:
        raise UserError("too_few_rows", equation=equation.id, n=len(y), k=len(kept) + 1)
    if law.free_scale and np.ptp(solution.residuals) <= 1e-10 * (1.0 + np.abs(y).max()):
        what = "durations that the terms do not fit exactly"
        raise needs(equation, what, "不能被变量完全拟合的持续时间")
    x = columns[:, kept]
    centre, size = x.mean(axis=0), x.std(axis=0)
    centre[0], size[0] = 0.0, 1.0
    back = np.diag(1.0 / size)
    back[0, 1:] = -centre[1:] / size[1:]
    return Problem(
        law=law,
        y=y,
        seen=_seen(sample),
        weights=np.ones(len(y)) if sample.weights is None else sample.weights,
        x=(x - centre) / size,
        back=back,
        terms=tuple(labels[j] for j in kept),
        dropped=tuple(label for j, label in enumerate(labels) if j not in kept),
    )


def _slopes(problem: Problem, z: Array) -> tuple[Array, Array, Array]:
    """Return each row's f or S at z, with two derivatives, weighted."""
    pairs = zip(problem.law.density(z), problem.law.survivor(z), strict=True)
    value, first, second = (np.where(problem.seen > 0, one, other) for one, other in pairs)
    w = problem.weights
    return w * value, w * first, w * second


def _optimum(problem: Problem, equation: Equation) -> tuple[Array, float]:
    """Return b of the scaled columns and sigma: Newton's method in (b / sigma, 1 / sigma)."""
    spread = float(problem.y.std()) if problem.law.free_scale else 1.0
    middle, seen = float(problem.y.mean()), float((problem.weights * problem.seen).sum())
    y = (problem.y - middle) / (spread or 1.0)
    design = np.column_stack([-problem.x, y])
    free = design.shape[1] - int(not problem.law.free_scale)
    at = np.append(np.zeros(free), 1.0)[: design.shape[1]]
    at[-1] = 1.0

    def climb(point: Array) -> tuple[float, Array, Array]:
        value, first, second = _slopes(problem, design @ point)
        gradient, hessian = design.T @ first, design.T @ (design * second[:, None])
        gradient[-1] += seen / point[-1]
        hessian[-1, -1] -= seen / point[-1] ** 2
        total = float(value.sum()) + seen * float(np.log(point[-1]))
        return total, gradient[:free], hessian[:free, :free]

    with np.errstate(over="ignore", invalid="ignore"):
        at = _newton(climb, at, free, float(problem.weights.sum()), equation)
    sigma = (spread or 1.0) / float(at[-1])
    coefficients = sigma * at[: problem.x.shape[1]]
    coefficients[0] += middle
    return coefficients, sigma


def _newton(
    climb: Callable[[Array], tuple[float, Array, Array]],
    at: Array,
    free: int,
    rows: float,
    equation: Equation,
) -> Array:
    """Climb until the next step is under TIGHT standard errors; the last entry stays positive."""
    value, gradient, hessian = climb(at)
    for _ in range(STEPS):
        if np.linalg.eigvalsh(-hessian)[0] < FLAT * rows:
            break
        step = np.append(np.linalg.solve(-hessian, gradient), np.zeros(len(at) - free))
        if float(step[:free] @ gradient) < TIGHT**2:
            return at + step
        for _ in range(HALVINGS):
            if at[-1] + step[-1] > 0:
                ahead = climb(at + step)
                if ahead[0] >= value - 1e-12 * (1.0 + abs(value)):
                    break
            step = step / 2.0
        at = at + step
        value, gradient, hessian = climb(at)
    what = "a likelihood with a maximum (is a group's end never seen?)"
    raise needs(equation, what, "有最大值的似然函数（是否有某组从未结束？）")


def _natural(problem: Problem, b: Array, sigma: float) -> tuple[float, Array, Array]:
    """Return log L, (n, k + 1) scores and the Hessian in (b, log sigma), columns scaled."""
    z, x = (problem.y - problem.x @ b) / sigma, problem.x / sigma
    value, first, second = _slopes(problem, z)
    ended = problem.weights * problem.seen
    slopes = np.column_stack([-x, -z])
    scores = slopes * first[:, None]
    scores[:, -1] -= ended
    hessian = slopes.T @ (slopes * second[:, None])
    hessian[:-1, -1] += x.T @ first
    hessian[-1, :-1] += x.T @ first
    hessian[-1, -1] += z @ first
    return float(value.sum() - ended.sum() * np.log(sigma)), scores, hessian


def _derived(estimate: Array, k: int, law: Law) -> tuple[Derived, ...]:
    """Return sigma, p and, without covariates, lambda, each with its gradient."""

    def row(term: str, value: float, position: int, sign: float) -> Derived:
        gradient = np.zeros(len(estimate))
        gradient[position] = sign * value
        return Derived(term, value, gradient, quantity="coefficient", component="transformed")

    rows = []
    if law.free_scale:
        rows.append(row("sigma", float(np.exp(estimate[-1])), k, 1.0))
        rows.append(row("p", float(np.exp(-estimate[-1])), k, -1.0))
    if k == 1:
        rows.append(row("lambda", float(np.exp(-estimate[0])), 0, -1.0))
    return tuple(rows)


def _extras(problem: Problem, value: float) -> dict[str, Any]:
    jacobian = float((problem.weights * problem.seen) @ problem.y)
    ended = int(problem.seen.sum())
    return {
        "log_likelihood": value,
        "log_likelihood_durations": value - jacobian,
        "ended": ended,
        "censored": len(problem.y) - ended,
    }
