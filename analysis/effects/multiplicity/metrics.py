"""A treatment's effect on an outcome in three units, each with its influence function.

- control_sd: b / s0, s0 the standard deviation of the control group;
- share_of_base: b / m0, m0 the mean of the control group; exp(b) - 1 where y is a logarithm;
- superiority: the treatment's coefficient in the same regression of the placement F0(y), F0 the
  control group's distribution, ties counted half. Without controls it is P(Y1 > Y0) + P(Y1 = Y0)/2
  less one half (Mann and Whitney 1947; placements: Hanley and Hajian-Tilaki 1997, Academic
  Radiology 4: 49-58).

f_i is each row's part of the estimate's error (influence.py): s0, m0 and F0 are estimated too.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Rows = NDArray[np.bool_]
METRICS = ("control_sd", "share_of_base", "superiority")


@dataclass(frozen=True)
class Effect:
    """A number and its (n,) f_i."""

    value: float
    influence: Array


@dataclass(frozen=True)
class Solved:
    """What a least-squares fit tells of one term.

    ``design`` is (n, k), ``bread`` (k, k) its (X'X)^-1, ``j`` the term; ``y`` (n,) the outcome as
    it is and ``residuals`` (n,); ``control`` (n,) marks the control group.
    """

    design: Array
    bread: Array
    j: int
    y: Array
    estimate: float
    residuals: Array
    control: Rows

    @property
    def row(self) -> Array:
        """(n,) a, with b_j = sum a_i y_i."""
        return np.asarray(self.design @ self.bread[self.j])


def effects_of(solved: Solved, *, logarithm: bool) -> dict[str, Effect | None]:
    """Return the effect by metric; None where the control group's mean or deviation forbids it."""
    b = Effect(solved.estimate, solved.row * solved.residuals)
    mean, deviation = _moments(solved)
    share = _exponential(b) if logarithm else _ratio(b, mean)
    return {
        "control_sd": _ratio(b, deviation),
        "share_of_base": share,
        "superiority": _superiority(solved),
    }


def _moments(solved: Solved) -> tuple[Effect, Effect]:
    """Return mean and standard deviation of the control group."""
    y, control = solved.y, solved.control
    n0 = int(control.sum())
    mean, variance = float(y[control].mean()), float(y[control].var(ddof=1))
    of_mean = np.where(control, (y - mean) / n0, 0.0)
    of_variance = np.where(control, ((y - mean) ** 2 - variance) / n0, 0.0)
    deviation = float(np.sqrt(variance))
    half = 0.5 / deviation if deviation > 0.0 else 0.0
    return Effect(mean, of_mean), Effect(deviation, of_variance * half)


def _ratio(b: Effect, base: Effect) -> Effect | None:
    if not base.value > 0.0:
        return None
    value = b.value / base.value
    return Effect(value, (b.influence - value * base.influence) / base.value)


def _exponential(b: Effect) -> Effect:
    return Effect(float(np.expm1(b.value)), np.exp(b.value) * b.influence)


def _superiority(solved: Solved) -> Effect:
    y, control, row, x = solved.y, solved.control, solved.row, solved.design
    placed = placements(y, y[control])
    b = float(row @ placed)
    residuals = placed - x @ (solved.bread @ (x.T @ placed))
    # what each control row adds as a point of F0: sum_i a_i (1[y_k < y_i] + 1[y_k = y_i]/2)
    ahead = _weight_above(y, row)
    of_distribution = np.where(control, (ahead - b) / control.sum(), 0.0)
    return Effect(b, row * residuals + of_distribution)


def placements(y: Array, reference: Array) -> Array:
    """Return (n,) the share of reference values below each y, ties half."""
    ordered = np.sort(reference)
    below = np.searchsorted(ordered, y, "left") + np.searchsorted(ordered, y, "right")
    return np.asarray(0.5 * below / len(ordered), dtype=np.float64)


def _weight_above(y: Array, weights: Array) -> Array:
    """Return (n,) the sum of weights of the rows above each y, ties half."""
    order = np.argsort(y, kind="stable")
    ordered, total = y[order], np.concatenate([[0.0], np.cumsum(weights[order])])
    left, right = (total[np.searchsorted(ordered, y, side)] for side in ("left", "right"))
    return np.asarray(total[-1] - 0.5 * (left + right))
