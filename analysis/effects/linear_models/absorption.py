"""Effects taken out of a system's columns: weighted group means, in turn until nothing moves."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.messages import Text, UserError

Array = NDArray[np.float64]
SWEEPS, SETTLED = 10_000, 1e-13
NOTHING_LEFT = 1e-9


def without_effects(columns: Array, effects: pd.DataFrame, weights: Array | None) -> Array:
    """Return the columns less their (weighted) group means; several effects in turn.

    One effect is exact; several are taken out by alternating projections until nothing moves. A
    column with nothing left is set to zero, so that it counts as collinear.

    Raises
    ------
    UserError
        If the projections do not settle.
    """
    codes = [pd.factorize(effects[name])[0] for name in effects.columns]
    w = np.ones(len(columns)) if weights is None else weights
    rest, size = columns.copy(), np.sqrt((columns**2).sum(axis=0))
    for _ in range(SWEEPS):
        before = rest
        for code in codes:
            rest = rest - _group_means(rest, code, w)
        moved = np.sqrt(((rest - before) ** 2).sum(axis=0))
        if len(codes) == 1 or (moved <= SETTLED * size).all():
            break
    else:
        what = Text("absorbed effects whose means settle", "可收敛的吸收效应")
        raise UserError("estimator_needs", estimator="absorb", what=what)
    left = np.sqrt((rest**2).sum(axis=0))
    return np.where(left > NOTHING_LEFT * size, rest, 0.0)


def _group_means(columns: Array, code: NDArray[np.int64], weights: Array) -> Array:
    total = np.bincount(code, weights)
    sums = [np.bincount(code, weights * column) for column in columns.T]
    return np.column_stack([(one / total)[code] for one in sums])


def levels_of(effects: pd.DataFrame) -> dict[str, int]:
    """Return the number of levels by effect."""
    return {str(name): int(effects[name].nunique()) for name in effects.columns}


def absorbed_count(effects: pd.DataFrame) -> int:
    """Return the parameters that the effects use up, the constant included.

    The first two exactly (levels less connected groups, Abowd, Kramarz and Margolis 1999); each
    further one counts its levels less one.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    levels = list(levels_of(effects).values())
    if len(levels) < 2:
        return sum(levels)
    one, two = (pd.factorize(effects.iloc[:, j])[0] for j in (0, 1))
    shape = (levels[0] + levels[1],) * 2
    links = coo_array((np.ones(len(one)), (one, two + levels[0])), shape=shape)
    groups = connected_components(links, directed=False)[0]
    return levels[0] + levels[1] - int(groups) + sum(level - 1 for level in levels[2:])
