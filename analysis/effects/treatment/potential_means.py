r"""Means of potential outcomes: one formula for weighting, regression and both together.

With rows i of arm a, target weights t_i, T = sum t_i, weights w_i that make arm a look like the
target, a model m(x'b) of the outcome in arm a fitted with weights v_i, e_i = y_i - m_i:

    M_a = (1/T) sum_i (t_i m_i + w_i e_i)

- regression adjustment (g-formula): no w, v = 1;
- inverse probability weighting: m a constant and v = w (normalised, Hajek), or m = 0
  (Horvitz-Thompson);
- augmented: w and v = 1 (Robins, Rotnitzky and Zhao 1994, JASA 89: 846-866);
- weighted regression adjustment: v = w (Wooldridge 2010, section 21.3.4); entropy balancing too.

Errors are those of the whole system of estimating equations (Newey and McFadden 1994, section 6):
the influence of M_a holds that of b and of the score g,

    f_i = [t_i m_i + w_i e_i - t_i M_a + D_b' f_i(b) + D_g' f_i(g)] / T,
    D_b = sum (t_i - w_i) m'_i x_i,  D_g = sum (dw_i/dg) e_i.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.effects.inference.influence import influence_of, second_step
from analysis.effects.treatment.outcome_models import OutcomeModel

Array = NDArray[np.float64]


class Weights(NamedTuple):
    """(n,) weights of an arm, zero outside it, and their derivatives by the score's index."""

    values: Array
    slopes: Array


class Mean(NamedTuple):
    """The mean of a potential outcome and its (n,) f_i."""

    value: float
    influence: Array


class FirstStep(NamedTuple):
    """An estimated score: (n, k) columns and f_i of its parameters."""

    columns: Array
    influence: Array


def potential_mean(
    outcome: Array, target: Array, columns: Array, model: OutcomeModel | None, fitted_with: Weights,
    correction: Weights | None, first: FirstStep | None,
) -> Mean:  # fmt: skip
    """Return M_a.

    Parameters
    ----------
    outcome, target
        (n,) y and t.
    columns, model, fitted_with
        (n, k) x, the model of y in the arm (None: m = 0) and the weights v it was fitted with.
    correction
        w, None where there is none.
    first
        The score that weights depend on.
    """
    total = target.sum()
    m = np.zeros_like(outcome) if model is None else model.fitted
    rest = outcome - m
    terms = target * m
    if correction is not None:
        terms = terms + correction.values * rest
    value = float(terms.sum() / total)
    influence = terms - target * value
    if model is not None:
        moved = target - (0.0 if correction is None else correction.values)
        gradient = (moved * model.slope) @ columns
        influence = influence + _of_model(columns, model, fitted_with, rest, first) @ gradient
    if correction is not None and first is not None:
        gradient = (correction.slopes * rest) @ first.columns
        influence = influence + first.influence @ gradient
    return Mean(value, influence / total)


def _of_model(
    columns: Array, model: OutcomeModel, v: Weights, rest: Array, first: FirstStep | None
) -> Array:
    """Return (n, k) f_i(b): A (v_i e_i x_i + C f_i(g)), C = sum v'_i e_i x_i z_i'."""
    scores = columns * (v.values * rest)[:, None]
    if first is None or not v.slopes.any():
        return influence_of(model.bread, scores)
    cross = (columns * (v.slopes * rest)[:, None]).T @ first.columns
    return second_step(model.bread, scores, cross, first.influence)
