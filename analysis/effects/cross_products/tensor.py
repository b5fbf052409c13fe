"""Cross-products by cluster: Z_g'Z_g of outcomes, treatments and candidate controls.

They add up over rows, so that row blocks, files and machines give the same tensor. An effect that
is nested in the clusters (persons in provinces) is taken out afterwards, from its levels' sums:
Z_g'Z_g - sum_i n_i zbar_i zbar_i' is the cross-product of the deviations from the means of the
levels i in g (Frisch, Waugh and Lovell). Each column is shifted and scaled first, once, by numbers
that every block shares; slopes come back in the columns' own units.
"""

from collections.abc import Sequence
from dataclasses import dataclass
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
    clusters
        Labels of the G clusters.
    samples
        Expressions of the samples that are asked for besides all rows. A row's stratum is the
        binary number of the samples that hold it, its cell stratum * G + cluster.
    """

    columns: tuple[str, ...]
    shift: Array
    scale: Array
    clusters: tuple[object, ...]
    samples: tuple[str, ...] = ()

    @property
    def cells(self) -> int:
        """Number of cells: clusters in each stratum."""
        return len(self.clusters) << len(self.samples)


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
        (m,) levels of the absorbed effect, each once a cell, their cells, (m,) sums of weights and
        (m, p) of w z; empty where nothing is absorbed.
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
    """The finished tensor: (G, p, p) cross-products of shifted, scaled, demeaned columns.

    ``sizes`` holds the (G, p) squares before an effect was absorbed: what is left of a column is
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


class Levels(NamedTuple):
    """Sums by level of the absorbed effect: (m,) names, weights and (m, p) sums, (m,) cells."""

    names: NDArray
    weight: Array
    sums: Array
    cells: Codes | int


def merged(parts: Sequence[Levels]) -> tuple[NDArray, Codes, Array, Array]:
    """Return names, cells, weights and sums of levels, each level and cell once."""
    names = np.concatenate([part.names for part in parts])
    cells = np.concatenate([np.broadcast_to(part.cells, len(part.names)) for part in parts])
    unique, codes = np.unique(names, return_inverse=True)
    order = np.lexsort((cells, codes))
    codes, cells = codes[order], np.asarray(cells[order], dtype=np.int64)
    weight = np.concatenate([part.weight for part in parts])[order]
    sums = np.concatenate([part.sums for part in parts])[order]
    new = np.append(True, (np.diff(codes) != 0) | (np.diff(cells) != 0))[: len(codes)]
    starts = np.flatnonzero(new)
    if len(starts) < len(codes):
        weight, sums = np.add.reduceat(weight, starts), np.add.reduceat(sums, starts)
    return unique[codes[starts]], cells[starts], weight, sums


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
        *merged(levels),
    )


def finished(sums: Sums, sample: int | None = None) -> CrossProducts:
    """Return the tensor by cluster, the absorbed effect's means taken out.

    ``sample`` is the position of one of the layout's samples: its cells alone count, and the
    means are those of its rows. None is every row.

    Raises
    ------
    UserError
        If a level of the absorbed effect lies in two clusters.
    """
    layout, count = sums.layout, len(sums.layout.clusters)
    strata, clusters = np.divmod(np.arange(len(sums.gram)), count)
    chosen = np.ones(len(strata), bool) if sample is None else (strata >> sample) & 1 == 1
    gram = np.zeros((count, *sums.gram.shape[1:]))
    np.add.at(gram, clusters[chosen], sums.gram[chosen])
    sizes = np.diagonal(gram, axis1=1, axis2=2).copy()
    rows = np.bincount(clusters[chosen], sums.rows[chosen], count).astype(np.int64)
    absorbed = _without_levels(gram, sums, clusters, chosen)
    return CrossProducts(layout, gram, rows, absorbed, sizes)


def _without_levels(gram: Array, sums: Sums, clusters: Codes, chosen: NDArray[np.bool_]) -> Codes:
    """Take the absorbed effect's means out of the (G, p, p) grams; return (G,) levels taken."""
    mine = chosen[sums.level_cells] if len(sums.levels) else np.empty(0, dtype=bool)
    cells = np.asarray(clusters[sums.level_cells[mine]], dtype=np.int64)
    names, inside, weight, total = merged(
        [Levels(sums.levels[mine], sums.level_weight[mine], sums.level_sums[mine], cells)]
    )
    if len(names) > 1 and (names[1:] == names[:-1]).any():
        raise _not_nested()
    root = total / np.sqrt(weight)[:, None]
    order = np.argsort(inside, kind="stable")
    bounds = np.searchsorted(inside[order], np.arange(len(gram) + 1))
    for cluster, (a, b) in enumerate(pairwise(bounds)):
        part = root[order[a:b]]
        gram[cluster] -= part.T @ part
    return np.diff(bounds).astype(np.int64)


def _not_nested() -> UserError:
    what = Text("an absorbed effect nested in the clusters", "嵌套于聚类之中的吸收效应")
    return UserError("estimator_needs", estimator="cross_products", what=what)
