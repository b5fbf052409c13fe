"""Two-stage least squares where the instruments may act on the outcome themselves.

Conley, Hansen and Rossi 2012, Review of Economics and Statistics 94: 260-272: y = X b + Z g + e.
For a given g, b(g) = b - A g with A = (Xhat'X)^-1 Xhat'Z, residuals e - (Z - X A) g. Its standard
error is a norm of a linear function of g, so that the ends of its interval are convex, or concave,
in g: over a box their extremes are at its corners, and the union of intervals (section III.A) is
exact without a grid.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Shifted:
    """One coefficient as a function of g: value - slope'g, variance (1, -g)' spread (1, -g).

    ``slope`` is (q,), ``spread`` (1 + q, 1 + q): the covariance of the coefficient's influence and
    of those of its derivatives.
    """

    value: float
    slope: Array
    spread: Array

    def at(self, g: Array) -> tuple[float, float]:
        """Return the coefficient and its standard error at g (q,)."""
        weights = np.append(1.0, -g)
        return self.value - float(self.slope @ g), float(np.sqrt(weights @ self.spread @ weights))


def union_of_intervals(shifted: Shifted, low: Array, high: Array, critical: float) -> Array:
    """Return the least and the greatest end of the intervals over the box [low, high]."""
    ends = []
    for corner in product(*zip(low, high, strict=True)):
        value, error = shifted.at(np.array(corner))
        ends.append([value - critical * error, value + critical * error])
    return np.array([np.min([end[0] for end in ends]), np.max([end[1] for end in ends])])


def local_to_zero(shifted: Shifted, mean: Array, sd: Array) -> tuple[float, float]:
    """Return coefficient and error if g is normal with this mean and sd, independent ones.

    b ~ N(value - A mean, V + A Omega A') (section III.C, equation 11).
    """
    value = shifted.value - float(shifted.slope @ mean)
    variance = float(shifted.spread[0, 0] + ((shifted.slope * sd) ** 2).sum())
    return value, float(np.sqrt(variance))
