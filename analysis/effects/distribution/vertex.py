"""From near the minimum of the check function to it: a vertex, and the proof that it is one.

A vertex passes through k rows exactly. It minimises if and only if its dual values lie in
[tau - 1, tau] (Koenker 2005, Quantile Regression, theorem 2.1); if one does not, the row is let go
and the function followed down that edge to its lowest point (Barrodale and Roberts 1973, SIAM
Journal on Numerical Analysis 10: 839-848). Ties, the rule in survey data, are broken as if each
response were moved by an infinitely small amount of its own, so that no vertex is met twice.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
PIVOTS = 2000
# how far a dual value may pass its bound; the share of a row's own sizes below which its residual
# is zero
OUTSIDE, ZERO = 1e-9, 1e-12
SEED = 20170101


class Vertex(NamedTuple):
    """(k,) coefficients, (n,) residuals and dual values, and the k rows passed through.

    ``dual`` is tau above, tau - 1 below and between on the vertex: X'dual = 0. ``unique`` is False
    where other coefficients attain the same minimum.
    """

    estimate: Array
    residuals: Array
    dual: Array
    rows: Rows
    pivots: int
    unique: bool


def vertex_near(design: Array, response: Array, tau: float, near: Array) -> Vertex:
    """Return the minimising vertex of sum rho_tau(y - X b), looked for from (k,) ``near``.

    Raises
    ------
    LinAlgError
        If the columns are not independent, or the minimum is not reached in 2,000 pivots.
    """
    zero = ZERO * (np.abs(response) + np.abs(design) @ np.abs(near))
    moved = np.random.default_rng(SEED).uniform(size=len(response))
    rows = _rows_near(design, np.abs(response - design @ near))
    for pivots in range(PIVOTS):
        inverse = np.linalg.inv(design[rows])
        b = inverse @ response[rows]
        r = response - design @ b
        tie = moved - design @ (inverse @ moved[rows])
        r[np.abs(r) <= zero] = 0.0
        r[rows] = tie[rows] = 0.0
        dual = np.where((r < 0.0) | ((r == 0.0) & (tie < 0.0)), tau - 1.0, tau)
        dual[rows] = 0.0
        dual[rows] = -inverse.T @ (design.T @ dual)
        leaving, outside = _worst(dual[rows], tau)
        if outside <= OUTSIDE:
            return Vertex(b, r, dual, rows, pivots, outside < -OUTSIDE)
        up = dual[rows[leaving]] < 0.0
        direction = inverse[:, leaving] * (1.0 if up else -1.0)
        rows[leaving] = _lowest(r, tie, design @ direction, rows, outside)
    raise np.linalg.LinAlgError("the check function's minimum was not reached")


def _worst(dual: Array, tau: float) -> tuple[int, float]:
    """Return which dual value is furthest outside [tau - 1, tau], and by how much."""
    outside = np.maximum(dual - tau, tau - 1.0 - dual)
    worst = int(outside.argmax())
    return worst, float(outside[worst])


def _lowest(r: Array, tie: Array, slopes: Array, rows: Rows, fall: float) -> int:
    """Return the row at which sum rho along b + t d stops falling (a weighted median).

    The sum falls by ``fall`` a unit of t at first, by |slope| less behind each row that it meets.
    """
    ahead = np.where(r == 0.0, np.sign(tie), np.sign(r)) * slopes > 1e-13 * np.abs(slopes).max()
    ahead[rows] = False
    met = np.flatnonzero(ahead)
    if not len(met):
        raise np.linalg.LinAlgError("the check function has no minimum")
    order = met[np.lexsort((tie[met] / slopes[met], r[met] / slopes[met]))]
    at = int(np.searchsorted(np.cumsum(np.abs(slopes[order])), fall))
    return int(order[min(at, len(order) - 1)])


def _rows_near(design: Array, distance: Array) -> Rows:
    """Return k independent rows, those of least distance first."""
    k, n = design.shape[1], len(distance)
    count = min(n, 4 * k + 20)
    while True:
        nearest = np.argpartition(distance, count - 1)[:count] if count < n else np.arange(n)
        nearest = nearest[np.argsort(distance[nearest], kind="stable")]
        chosen = _independent(design[nearest], k)
        if len(chosen) == k:
            return nearest[chosen]
        if count == n:
            raise np.linalg.LinAlgError("the columns are not independent")
        count = min(n, 4 * count)


def _independent(candidates: Array, k: int) -> list[int]:
    """Return the first k rows that each add a direction to those before them."""
    sizes = np.sqrt((candidates**2).sum(axis=1))
    rest, chosen = candidates / np.where(sizes > 0.0, sizes, 1.0)[:, None], []
    for i in range(len(rest)):
        size = float(np.sqrt(rest[i] @ rest[i]))
        if size > 1e-7:
            chosen.append(i)
            unit = rest[i] / size
            rest[i + 1 :] -= np.outer(rest[i + 1 :] @ unit, unit)
        if len(chosen) == k:
            break
    return chosen
