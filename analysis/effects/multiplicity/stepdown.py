"""Stepdown p values from joint draws of statistics under the null (Romano and Wolf).

Statistics in falling order |t_1| >= |t_2| ...; the p value of the j-th is the share of draws whose
largest |t*| among tests j, j + 1 ... reaches |t_j|, made monotone from the first on (Romano and
Wolf 2005, Econometrica 73: 1237-1282; 2016, Statistics & Probability Letters 113: 38-40).
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ROUNDING = 1.0 - 1e-9


def shares(beyond: NDArray[np.bool_], complete: bool) -> Array:
    """Return p values of counts: of a complete list, the share; of draws, (1 + count)/(1 + B).

    ``beyond`` is (B, m), true where a draw reaches the statistic.
    """
    counts, draws = beyond.sum(axis=0), len(beyond)
    return counts / draws if complete else (1.0 + counts) / (1.0 + draws)


def raw_p_values(observed: Array, drawn: Array, complete: bool) -> Array:
    """Return the (m,) p values of single tests; ``observed`` (m,), ``drawn`` (B, m) statistics."""
    return shares(np.abs(drawn) >= np.abs(observed) * ROUNDING, complete)


def stepdown_p_values(observed: Array, drawn: Array, complete: bool) -> Array:
    """Return the (m,) stepdown p values: monotone in |t|, none below its raw p value."""
    order = np.argsort(-np.abs(observed), kind="stable")
    # the largest statistic of tests j, j + 1 ... in each draw
    largest = np.maximum.accumulate(np.abs(drawn[:, order])[:, ::-1], axis=1)[:, ::-1]
    values = np.empty(len(observed))
    reached = largest >= np.abs(observed)[order] * ROUNDING
    values[order] = np.maximum.accumulate(shares(reached, complete))
    return values
