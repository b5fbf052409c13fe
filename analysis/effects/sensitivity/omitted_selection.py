"""The algebra of proportional selection on observables and unobservables, exact.

Y = b X + W1 + W2 (+ noise), W1 the index of the controls, W2 of what is omitted, W1 and W2
uncorrelated, and d cov(X, W1) / var(W1) = cov(X, W2) / var(W2) (Oster 2019, Journal of Business &
Economic Statistics 37: 187-204, section 3; Altonji, Elder and Taber 2005, Journal of Political
Economy 113: 151-184).

Sums of squares from three regressions: V = x'x, T = what is left of it beside the controls; short
estimate s and long estimate l; A = (R_long - R_short) Y, B = (R_max - R_long) Y, Y = y'y. With
bias v = l - b and D = s - l, omitted variables give, in sums of squares,

    cov(X, W2) = T v,   cov(X, W1) = V D + v (V - T),
    var(W2) = B + T v^2,   var(W1) = A + V (D + v)^2 - T v^2,

and proportional selection is a cubic in v (Oster's proposition 2),

    d (V D + v (V - T)) (B + T v^2) = T v (A + V (D + v)^2 - T v^2),

whose v^3 terms cancel at d = 1 (her proposition 1: a quadratic). For a given b it is linear in d
(her proposition 3).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
# an imaginary part smaller than this, beside the root's size, is rounding
REAL = 1e-7
# a leading coefficient smaller than this share of the largest counts as zero
LEADING = 1e-13


@dataclass(frozen=True)
class Selection:
    """What the regressions give: V, T, s, l, A and B of the module's head."""

    v: float
    t: float
    short: float
    long: float
    a: float
    b: float

    @property
    def moved(self) -> float:
        """D: the short estimate less the long one."""
        return self.short - self.long


@dataclass(frozen=True)
class Root:
    """One solution: the coefficient, and whether selection has the sign the controls show.

    ``admissible``: variances are not negative. ``same_direction``: cov(X, W1) has the sign of
    the covariance of X with the index that the long regression estimates (Oster's assumption 3).
    """

    beta: float
    admissible: bool
    same_direction: bool


def delta_for(known: Selection, beta: float) -> float | None:
    """Return the d at which the coefficient would be ``beta``; None where no finite d does it."""
    bias = known.long - beta
    left = _with_controls(known, bias) * (known.b + known.t * bias**2)
    right = known.t * bias * _of_controls(known, bias)
    # both vanish where X owes nothing to the controls: no d is better than another
    if left == 0.0 or abs(left) <= LEADING * abs(right):
        return None
    return right / left


def roots_for(known: Selection, delta: float) -> list[Root]:
    """Return every real solution at ``delta``, nearest to the long estimate first."""
    v, t, d, a, b = known.v, known.t, known.moved, known.a, known.b
    cubic = np.array([
        (delta - 1.0) * t * (v - t),
        (delta - 2.0) * t * v * d,
        delta * (v - t) * b - t * (a + v * d**2),
        delta * v * d * b,
    ])  # fmt: skip
    # scaled by the size of a bias, so that units do not decide which leading terms are zero
    size = abs(d) + abs(known.long) or 1.0
    scaled = cubic * size ** np.arange(3, -1, -1)
    lead = np.flatnonzero(np.abs(scaled) > LEADING * np.abs(scaled).max())
    if not len(lead) or lead[0] == 3:
        return []
    found = np.roots(scaled[lead[0] :])
    real = found.real[np.abs(found.imag) <= REAL * np.maximum(np.abs(found), 1e-300)]
    return sorted(
        (_root(known, float(x) * size) for x in real),
        key=lambda root: abs(known.long - root.beta),
    )


def chosen(roots: list[Root]) -> Root | None:
    """Return the admissible root in the controls' direction, the nearest to the long estimate.

    Without one in that direction the nearest admissible; without such, none.
    """
    admissible = [root for root in roots if root.admissible]
    wanted = [root for root in admissible if root.same_direction]
    return next(iter(wanted or admissible), None)


def _root(known: Selection, bias: float) -> Root:
    tolerance = -1e-9 * (known.a + known.b)
    admissible = _of_controls(known, bias) >= tolerance
    same = _with_controls(known, bias) * known.moved >= 0.0
    return Root(known.long - bias, bool(admissible), bool(same))


def _with_controls(known: Selection, bias: float) -> float:
    """Return cov(X, W1)."""
    return known.v * known.moved + bias * (known.v - known.t)


def _of_controls(known: Selection, bias: float) -> float:
    """Return var(W1)."""
    return known.a + known.v * (known.moved + bias) ** 2 - known.t * bias**2
