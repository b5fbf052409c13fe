"""The effect on the treated from repeated cross-sections: four cells of rows, no row seen twice.

Sant'Anna and Zhao 2020, Journal of Econometrics 219: 101-122, section 2.3: outcome regression,
inverse probability weighting with weights that sum to one, and their locally efficient doubly
robust estimator (tau_2^dr,rc), with logit and least squares. f_i is the exact derivative of the
estimate by a row's weight. Cohort and covariates must have the
same distribution in both periods (their assumption 1b: no change in composition).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.staggered.two_by_two import (
    Part,
    average,
    design_of,
    odds_of,
    outcome_regression,
    propensity,
    weighted_mean,
)

Array = NDArray[np.float64]


@dataclass(frozen=True)
class FourCells:
    """m rows: outcome, treated and after of 0 and 1, weight, all (m,), covariates (m, k)."""

    outcome: Array
    treated: Array
    after: Array
    weight: Array
    covariates: Array

    def cell(self, treated: int, after: int) -> Array:
        """Return (m,) weights of one cell, 0 outside it."""
        inside = (self.treated == treated) & (self.after == after)
        return self.weight * inside


def effect_across(four: FourCells, method: str) -> tuple[float, Array, int]:
    """Return the effect on the treated, its (m,) f_i with variance sum f_i^2, controls trimmed.

    Raises
    ------
    NotEstimableError
        If the covariates are collinear within a cell, or predict the treated perfectly.
    """
    design = design_of(four.covariates)
    if design.shape[1] == 1:
        return (*_means(four, four.outcome, np.ones(len(design))), 0)
    if method == "reg":
        return (*_regression(four, design), 0)
    score = propensity(four.treated, design, four.weight)
    odds, trimmed = odds_of(score, four.treated)
    weighed = _weighting if method == "ipw" else _doubly_robust
    return (*weighed(four, design, score, odds), trimmed)


def _means(four: FourCells, values: Array, odds: Array) -> tuple[float, Array]:
    """Return the double difference of the cells' means, controls weighted by their odds."""
    signs = {(1, 1): 1.0, (1, 0): -1.0, (0, 1): -1.0, (0, 0): 1.0}
    total, f = 0.0, np.zeros(len(values))
    for (treated, after), sign in signs.items():
        weights = four.cell(treated, after) * (1.0 if treated else odds)
        mean, own = weighted_mean(values, weights)
        total, f = total + sign * mean, f + sign * own
    return total, f


def _regression(four: FourCells, design: Array) -> tuple[float, Array]:
    """Return the treated's change less the change that the controls' regressions predict."""
    before, after = _regressions(four, design, 0)
    predicted, f = weighted_mean(after.fitted - before.fitted, four.weight * four.treated)
    late, g = weighted_mean(four.outcome, four.cell(1, 1))
    early, h = weighted_mean(four.outcome, four.cell(1, 0))
    slope = average(design, four.weight * four.treated)
    f = g - h - f - (after.influence - before.influence) @ slope
    return late - early - predicted, f


def _weighting(four: FourCells, design: Array, score: Part, odds: Array) -> tuple[float, Array]:
    value, f = _means(four, four.outcome, odds)
    return value, f - score.influence @ _slope_of_odds(four, four.outcome, design, odds)


def _doubly_robust(four: FourCells, design: Array, score: Part, odds: Array) -> tuple[float, Array]:
    """Return tau_2: residuals weighted, plus the gap of regressions over all treated.

    Derivatives by the four regressions follow from the sum of all terms; those that cancel are
    left out.
    """
    before, after = _regressions(four, design, 0)
    own_before, own_after = _regressions(four, design, 1)
    rest = four.outcome - np.where(four.after == 1.0, after.fitted, before.fitted)
    value, f = _means(four, rest, odds)
    f = f - score.influence @ _slope_of_odds(four, rest, design, odds)
    whole, late, early = four.weight * four.treated, four.cell(1, 1), four.cell(1, 0)
    gap_after, gap_before = own_after.fitted - after.fitted, own_before.fitted - before.fitted
    terms = [(gap_after, whole, 1.0), (gap_after, late, -1.0), (gap_before, whole, -1.0),
             (gap_before, early, 1.0)]  # fmt: skip
    for values, weights, sign in terms:
        mean, own = weighted_mean(values, weights)
        value, f = value + sign * mean, f + sign * own
    mean_of = {name: average(design, weights) for name, weights in (
        ("treated", whole), ("late", late), ("early", early),
        ("control late", four.cell(0, 1) * odds), ("control early", four.cell(0, 0) * odds),
    )}  # fmt: skip
    f = f + after.influence @ (mean_of["control late"] - mean_of["treated"])
    f = f + before.influence @ (mean_of["treated"] - mean_of["control early"])
    f = f + own_after.influence @ (mean_of["treated"] - mean_of["late"])
    return value, f + own_before.influence @ (mean_of["early"] - mean_of["treated"])


def _regressions(four: FourCells, design: Array, treated: int) -> Sequence[Part]:
    """Return the regressions of one group before and after."""
    return [outcome_regression(four.outcome, design, four.cell(treated, after)) for after in (0, 1)]


def _slope_of_odds(four: FourCells, values: Array, design: Array, odds: Array) -> Array:
    """Return the derivative of the controls' change by the parameters of the logit."""
    slopes = []
    for after in (0, 1):
        weights = four.cell(0, after) * odds
        mean, _ = weighted_mean(values, weights)
        slopes.append(average((values - mean)[:, None] * design, weights))
    return np.asarray(slopes[1] - slopes[0])
