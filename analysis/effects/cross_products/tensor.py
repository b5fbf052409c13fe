"""Cross-products by cluster: Z_g'Z_g of outcomes, treatments and candidate controls.

They add up over rows, so that row blocks, files and machines give the same tensor. An effect that
is nested in the clusters (persons in provinces) is taken out afterwards, from its levels' sums:
Z_g'Z_g - sum_i n_i zbar_i zbar_i' is the cross-product of the deviations from the means of the
levels i in g (Frisch, Waugh and Lovell). Each column is shifted and scaled first, once, by numbers
that every block shares; slopes come back in the columns' own units.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.messages import Text, UserError

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
CONSTANT = "const"


@dataclass(frozen=True)
class Layout:
    """What every block must share.

    Attributes
    ----------
    columns
        Names of the p columns of Z; ``const`` first where no effect is absorbed.
    shift, scale
        (p,) numbers taken from each column and divided out: 0 and 1 for the constant.
    cells
        Labels of the clusters, one a cell; with strata (stratum, cluster).
    """

    columns: tuple[str, ...]
    shift: Array
    scale: Array
    cells: tuple[object, ...]


@dataclass(frozen=True)
class Sums:
    """The tensor as far as it has been added up: what blocks give and workers send.

    Attributes
    ----------
    gram
        (C, p, p) sums of w z z' by cell.
    rows
        (C,) numbers of rows.
    weight
        (C,) sums of weights.
    levels, level_cells, level_weight, level_sums
        (m,) levels of the absorbed effect, their cells, (m,) sums of weights and (m, p) of w z;
        empty where nothing is absorbed.
    """

    layout: Layout
    gram: Array
    rows: Codes
    weight: Array
    levels: NDArray
    level_cells: Codes
    level_weight: Array
    level_sums: Array

    def __add__(self, other: "Sums") -> "Sums":
        """Add two blocks of rows."""
        return joined([self, other])


@dataclass(frozen=True)
class CrossProducts:
    """The finished tensor: (C, p, p) cross-products of shifted, scaled, demeaned columns.

    ``sizes`` holds the (C, p) squares before an effect was absorbed: what is left of a column is
    judged by them.
    """

    layout: Layout
    gram: Array
    rows: Codes
    absorbed: Codes
    sizes: Array

    def place(self, name: str) -> int:
        """Return the position of a column."""
        return self.layout.columns.index(name)

    @property
    def n_obs(self) -> int:
        """Number of rows."""
        return int(self.rows.sum())

    @property
    def n_clusters(self) -> int:
        """Number of clusters that have rows."""
        return int((self.rows > 0).sum())

    def of_cells(self, chosen: Sequence[int]) -> "CrossProducts":
        """Return the tensor of some cells: a stratum, or all clusters but one."""
        cells = tuple(self.layout.cells[c] for c in chosen)
        at = list(chosen)
        return CrossProducts(
            replace(self.layout, cells=cells), self.gram[at], self.rows[at], self.absorbed[at],
            self.sizes[at],
        )  # fmt: skip


# --- from rows --------------------------------------------------------------------------------


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
    count = len(layout.cells)
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
        *_merged([Levels(*sums, cell) for cell, sums in enumerate(found)]),
    )  # fmt: skip


def _product(weights: Array | None, repeats: Codes | None) -> Array | None:
    if repeats is None:
        return weights
    return repeats.astype(float) if weights is None else weights * repeats


class Levels(NamedTuple):
    """Sums by level of the absorbed effect: (m,) names, weights and (m, p) sums, (m,) cells."""

    names: NDArray
    weight: Array
    sums: Array
    cells: Codes | int


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


def _merged(parts: Sequence[Levels]) -> tuple[NDArray, Codes, Array, Array]:
    """Return names, cells, weights and sums of levels, each level once.

    Raises
    ------
    UserError
        If a level lies in two cells.
    """
    names = np.concatenate([part.names for part in parts])
    cells = np.concatenate([np.broadcast_to(part.cells, len(part.names)) for part in parts])
    unique, first, codes = np.unique(names, return_index=True, return_inverse=True)
    if (cells != cells[first][codes]).any():
        raise _not_nested()
    order = np.argsort(codes, kind="stable")
    weight = np.concatenate([part.weight for part in parts])[order]
    sums = np.concatenate([part.sums for part in parts])[order]
    if len(unique) < len(names):
        starts = np.searchsorted(codes[order], np.arange(len(unique)))
        weight, sums = np.add.reduceat(weight, starts), np.add.reduceat(sums, starts)
    return unique, cells[first], weight, sums


def _not_nested() -> UserError:
    what = Text("an absorbed effect nested in the clusters", "嵌套于聚类之中的吸收效应")
    return UserError("estimator_needs", estimator="cross_products", what=what)


def joined(parts: Sequence[Sums]) -> Sums:
    """Return the sum of blocks of rows."""
    levels = [
        Levels(part.levels, part.level_weight, part.level_sums, part.level_cells) for part in parts
    ]
    return Sums(
        parts[0].layout,
        np.sum([part.gram for part in parts], axis=0),
        np.sum([part.rows for part in parts], axis=0),
        np.sum([part.weight for part in parts], axis=0),
        *_merged(levels),
    )


def finished(sums: Sums) -> CrossProducts:
    """Return the tensor, the absorbed effect's means taken out."""
    gram, count = sums.gram.copy(), len(sums.layout.cells)
    root = sums.level_sums / np.sqrt(sums.level_weight)[:, None]
    order = np.argsort(sums.level_cells, kind="stable")
    bounds = np.searchsorted(sums.level_cells[order], np.arange(count + 1))
    for cell, (a, b) in enumerate(pairwise(bounds)):
        part = root[order[a:b]]
        gram[cell] -= part.T @ part
    sizes = np.diagonal(sums.gram, axis1=1, axis2=2).copy()
    return CrossProducts(sums.layout, gram, sums.rows, np.diff(bounds).astype(np.int64), sizes)
