"""Instruments of dynamic panels: lags of levels, lagged differences, exogenous columns.

Each instrument is a column over the equations of an entity: where it stands and what of. Moments
are summed entity by entity, in blocks, so that memory does not grow with instruments times rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.dynamic_panel.asked import Asked
from analysis.effects.dynamic_panel.grid import Grid, lag_name
from analysis.effects.linear_models.least_squares import CONSTANT

Array = NDArray[np.float64]
# numbers held at once by a block of entities' instruments
BLOCK = 4_000_000
LEVEL = "levels equation"


@dataclass(frozen=True)
class Instrument:
    """One column: the values ``source`` (N, .) at ``times`` stand in the equations ``rows``.

    ``group`` is what a difference-in-Hansen test leaves out together.
    """

    group: str
    source: Array
    rows: tuple[int, ...]
    times: tuple[int, ...]
    in_levels: bool = False


# --- the columns ------------------------------------------------------------------------------


def instruments_of(grid: Grid, asked: Asked, transformed: Array) -> list[Instrument]:
    """Return the instruments asked for.

    Transformed equation of period t: the outcome from lag 2 on, endogenous terms from lag 2 on,
    predetermined ones from lag 1 on (Arellano and Bond 1991, Review of Economic Studies 58:
    277-297, section 2), one column a lag and period, or one a lag where collapsed (Roodman 2009,
    section 3.2); exogenous terms transformed. Equation in levels: the last difference that is
    uncorrelated with the error, dy_(t-1), dx_(t-1) or dx_t (Blundell and Bond 1998, Journal of
    Econometrics 87: 115-143, section 4); exogenous terms stand in both, in one column.
    """
    first = {lag_name(asked, 1): 2, **asked.first_lag}
    found: list[Instrument] = []
    for name, lag in first.items():
        found += _lags(name, grid, lag, asked)
    if asked.system:
        for name, lag in first.items():
            found += _differences(name, grid, lag - 1, asked)
    names = [*grid.terms, *grid.extra]
    for name in (*grid.exogenous, *grid.extra):
        column = transformed[:, :, 1 + names.index(name)]
        found.append(_standard(name, column, grid, asked))
    if asked.system:
        rows = tuple(range(grid.periods - 1, 2 * grid.periods - 1))
        ones = np.ones((len(grid.used), grid.periods))
        found.append(Instrument(CONSTANT, ones, rows, tuple(range(grid.periods)), in_levels=True))
    return found


def _lags(name: str, grid: Grid, first: int, asked: Asked) -> list[Instrument]:
    """Return lags of a level as instruments of the transformed equations."""
    last = grid.periods - 1 if asked.max_lag is None else asked.max_lag
    places = [(lag, t) for lag in range(first, last + 1) for t in range(max(lag, 1), grid.periods)]
    return _columns(name, grid.levels[name], places, asked.collapse, offset=-1, in_levels=False)


def _differences(name: str, grid: Grid, lag: int, asked: Asked) -> list[Instrument]:
    """Return one lag of the difference as instruments of the equations in levels."""
    level = grid.levels[name]
    change = np.diff(level, axis=1, prepend=np.nan)
    places = [(lag, t) for t in range(lag + 1, grid.periods)]
    start = grid.periods - 1
    return _columns(name, change, places, asked.collapse, offset=start, in_levels=True)


def _columns(
    name: str,
    source: Array,
    places: list[tuple[int, int]],
    collapse: bool,
    *,
    offset: int,
    in_levels: bool,
) -> list[Instrument]:
    """Return a column for each (lag, period), or for each lag where collapsed."""
    group = f"{name}, {LEVEL}" if in_levels else name
    values = np.nan_to_num(source)
    sets = (
        [[place for place in places if place[0] == lag] for lag in dict(places)]
        if collapse
        else [[place] for place in places]
    )
    return [
        Instrument(
            group, values, tuple(t + offset for _, t in one), tuple(t - lag for lag, t in one),
            in_levels,
        )
        for one in sets
    ]  # fmt: skip


def _standard(name: str, column: Array, grid: Grid, asked: Asked) -> Instrument:
    """Return an exogenous column: transformed and in levels; a time dummy of a system in levels."""
    first = grid.periods - 1 if asked.system and name in grid.dummies else 0
    rows = tuple(range(first, column.shape[1]))
    return Instrument("exogenous", column, rows, rows, in_levels=first > 0)


def columns_of(instruments: Sequence[Instrument], grid: Grid, block: slice) -> Array:
    """Return the (n, R, L) instruments of a block of entities; rows not estimated are 0."""
    used = grid.used[block]
    z = np.zeros((*used.shape, len(instruments)))
    for j, one in enumerate(instruments):
        z[:, one.rows, j] = one.source[block][:, one.times]
    return z * used[:, :, None]


def blocks(grid: Grid, count: int) -> Iterator[slice]:
    """Yield slices of entities whose instruments fit in memory together."""
    step = max(1, BLOCK // (grid.used.shape[1] * max(count, 1)))
    for start in range(0, len(grid.used), step):
        yield slice(start, start + step)
