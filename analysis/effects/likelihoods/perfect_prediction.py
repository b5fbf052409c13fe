"""Where a likelihood has no maximum: directions in which it only rises, and who is to blame."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
# a direction of the linear program counts as moving a row or a term beyond this
MOVES = 1e-6


class Recession(NamedTuple):
    """Directions d of the parameters along which the likelihood never falls.

    ``rising @ d >= 0`` and ``level @ d == 0``; if one has ``rising @ d > 0`` somewhere, no maximum
    exists (Albert and Anderson 1984, Biometrika 71: 1-10). ``rows`` says which row of the data a
    row of ``rising`` is about.
    """

    rising: Array
    level: Array
    rows: NDArray[np.int64]


def separating(recession: Recession, names: Sequence[str]) -> tuple[list[str], int]:
    """Return the terms that predict perfectly, and for how many rows of the data.

    Terms that do so by themselves (beside the unnamed parameters) are named alone.
    """
    k = recession.rising.shape[1]
    labels = [names[j] if j < len(names) else "" for j in range(k)]
    direction, rows = _direction(recession, list(range(k)))
    blamed = [j for j in range(k) if labels[j] and abs(direction[j]) > MOVES]
    unnamed = [j for j in range(k) if not labels[j]]
    single = {j: _direction(recession, [*unnamed, j])[1] for j in blamed}
    by_themselves = [j for j in blamed if len(single[j])]
    if by_themselves:
        blamed, rows = by_themselves, np.concatenate([single[j] for j in by_themselves])
    return [labels[j] for j in blamed], len(np.unique(rows))


def _direction(recession: Recession, free: list[int]) -> tuple[Array, NDArray[np.int64]]:
    """Return a direction in the ``free`` parameters that settles rows, and these rows.

    The linear program of Konis (2007, D.Phil. thesis, Oxford): the largest sum of ``rising @ d``
    with d in [-1, 1]^k is zero if and only if a maximum exists.
    """
    from scipy.optimize import linprog

    rising, level = recession.rising[:, free], recession.level[:, free]
    direction = np.zeros(recession.rising.shape[1])
    if len(rising):
        found = linprog(
            -rising.sum(axis=0), A_ub=-rising, b_ub=np.zeros(len(rising)),
            A_eq=level if len(level) else None, b_eq=np.zeros(len(level)) if len(level) else None,
            bounds=(-1.0, 1.0), method="highs",
        )  # fmt: skip
        if found.x is not None:
            direction[free] = found.x
    return direction, recession.rows[recession.rising @ direction > MOVES]


def one_sided(scaled: Array, low: NDArray[np.bool_], high: NDArray[np.bool_]) -> Recession:
    """Return the recession of a model of x'b with some rows at its lower, some at its upper end.

    Rows at neither end hold x'd to zero.
    """
    rising = np.vstack([-scaled[low], scaled[high]])
    rows = np.concatenate([np.flatnonzero(low), np.flatnonzero(high)])
    return Recession(rising, scaled[~(low | high)], rows)
