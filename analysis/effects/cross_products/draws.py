"""The draws of the wild bootstrap: signs of clusters or rows, shared by all that is tested."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.inference.wild_bootstrap import ENUMERATED_UP_TO, weights

Array = NDArray[np.float64]
# so many numbers of the draws stand in memory at once
AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Draws:
    """The law of the draws: ``count`` of them for ``groups`` groups, and whether that is all.

    ``signs`` holds them where they are few enough to be listed (clusters), else None: signs of
    rows come in blocks, from the seed again whenever they are asked for.
    """

    groups: int
    count: int
    seed: int
    name: str
    complete: bool = False
    signs: Array | None = None

    def blocks(self) -> Iterator[Array]:
        """Yield the (b, G) draws, block by block, the same ones each time."""
        size = max(1, AT_ONCE // self.groups)
        if self.signs is not None:
            yield from (self.signs[start : start + size] for start in range(0, self.count, size))
            return
        generator = np.random.default_rng(self.seed)
        for start in range(0, self.count, size):
            shape = (min(size, self.count - start), self.groups)
            bits = generator.integers(0, 2, shape, dtype=np.int8)
            yield np.asarray(2.0 * bits - 1.0, dtype=np.float64)


def draws_of_clusters(groups: int, count: int, seed: int) -> Draws:
    """Return the draws of clusters: every sign of up to 12, Webb's six points for more."""
    signs, name = weights(groups, count, seed)
    complete = groups <= ENUMERATED_UP_TO
    return Draws(groups, len(signs), seed, f"{name}, {groups} clusters", complete, signs)


def draws_of_rows(rows: int, count: int, seed: int) -> Draws:
    """Return the Rademacher draws of single rows."""
    return Draws(rows, count, seed, f"Rademacher on {rows} rows, {count} draws, seed {seed}")
