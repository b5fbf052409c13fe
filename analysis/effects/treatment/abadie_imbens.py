"""Variances of matching estimators that are averages of differences from weighted means of matches.

tau = (1/N) sum_i (2 d_i - 1)(1 + K_i) y_i with K_i the weight that row i has as a match of others
and K2_i the sum of the squares of these (Abadie and Imbens 2006, Econometrica 74: 235-267,
theorems 6 and 7; with ties Abadie, Drukker, Herr and Imbens 2004, Stata Journal 4: 290-311):

    V = (1/N^2) { sum_i (D_i - tau)^2 + sum_i [(1 + K_i)^2 - 1 - K2_i] s2_i }          everybody
    V = (1/N1^2) { sum_treated (D_i - tau)^2 + sum_others [K_i^2 - K2_i] s2_i }        treated

D_i the difference of row i from its matches, s2_i the outcome's variance at row i, from its nearest
neighbours in its own arm. Where the score that is matched on was estimated (Abadie and Imbens 2016,
Econometrica 84: 781-807, theorem 1):  V - c' G c, and for the treated V - c' G c + b' G b, G the
covariance of the score's parameters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cholesky, solve_triangular
from scipy.sparse import csr_array

from analysis.effects.treatment.arms import ATE
from analysis.effects.treatment.neighbours import Cells, cells_of, neighbours
from analysis.effects.treatment.propensity import Score

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
MOST_ROWS = 20_000


@dataclass(frozen=True)
class Matched:
    """Matches as far as variances see them, all (n,).

    ``target`` rows are those that everybody's effect is the mean of (matched, on support).
    """

    treated: Array
    target: NDArray[np.bool_]
    difference: Array
    use: Array
    use_squared: Array

    def members(self, effect: str) -> NDArray[np.bool_]:
        """Return the rows that an effect is the mean of."""
        return self.target if effect == ATE else self.target & (self.treated == 1.0)

    def estimate(self, effect: str) -> float:
        """Return the mean difference."""
        return float(self.difference[self.members(effect)].mean())

    def loading(self, effect: str) -> Array:
        """Return what the effect's sum takes of each row's outcome: (2d - 1)(own + K)."""
        own = self.members(effect) * 1.0
        use = self.use if effect == ATE else self.use * (1.0 - self.treated)
        return (2.0 * self.treated - 1.0) * (own + use)


def covariance_of(matched: Matched, effects: Sequence[str], noise: Array) -> Array:
    """Return the (e, e) covariance of the effects, the score taken as known; ``noise`` s2 (n,)."""
    both = np.empty((len(effects), len(effects)))
    for i, one in enumerate(effects):
        for j, other in enumerate(effects):
            both[i, j] = _shared(matched, one, other, noise)
    return both


def _shared(matched: Matched, one: str, other: str, noise: Array) -> float:
    rows, others = matched.members(one), matched.members(other)
    shared = rows & others
    d = matched.difference
    gaps = (d - matched.estimate(one)) * (d - matched.estimate(other))
    # what the noise of rows and of their matches adds to the products of differences
    squares = matched.use_squared
    if one != ATE or other != ATE:
        squares = squares * (1.0 - matched.treated)
    doubled = matched.loading(one) * matched.loading(other) - shared - squares
    total = gaps[shared].sum() + doubled @ noise
    return float(total / (rows.sum() * others.sum()))


def outcome_noise(points: Array, treated: Array, outcome: Array, near: int) -> Array:
    """Return s2 (n,): the variance among each row and its ``near`` nearest in its own arm.

    All at the distance of the last belong; divisor number less one.
    """
    noise = np.empty(len(outcome))
    for arm in (0, 1):
        cells = cells_of(points, np.flatnonzero(treated == arm))
        members = neighbours(cells.points, cells, near + 1)
        spread = _covariances(members, cells, outcome[:, None], outcome)[:, 0]
        noise[cells.rows] = np.maximum(spread, 0.0)[cells.cell]
    return noise


def _covariances(members: csr_array, pool: Cells, columns: Array, outcome: Array) -> Array:
    """Return (q, k) covariances of columns and outcome among each query's rows of the pool."""
    centred = columns - columns[pool.rows].mean(axis=0)
    y = outcome - outcome[pool.rows].mean()
    size = members @ pool.counts
    mean_x = (members @ pool.sums(centred)) / size[:, None]
    mean_y = (members @ pool.sums(y)) / size
    product = (members @ pool.sums(centred * y[:, None])) / size[:, None]
    factor = size / np.maximum(size - 1.0, 1.0)
    return (product - mean_x * mean_y[:, None]) * factor[:, None]


def for_the_score(
    matched: Matched, effects: Sequence[str], score: Score, points: Array, outcome: Array, near: int
) -> Array:
    """Return the (e, e) matrix to add where the score was estimated: - c'Gc, and + b'Gb.

    c is the covariance of the estimate with the score's parameters, from the ``near`` + 1 rows of
    each arm with the nearest score; b the derivative of the treated's effect by the parameters,
    from those with the nearest covariates (Mahalanobis), of evenly spaced rows where there are more
    than 20,000: a mean of so many is as good.
    """
    every = np.arange(len(outcome))
    by_score = _near(points, matched.treated, near + 1, every)
    rows = np.arange(0, len(outcome), 1 + len(outcome) // MOST_ROWS)
    by_covariates = _near(whitened(score.columns[:, 1:]), matched.treated, near + 1, rows)
    c = np.column_stack([_c(matched, effect, score, by_score, outcome) for effect in effects])
    b = np.column_stack([_b(matched, effect, score, by_covariates, outcome) for effect in effects])
    return b.T @ score.bread @ b - c.T @ score.bread @ c


def whitened(columns: Array) -> Array:
    """Return (n, p) columns whose Euclidean distances are the columns' Mahalanobis distances."""
    k = columns.shape[1]
    root = cholesky(np.cov(columns, rowvar=False, ddof=0).reshape(k, k), lower=True)
    return np.asarray(solve_triangular(root, columns.T, lower=True).T, dtype=float)


class Near(NamedTuple):
    """The rows of an arm nearest to ``rows``: (q, m) members, the arm's cells, each row's q."""

    members: csr_array
    pool: Cells
    query: Rows
    rows: Rows


def _near(points: Array, treated: Array, k: int, rows: Rows) -> tuple[Near, Near]:
    """Return the k nearest, and all ties, of arms 0 and 1 for ``rows`` of (n, p) points."""
    every = cells_of(points, rows)
    pools = [cells_of(points, np.flatnonzero(treated == arm)) for arm in (0, 1)]
    zero, one = (Near(neighbours(every.points, pool, k), pool, every.cell, rows) for pool in pools)
    return zero, one


def _gap(near: tuple[Near, Near], outcome: Array) -> Array:
    """Return (r,) the mean outcome of the nearest treated less that of the nearest others."""
    zero, one = (
        ((n.members @ n.pool.sums(outcome)) / (n.members @ n.pool.counts))[n.query] for n in near
    )
    return np.asarray(one - zero, dtype=float)


def _c(
    matched: Matched, effect: str, score: Score, near: tuple[Near, Near], outcome: Array
) -> Array:
    """Return c: of everybody's effect E[f (cov_1 / p + cov_0 / q)], f the score's slope.

    Of the treated's, E[x f (m_1 - m_0 - tau) + f (cov_1 + cov_0 p / q)] / E[p]: who is treated
    belongs to the estimate too.
    """
    zero, one = (_covariances(n.members, n.pool, score.columns, outcome)[n.query] for n in near)
    if effect == ATE:
        sums = (score.slope / score.untreated)[:, None] * zero
        sums += (score.slope / score.treated)[:, None] * one
        return sums[matched.target].sum(axis=0) / matched.target.sum()
    odds = score.treated / score.untreated
    sums = score.slope[:, None] * (one + odds[:, None] * zero)
    among = sums[matched.target].sum(axis=0) / matched.members(effect).sum()
    return among + _b(matched, effect, score, near, outcome)


def _b(
    matched: Matched, effect: str, score: Score, near: tuple[Near, Near], outcome: Array
) -> Array:
    """Return E[x f (gap - tau)] / E[p] for the treated; everybody's effect does not move."""
    if effect == ATE:
        return np.zeros(score.columns.shape[1])
    rows = near[0].rows
    inside = matched.target[rows]
    gap = _gap(near, outcome)[inside] - matched.estimate(effect)
    rows = rows[inside]
    mean = (score.slope[rows] * gap) @ score.columns[rows] / len(rows)
    return mean * matched.target.sum() / matched.members(effect).sum()
