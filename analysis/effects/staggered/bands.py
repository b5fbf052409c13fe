"""Simultaneous confidence bands: critical values of the largest of several |t|, by multipliers.

Draw v_c for every cluster c (mean 0, variance 1), and take max_k |sum_c v_c f_ck| / se_k, se_k^2 =
sum_c f_ck^2; the critical value is the quantile of these maxima (Callaway and Sant'Anna 2021,
algorithm 1, with the analytic error in place of the draws' interquartile range).
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from analysis.effects.inference.resampling import replicate

Array = NDArray[np.float64]
LEVEL = 0.95
DRAWS, SEED = 999, 20170101


def mammen(generator: np.random.Generator, count: int) -> Array:
    """Return multipliers of two points with third moment 1 (Mammen 1993, Ann. Stat. 21: 255)."""
    root = 5.0**0.5
    points: Array = np.array([(1.0 + root) / 2.0, (1.0 - root) / 2.0])
    lower = generator.random(count) < (root + 1.0) / (2.0 * root)
    return points[lower * 1]


def rademacher(generator: np.random.Generator, count: int) -> Array:
    """Return multipliers of -1 and 1."""
    return np.asarray(2.0 * generator.integers(0, 2, count) - 1.0, dtype=float)


MULTIPLIERS: Mapping[str, Callable[[np.random.Generator, int], Array]] = {
    "mammen": mammen,
    "rademacher": rademacher,
}


def critical_values(
    influence: Array, families: Mapping[str, slice], kind: str, draws: int, seed: int, label: str
) -> dict[str, float]:
    """Return one critical value a family of columns of (C, k) influences, summed by cluster.

    A column without variance is left out of its family.
    """
    error = np.sqrt((influence**2).sum(axis=0))
    scaled = influence / np.where(error > 0.0, error, np.inf)
    multipliers = MULTIPLIERS[kind]

    def work(generator: np.random.Generator) -> Array:
        return np.abs(multipliers(generator, len(scaled)) @ scaled)

    drawn = np.array(replicate(work, draws, seed, label))
    return {
        name: float(np.quantile(drawn[:, columns].max(axis=1), LEVEL))
        for name, columns in families.items()
    }
