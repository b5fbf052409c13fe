"""What many specifications say together, and how often chance says as much.

Simonsohn, Simmons and Nelson (2020, Nature Human Behaviour 4: 1208-1214): the median estimate, the
share of estimates with the dominant sign and the share that are significant in that direction,
each against its distribution when the null is imposed in every specification. Here the null is
imposed by the restricted wild bootstrap, its draws shared by all specifications
(cross_products/bootstrap.py), in place of their resampling of rows.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.multiplicity.stepdown import shares

Array = NDArray[np.float64]
ROUNDING = 1.0 - 1e-9
NAMES = ("median", "share_sign", "share_significant")


@dataclass(frozen=True)
class Joint:
    """(3,) numbers of a curve: median, share of the dominant sign, share significant that way."""

    values: Array
    p_values: Array


def joint_test(
    estimates: Array,
    statistics: Array,
    drawn_estimates: Array,
    drawn_statistics: Array,
    critical: float,
    complete: bool,
) -> Joint:
    """Return the three numbers of a curve with their p values.

    Parameters
    ----------
    estimates, statistics
        (m,) by specification.
    drawn_estimates, drawn_statistics
        (B, m) under the null.
    critical
        |t| from which an estimate counts as significant.

    A draw is as extreme if its |median| is as large, its dominant sign as frequent, or its
    significant estimates of one sign, whichever are more, as many.
    """
    median = float(np.median(estimates))
    direction = 1.0 if median >= 0.0 else -1.0
    values = np.array([
        median,
        float((np.sign(estimates) == direction).mean()),
        float((direction * statistics >= critical).mean()),
    ])  # fmt: skip
    drawn = np.column_stack([
        np.abs(np.median(drawn_estimates, axis=1)),
        _larger(drawn_estimates > 0.0, drawn_estimates < 0.0),
        _larger(drawn_statistics >= critical, drawn_statistics <= -critical),
    ])  # fmt: skip
    observed = np.abs(values)
    return Joint(values, shares(drawn >= observed * ROUNDING, complete))


def _larger(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> Array:
    return np.maximum(one.mean(axis=1), other.mean(axis=1))
