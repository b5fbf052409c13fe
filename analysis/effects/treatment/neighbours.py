"""Nearest neighbours with all ties, found among distinct points so that ties cost nothing.

Rows of an arm that share a point form a cell; a k-d tree holds the cells, and a sparse matrix says
which cells of the pool each query is matched to. No matrix of rows by rows is ever made.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
# points nearer than this are one point, distances nearer than this are a tie (standardised units)
DIGITS, TIE = 12, 1.5e-8
# how many cells are looked at beyond the k nearest before ties are sought by radius
BEYOND = 1


class Cells(NamedTuple):
    """The (m, p) distinct points of (r,) rows of the sample, the cell of each and their counts."""

    points: Array
    rows: Rows
    cell: Rows
    counts: Array

    def sums(self, values: Array) -> Array:
        """Return the (m,) or (m, q) sums within cells of (n,) or (n, q) values of the sample."""
        own = values[self.rows]
        if own.ndim == 1:
            return np.bincount(self.cell, own, len(self.counts)).astype(float)
        return np.column_stack([np.bincount(self.cell, v, len(self.counts)) for v in own.T])


def cells_of(points: Array, rows: Rows) -> Cells:
    """Return the cells of the sample's ``rows``, whose (n, p) points are given."""
    rounded = np.round(points[rows], DIGITS) + 0.0
    # one column sorts as numbers, several as records, which takes longer
    if rounded.shape[1] == 1:
        values, cell = np.unique(rounded[:, 0], return_inverse=True)
        distinct = values[:, None]
    else:
        distinct, cell = np.unique(rounded, axis=0, return_inverse=True)
    cell = cell.reshape(-1).astype(np.int64)
    return Cells(distinct, rows, cell, np.bincount(cell).astype(float))


def neighbours(queries: Array, pool: Cells, k: int, caliper: float = np.inf) -> csr_array:
    """Return the (q, m) matrix of ones where a cell is among a query's matches.

    They are the k nearest rows of the pool and all at the distance of the k-th, none beyond the
    caliper; fewer than k where fewer are within it.
    """
    size = len(pool.points)
    tree = cKDTree(pool.points)
    looked = min(k + BEYOND, size)
    distance, cell = tree.query(queries, k=np.arange(1, looked + 1), distance_upper_bound=np.inf)
    reached = np.cumsum(pool.counts[cell], axis=1) >= k
    at = np.where(reached.any(axis=1), reached.argmax(axis=1), looked - 1)
    limit = np.minimum(distance[np.arange(len(queries)), at], caliper) + TIE
    inside = distance <= limit[:, None]
    more = inside[:, -1] & (looked < size)
    inside[more] = False
    query, column = np.nonzero(inside)
    query, column = _with_balls(query, cell[query, column], tree, queries, limit, more)
    ones = np.ones(len(query))
    return csr_array((ones, (query, column)), shape=(len(queries), size))


def _with_balls(
    query: Rows, column: Rows, tree: cKDTree, queries: Array, limit: Array, more: NDArray[np.bool_]
) -> tuple[Rows, Rows]:
    """Add the matches of queries whose ties go on beyond the cells looked at."""
    asked = np.flatnonzero(more)
    if not len(asked):
        return query, column
    found = tree.query_ball_point(queries[asked], limit[asked])
    lengths = np.array([len(cells) for cells in found])
    columns = np.concatenate([np.asarray(cells, dtype=np.int64) for cells in found])
    return np.concatenate([query, np.repeat(asked, lengths)]), np.concatenate([column, columns])


def rows_of_pairs(members: csr_array, queries: Cells, pool: Cells) -> tuple[Rows, Rows]:
    """Return the sample's rows of every (query, match) pair, sorted by query."""
    order = np.argsort(pool.cell, kind="stable")
    starts = np.concatenate([[0], np.cumsum(pool.counts)]).astype(np.int64)
    ends = np.diff(members.indptr)[queries.cell]
    first = members.indptr[:-1][queries.cell].astype(np.int64)
    asked, place = spread(first, ends.astype(np.int64))
    cell = members.indices[place].astype(np.int64)
    which, position = spread(starts[cell], pool.counts[cell].astype(np.int64))
    return queries.rows[asked[which]], pool.rows[order[position]]


def spread(starts: Rows, lengths: Rows) -> tuple[Rows, Rows]:
    """Return, for runs of given starts and lengths, the run of each element and its place."""
    run = np.repeat(np.arange(len(lengths)), lengths)
    begun = np.repeat(np.cumsum(lengths) - lengths, lengths)
    return run, np.repeat(starts, lengths) + np.arange(len(run)) - begun
