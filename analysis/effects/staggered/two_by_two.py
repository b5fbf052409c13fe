"""One cohort, one control group, two periods: the effect on the treated and its influence.

Panel estimators of Sant'Anna and Zhao (2020, Journal of Econometrics 219: 101-122), section 2.2
and appendix A: outcome regression (Heckman, Ichimura and Todd 1997), inverse probability weighting
with weights that sum to one (Abadie 2005), and both together (their tau^dr,p: logit and least
squares). Covariates stand at the base period. Without covariates the three are one difference
of mean differences.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from analysis.effects.linear_models.least_squares import solve

Array = NDArray[np.float64]
METHODS = ("dr", "reg", "ipw")
# controls as sure as this to be treated are given no weight
CERTAIN = 0.995
STEPS, SETTLED = 50, 1e-10


class NotEstimableError(Exception):
    """The comparison cannot be made; the reason in English and Chinese."""


@dataclass(frozen=True)
class Comparison:
    """m entities of one comparison.

    change (m,) of the outcome, treated (m,) of 0 and 1, weight (m,), covariates (m, k) without
    constant.
    """

    change: Array
    treated: Array
    weight: Array
    covariates: Array


@dataclass(frozen=True)
class Part:
    """Fitted values (m,) of a nuisance regression, its design and the (m, k) influence of it."""

    fitted: Array
    design: Array
    influence: Array


def effect(two: Comparison, method: str) -> tuple[float, Array, int]:
    """Return the effect on the treated, its (m,) f_i with variance sum f_i^2, and controls trimmed.

    Raises
    ------
    NotEstimableError
        If the covariates are collinear among the controls, or predict the treated perfectly.
    """
    design = design_of(two.covariates)
    plain = design.shape[1] == 1
    controls = two.weight * (1.0 - two.treated)
    outcome = score = None
    if not plain and method in ("dr", "reg"):
        outcome = outcome_regression(two.change, design, controls)
    if not plain and method in ("dr", "ipw"):
        score = propensity(two.treated, design, two.weight)
    odds, trimmed = (np.ones(len(design)), 0) if score is None else odds_of(score, two.treated)
    return (*_difference(two, outcome, score, odds, method), trimmed)


def _difference(
    two: Comparison, outcome: Part | None, score: Part | None, odds: Array, method: str
) -> tuple[float, Array]:
    """Return mean of the treated less that of the controls, and the influence of both steps.

    The outcome regression averages its prediction over the treated; the others reweight controls.
    """
    on_treated = two.weight * two.treated
    on_controls = two.weight * (1.0 - two.treated) * odds
    rest = two.change - (outcome.fitted if outcome else 0.0)
    if outcome is not None and method == "reg":
        value, f = weighted_mean(rest, on_treated)
        return value, f - outcome.influence @ average(outcome.design, on_treated)
    treated, f = weighted_mean(rest, on_treated)
    control, h = weighted_mean(rest, on_controls)
    f = f - h
    if score is not None:
        slope = average((rest - control)[:, None] * score.design, on_controls)
        f = f - score.influence @ slope
    if outcome is not None:
        gap = average(outcome.design, on_treated) - average(outcome.design, on_controls)
        f = f - outcome.influence @ gap
    return treated - control, f


def weighted_mean(values: Array, weights: Array) -> tuple[float, Array]:
    """Return a weighted mean and its influence."""
    total = weights.sum()
    mean = float(weights @ values) / total
    return mean, weights * (values - mean) / total


def average(columns: Array, weights: Array) -> Array:
    """Return the (k,) weighted means of (m, k) columns."""
    return weights @ columns / weights.sum()


# --- nuisance regressions ---------------------------------------------------------------------


def design_of(covariates: Array) -> Array:
    """Return a constant and the covariates that vary, scaled, without those collinear."""
    ones = np.ones((len(covariates), 1))
    if covariates.shape[1] == 0:
        return ones
    spread = covariates.std(axis=0)
    scaled = (covariates - covariates.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    full = np.column_stack([ones, scaled])
    return full[:, list(solve(full, ones[:, 0], 0).kept)]


def outcome_regression(outcome: Array, design: Array, weight: Array) -> Part:
    """Fit the outcome by weighted least squares where the weight is above zero.

    Raises
    ------
    NotEstimableError
        If the design is collinear there, or there are no more rows than columns.
    """
    root = np.sqrt(weight)
    among = weight > 0.0
    found = solve(design[among] * root[among, None], outcome[among] * root[among])
    if len(found.kept) < design.shape[1] or among.sum() <= design.shape[1]:
        raise NotEstimableError(
            "covariates that are not collinear within a group", "在组内不共线的协变量"
        )
    fitted = design @ found.estimate
    scores = design * (weight * (outcome - fitted))[:, None]
    return Part(fitted, design, scores @ found.bread)


def propensity(treated: Array, design: Array, weight: Array) -> Part:
    """Fit the logit of being treated by Newton's method.

    Raises
    ------
    NotEstimableError
        If it has no maximum.
    """
    b = np.zeros(design.shape[1])
    for _ in range(STEPS):
        p = expit(design @ b)
        curvature = (design * (weight * p * (1.0 - p))[:, None]).T @ design
        if np.linalg.cond(curvature) > 1.0 / np.finfo(float).eps:
            break
        bread = np.linalg.inv(curvature)
        scores = design * (weight * (treated - p))[:, None]
        step = bread @ scores.sum(axis=0)
        if np.abs(step).max() < SETTLED:
            return Part(p, design, scores @ bread)
        b = b + step
    raise NotEstimableError(
        "covariates that do not predict the treated perfectly", "不能完全预测处理组的协变量"
    )


def odds_of(score: Part, treated: Array) -> tuple[Array, int]:
    """Return (m,) odds of being treated, 0 for controls sure to be, and how many those are."""
    trimmed = (treated == 0.0) & (score.fitted >= CERTAIN)
    odds = score.fitted / (1.0 - np.minimum(score.fitted, 1.0 - 1e-6))
    return odds * ~trimmed, int(trimmed.sum())
