"""A block of rows to its sums by cell: what blocks give and workers send."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analysis.effects.cross_products.tensor import Layout, Levels, Sums, merged

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


def sums_of(
    layout: Layout,
    block: Array,
    cells: Codes,
    levels: NDArray | None = None,
    weights: Array | None = None,
    repeats: Codes | None = None,
) -> Sums:
    """Return the sums of one block of rows.

    Parameters
    ----------
    block
        (n, p) columns as they are, in the layout's order.
    cells
        (n,) positions among the layout's cells.
    levels
        (n,) levels of the absorbed effect, or None.
    weights
        (n,) positive weights, or None.
    repeats
        (n,) how many rows of the data each row stands for, or None for one.
    """
    count = layout.cells
    # short codes are sorted by counting, not by comparing
    order = np.argsort(cells.astype(np.uint16) if count < 2**16 else cells, kind="stable")
    bounds = np.append(0, np.cumsum(np.bincount(cells, minlength=count)))
    rows = np.bincount(cells, repeats, count).astype(np.int64)
    # one long row a column: gathering within a column stays in the cache
    z = np.take(np.ascontiguousarray(block.T), order, axis=1)
    z -= layout.shift[:, None]
    z *= 1.0 / layout.scale[:, None]
    heavy, named = _product(weights, repeats), None if levels is None else levels[order]
    w = np.ones(len(order)) if heavy is None else np.asarray(heavy[order], dtype=float)
    parts = [
        _of_cell(z[:, a:b], w[a:b], None if named is None else named[a:b], heavy is None)
        for a, b in pairwise(bounds)
    ]
    grams, weight = [part[0] for part in parts], [part[1] for part in parts]
    found = [part[2] for part in parts]
    return Sums(
        layout, np.stack(grams), rows, np.array(weight),
        *merged([Levels(*sums, cell) for cell, sums in enumerate(found)]),
    )  # fmt: skip


def _product(weights: Array | None, repeats: Codes | None) -> Array | None:
    if repeats is None:
        return weights
    return repeats.astype(float) if weights is None else weights * repeats


def _of_cell(
    z: Array, w: Array, levels: NDArray | None, even: bool
) -> tuple[Array, float, tuple[NDArray, Array, Array]]:
    """Return a cell's cross-products, its weight and the sums by level, from (p, n) columns."""
    weighted = z if even else z * w
    return weighted @ z.T, float(w.sum()), _runs(weighted, w, levels)


def _runs(weighted: Array, w: Array, levels: NDArray | None) -> tuple[NDArray, Array, Array]:
    """Return names, weights and sums of runs of rows with one level: most data lie in runs."""
    if levels is None or not len(levels):
        none = np.empty(0, dtype=np.int64 if levels is None else levels.dtype)
        return none, np.empty(0), np.empty((0, len(weighted)))
    starts = np.flatnonzero(np.append(True, levels[1:] != levels[:-1]))
    return levels[starts], np.add.reduceat(w, starts), np.add.reduceat(weighted, starts, axis=1).T
