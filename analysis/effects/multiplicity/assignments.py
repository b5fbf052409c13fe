"""Who is treated, drawn again: values of units permuted within blocks, or every way listed.

A unit is a row, a cluster or an entity; over time its value is its whole path. Units change values
only with units of their block: the same stratum, and the same periods, so that each share treated
stays what it is (Fisher 1935; Imbens and Rubin 2015, Causal Inference, chapter 5).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import factorial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.sample import Sample

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Units:
    """What is assigned to what.

    Attributes
    ----------
    codes, slot
        (n,) each row's unit and its place on the unit's path (0 without time).
    paths
        (V, T) the distinct paths; ``path`` (U,) the one that each unit has.
    block
        (U,) units exchange paths within blocks only.
    """

    codes: Codes
    slot: Codes
    paths: Array
    path: Codes
    block: Codes

    def values(self, path: Codes) -> Array:
        """Return (n,) row values of (U,) assigned paths."""
        if self.paths.shape[1] == 1:
            return self.paths[:, 0][path][self.codes]
        return self.paths[path[self.codes], self.slot]

    @property
    def movable(self) -> int:
        """Number of units whose block holds another path than theirs."""
        several = pd.Series(self.path).groupby(self.block).transform("nunique") > 1
        return int(several.sum())


def units_of_values(
    values: Array, codes: Codes, time: pd.Series | None, strata: pd.Series | None
) -> Units | None:
    """Return the units of (n,) values; None where a unit has two values at one time.

    Parameters
    ----------
    codes
        (n,) units 0 .. U - 1.
    time, strata
        (n,) labels, or None; strata must not change within a unit (the first row's is taken).
    """
    n_units = int(codes.max()) + 1
    slot = np.zeros(len(values), dtype=np.int64) if time is None else _codes(time)
    paths = np.full((n_units, int(slot.max()) + 1), np.nan)
    paths[codes, slot] = values
    if (paths[codes, slot] != values).any():
        return None
    known = ~np.isnan(paths)
    distinct, path = np.unique(np.where(known, paths, 0.0), axis=0, return_inverse=True)
    keys = pd.DataFrame({"pattern": np.unique(known, axis=0, return_inverse=True)[1].ravel()})
    if strata is not None:
        keys["stratum"] = pd.Series(_codes(strata)).groupby(codes).first().to_numpy()
    block = keys.groupby(list(keys), sort=True).ngroup().to_numpy()
    return Units(codes, slot, distinct, path.ravel().astype(np.int64), block)


def _codes(values: pd.Series) -> Codes:
    return np.asarray(pd.factorize(values, sort=True)[0], dtype=np.int64)


def cluster_codes(sample: Sample) -> Codes:
    """Return (n,) codes of the first cluster column."""
    return _codes(sample.clusters.iloc[:, 0])


# --- drawn ------------------------------------------------------------------------------------


def shuffler(values: NDArray, block: Codes) -> Callable[[np.random.Generator], NDArray]:
    """Return what gives (U,) values permuted within blocks, from a generator."""
    if block.max() == 0:
        return lambda generator: generator.permutation(values)
    # a stable sort of small integers takes time in proportion to their number
    small = block.astype(np.uint16) if block.max() < 2**16 else block
    place = np.argsort(small, kind="stable")

    def shuffled(generator: np.random.Generator) -> NDArray:
        mixed = generator.permutation(len(values))
        result = np.empty_like(values)
        result[place] = values[mixed[np.argsort(small[mixed], kind="stable")]]
        return result

    return shuffled


def number_of_assignments(values: Codes, block: Codes, enough: int) -> int:
    """Return how many distinct assignments there are; ``enough`` + 1 where there are more."""
    total = 1
    for _, inside in pd.Series(values).groupby(block):
        counts = list(Counter(inside).values())
        if len(counts) > 1 and len(inside) > 2 * enough + 2:
            return enough + 1
        total *= _multinomial(counts) if len(counts) > 1 else 1
        if total > enough:
            return enough + 1
    return total


def _multinomial(counts: Sequence[int]) -> int:
    ways = factorial(sum(counts))
    for count in counts:
        ways //= factorial(count)
    return ways


def every_assignment(values: Codes, block: Codes) -> Codes:
    """Return all distinct (m, U) assignments within blocks."""
    places = [np.flatnonzero(block == b) for b in range(int(block.max()) + 1)]
    ways = [list(_arrangements(sorted(values[at].tolist()))) for at in places]
    rows = [np.concatenate(combined) for combined in product(*ways)]
    result = np.empty((len(rows), len(values)), dtype=np.int64)
    result[:, np.concatenate(places)] = np.array(rows, dtype=np.int64)
    return result


def _arrangements(values: list[int]) -> Iterator[list[int]]:
    """Yield the distinct orders of a sorted list."""
    if len(values) < 2 or values[0] == values[-1]:
        yield list(values)
        return
    for j, value in enumerate(values):
        if j == 0 or value != values[j - 1]:
            for rest in _arrangements(values[:j] + values[j + 1 :]):
                yield [value, *rest]
