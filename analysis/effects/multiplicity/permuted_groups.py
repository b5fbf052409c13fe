"""Group labels permuted: the difference of coefficients between groups made at random.

Least squares of a group needs its sums of x x' and x y only. For drawn labels L (B, U) these are L
Z with Z (U, m) the sums by unit: B regressions for one matrix product.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from analysis.effects.fit import Linear
from analysis.effects.multiplicity.assignments import Units, shuffler

Array = NDArray[np.float64]
# so many rows, and numbers of the draws, at once
ROWS_AT_ONCE, AT_ONCE = 16_384, 4_000_000
RANK = 1e-10


def permuted_differences(
    linear: Linear, units: Units, draws: int, seed: int, at: list[int]
) -> Array:
    """Return (B, t) differences, group 1 less group 0, of the coefficients ``at``.

    Coefficients are of least norm where a group's columns are collinear: those that are not
    involved are as they would be without the others.

    Parameters
    ----------
    units
        What is permuted; ``units.paths[units.path]`` is the unit's group.
    """
    scale = np.sqrt((linear.design**2).mean(axis=0))
    scale[scale == 0.0] = 1.0
    x, y = linear.design / scale, linear.response
    generator, shuffled = np.random.default_rng(seed), shuffler(units.path, units.block)
    size = max(1, AT_ONCE // len(units.path))
    total, found = _sums(x, y, units, np.ones((1, len(units.path)))), []
    for start in range(0, draws, size):
        groups = _labels(units, shuffled, generator, min(size, draws - start))
        ones = _sums(x, y, units, groups)
        slopes = [_slopes(part, x.shape[1]) for part in (ones, total - ones)]
        found.append((slopes[0] - slopes[1])[:, at] / scale[at])
    return np.concatenate(found)


def _labels(
    units: Units,
    shuffled: Callable[[np.random.Generator], NDArray],
    generator: np.random.Generator,
    draws: int,
) -> Array:
    return units.paths[:, 0][np.array([shuffled(generator) for _ in range(draws)])]


def _sums(x: Array, y: Array, units: Units, groups: Array) -> Array:
    """Return (B, m) sums over each draw's group of the products of [x, y]."""
    result = np.zeros((len(groups), _width(x.shape[1])))
    for rows, products in _products(x, y):
        result += groups[:, units.codes[rows]] @ products
    return result


def _width(k: int) -> int:
    return k * (k + 1) // 2 + k


def _products(x: Array, y: Array) -> Iterator[tuple[slice, Array]]:
    """Yield blocks of rows and their (n, m) products x_a x_b (a <= b) and x_a y."""
    one, other = np.triu_indices(x.shape[1])
    for start in range(0, len(y), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        here = x[rows]
        yield rows, np.hstack([here[:, one] * here[:, other], here * y[rows, None]])


def _slopes(sums: Array, k: int) -> Array:
    """Return (B, k) least-squares coefficients from sums of products."""
    one, other = np.triu_indices(k)
    gram = np.zeros((len(sums), k, k))
    gram[:, one, other] = sums[:, : len(one)]
    gram[:, other, one] = sums[:, : len(one)]
    inverse = np.linalg.pinv(gram, rcond=RANK, hermitian=True)
    return np.asarray((inverse @ sums[:, len(one) :, None])[:, :, 0])
