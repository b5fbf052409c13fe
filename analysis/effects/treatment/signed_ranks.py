"""Rosenbaum's bounds of the signed-rank test and of the Hodges-Lehmann estimate of matched pairs.

If within pairs the odds of treatment differ by a factor of up to G, the chance that the treated of
a pair has the higher outcome, absent an effect, lies between 1/(1+G) and G/(1+G); the signed-rank
statistic T = sum of the ranks of positive differences is then bounded by sums with these chances
(Rosenbaum 2002, Observational Studies, 2nd edition, sections 4.3.3 to 4.3.5).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, rankdata

Array = NDArray[np.float64]
STEPS = 100


class Bounds(NamedTuple):
    """At one gamma: least and largest one-sided p, least and largest Hodges-Lehmann estimate."""

    p_low: float
    p_high: float
    estimate_low: float
    estimate_high: float


def bounds_at(differences: Array, gamma: float, sign: float = 1.0) -> Bounds:
    """Return the bounds for (n,) treated less matched differences.

    ``sign`` is 1 where the alternative is a positive effect, -1 a negative one.
    """
    ps = sorted(_p_value(sign * differences, chance) for chance in _chances(gamma))
    ends = sorted(_estimate(differences, chance) for chance in _chances(gamma))
    return Bounds(ps[0], ps[1], ends[0], ends[1])


def _chances(gamma: float) -> tuple[float, float]:
    return 1.0 / (1.0 + gamma), gamma / (1.0 + gamma)


def _p_value(differences: Array, chance: float) -> float:
    """Return P(T >= t) by the normal approximation.

    Ties have mean ranks; differences of zero are ranked and add nothing whoever is treated.
    """
    moves = differences != 0.0
    if not moves.any():
        return 1.0
    ranks = rankdata(np.abs(differences))
    t, ranks = float(ranks[differences > 0.0].sum()), ranks[moves]
    error = float(np.sqrt(chance * (1.0 - chance) * (ranks**2).sum()))
    return float(norm.sf((t - chance * ranks.sum()) / error))


def _estimate(differences: Array, chance: float) -> float:
    """Return the c at which T of d - c equals its expectation, the middle where T jumps over it."""
    low, high = float(differences.min()) - 1.0, float(differences.max()) + 1.0
    n = len(differences)
    wanted = chance * n * (n + 1) / 2.0
    upper = _crossing(differences, wanted, low, high, strict=False)
    lower = _crossing(differences, wanted, low, high, strict=True)
    return 0.5 * (lower + upper)


def _crossing(differences: Array, wanted: float, low: float, high: float, strict: bool) -> float:
    """Return where T(d - c), falling in c, goes below ``wanted`` (strict: to it or below)."""
    slack = 1e-9 * max(wanted, 1.0)
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        t = _statistic(differences - middle)
        above = t > wanted + slack if strict else t >= wanted - slack
        low, high = (middle, high) if above else (low, middle)
    return 0.5 * (low + high)


def _statistic(differences: Array) -> float:
    """Return T, the sum of the ranks of positive differences."""
    return float(rankdata(np.abs(differences))[differences > 0.0].sum())


def tipping_gamma(differences: Array, level: float, sign: float, most: float) -> float | None:
    """Return the gamma at which the largest p reaches ``level``; None where beyond ``most``.

    1 where it is above at once.
    """
    if bounds_at_p(differences, 1.0, sign) >= level:
        return 1.0
    if bounds_at_p(differences, most, sign) < level:
        return None
    low, high = 1.0, most
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        above = bounds_at_p(differences, middle, sign) >= level
        low, high = (low, middle) if above else (middle, high)
    return 0.5 * (low + high)


def bounds_at_p(differences: Array, gamma: float, sign: float) -> float:
    """Return the largest p at a gamma."""
    return _p_value(sign * differences, gamma / (1.0 + gamma))
