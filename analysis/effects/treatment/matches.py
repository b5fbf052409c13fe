"""Matches of every row in the other arm, nearest or weighted by a kernel, and their use."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.treatment.kernels import kernel_sums
from analysis.effects.treatment.neighbours import cells_of, neighbours, rows_of_pairs

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]
# pairs of rows kept for a reader beyond which they are left out
MOST_PAIRS = 5_000_000
# a sum of kernel weights, their largest one, below which nobody is near
LEAST = 1e-9


@dataclass(frozen=True)
class Matches:
    """Which rows of the other arm stand in for each row.

    Attributes
    ----------
    counts
        (n,) number of matches; 0 where there is none.
    average
        From (n,) values to the (n,) weighted means over each row's matches; 0 without any.
    use
        From (n,) flags of matched rows to the (n,) sums of weights, and of squared weights, that
        each row has as a match of flagged rows.
    pairs
        (row, match) of all pairs; None for kernels, or where there are more than 5,000,000.
    """

    counts: Array
    average: Callable[[Array], Array]
    use: Callable[[Flags], tuple[Array, Array]]
    pairs: tuple[Rows, Rows] | None = None


def nearest(points: Array, treated: Array, k: int, caliper: float) -> Matches:
    """Return the k nearest of the other arm, with replacement, ties kept and averaged.

    ``points`` (n, p), Euclidean distances; none beyond ``caliper``.
    """
    n = len(treated)
    arms = [cells_of(points, np.flatnonzero(treated == arm)) for arm in (0, 1)]
    ways = [(arms[arm], arms[1 - arm]) for arm in (0, 1)]
    members = [neighbours(own.points, other, k, caliper) for own, other in ways]
    sizes = [m @ other.counts for m, (_, other) in zip(members, ways, strict=True)]
    counts = np.zeros(n)
    for size, (own, _) in zip(sizes, ways, strict=True):
        counts[own.rows] = size[own.cell]

    def average(values: Array) -> Array:
        means = np.zeros(n)
        for m, size, (own, other) in zip(members, sizes, ways, strict=True):
            sums = m @ other.sums(values)
            means[own.rows] = np.divide(sums, size, where=size > 0, out=np.zeros_like(sums))[
                own.cell
            ]
        return means

    def use(flags: Flags) -> tuple[Array, Array]:
        used, squared = np.zeros(n), np.zeros(n)
        for m, size, (own, other) in zip(members, sizes, ways, strict=True):
            asking, safe = own.sums(flags.astype(float)), np.maximum(size, 1.0)
            used[other.rows] = (m.T @ (asking / safe))[other.cell]
            squared[other.rows] = (m.T @ (asking / safe**2))[other.cell]
        return used, squared

    pairs = None
    if counts.sum() <= MOST_PAIRS:
        found = [rows_of_pairs(m, *way) for m, way in zip(members, ways, strict=True)]
        pairs = (np.concatenate([f[0] for f in found]), np.concatenate([f[1] for f in found]))
    return Matches(counts, average, use, pairs)


def by_kernel(line: Array, treated: Array, kernel: str, bandwidth: float) -> Matches:
    """Return all of the other arm, weights K((score - score_j) / bandwidth) over their sum.

    ``line`` (n,); the uniform kernel is radius matching.
    """
    n = len(treated)
    arms = [np.flatnonzero(treated == arm) for arm in (0, 1)]

    def sums(at: Rows, over: Rows, values: Array, power: int = 1) -> Array:
        return kernel_sums(line[at], line[over], values, kernel, bandwidth, power)

    total, number = np.zeros(n), np.zeros(n)
    for own, other in ((arms[0], arms[1]), (arms[1], arms[0])):
        total[own] = sums(own, other, np.ones((len(other), 1)))[:, 0]
        low, high = (_place(line[own] + sign * bandwidth, line[other], sign) for sign in (-1, 1))
        number[own] = np.where(total[own] > LEAST, np.maximum(high - low, 1), 0)
    inverse = np.divide(1.0, total, where=number > 0.0, out=np.zeros(n))

    def average(values: Array) -> Array:
        means = np.zeros(n)
        for own, other in ((arms[0], arms[1]), (arms[1], arms[0])):
            means[own] = sums(own, other, values[other][:, None])[:, 0] * inverse[own]
        return means

    def use(flags: Flags) -> tuple[Array, Array]:
        used, squared = np.zeros(n), np.zeros(n)
        for own, other in ((arms[0], arms[1]), (arms[1], arms[0])):
            asking = (flags[own].astype(float) * inverse[own])[:, None]
            used[other] = sums(other, own, asking)[:, 0]
            squared[other] = sums(other, own, asking**2, power=2)[:, 0]
        return used, squared

    return Matches(number, average, use)


def _place(values: Array, line: Array, sign: int) -> Rows:
    return np.searchsorted(np.sort(line), values, side="left" if sign < 0 else "right")
