"""The place of a table's row: its code and its names in every language must agree."""

from collections.abc import Sequence
from itertools import filterfalse

from analysis.messages import UserError
from analysis.sources.regions.places import (
    NATION,
    Named,
    below_province,
    coded_place,
    is_part_of,
    nearest_names,
    place_below,
)
from analysis.sources.regions.sheets import Cell
from analysis.sources.regions.tables.columns import Column
from analysis.sources.regions.tables.grid import Grid
from analysis.sources.regions.words import clean


def place_of_row(
    file: str, grid: Grid, row: int, columns: Sequence[Column], within: str = ""
) -> tuple[Named, str]:
    """Return what a row's place columns name, and the name as written.

    ``within``: leading digits of the whole that the table says to be about.

    Raises
    ------
    UserError
        If they name nothing, something unknown, or two places.
    """
    cells = grid.cells[row]
    filled = [column for column in columns if cells[column.at] is not None]
    if not filled:
        raise UserError("region_no_name", file=file, cell=grid.place(row, columns[0].at))
    found = [_named(cells[column.at], column, within) for column in filled]
    if reason := next((one for one in found if one.reason), None):
        return reason, clean(cells[filled[found.index(reason)].at])
    found = _without_own_names(found, filled)
    for one, column in zip(found, filled, strict=True):
        if one.unknown:
            raise _unknown(file, grid, row, column, one)
    codes = _finest(found)
    if not codes:
        raise UserError("region_no_name", file=file, cell=grid.place(row, filled[0].at))
    if len(codes) > 1:
        cell = grid.place(row, filled[0].at)
        raise UserError("region_places_disagree", file=file, cell=cell, codes=", ".join(codes))
    whole = codes[0] == NATION and any(one.whole for one in found)
    return Named(codes, whole=whole), _name_of(codes[0], cells, found, filled)


def _name_of(code: str, cells: Sequence[Cell], found: list[Named], columns: list[Column]) -> str:
    """Return what the row calls its place: the name that means it, else the last, else its code."""
    pairs = list(zip(found, columns, strict=True))
    names = [column for _, column in pairs if column.role == "place"]
    meant = [c for one, c in pairs if c.role == "place" and code in one.codes]
    return clean(cells[(meant or names[-1:] or columns)[0].at])


def _without_own_names(found: list[Named], columns: list[Column]) -> list[Named]:
    """Forget names beside a county's code but those of provinces.

    The code says which place it is; names and codes of places below the province change.
    """
    coded = (one.code for one, c in zip(found, columns, strict=True) if c.role == "code")
    if not any(code and below_province(code) for code in coded):
        return found
    return [
        one if column.role == "code" else Named(tuple(filterfalse(below_province, one.codes)))
        for one, column in zip(found, columns, strict=True)
    ]


def _finest(found: list[Named]) -> tuple[str, ...]:
    """Return the codes that lie in all others: 江苏 and 苏州 are 苏州."""
    settled = [one.codes[0] for one in found if len(one.codes) == 1]
    codes = dict.fromkeys(code for one in found for code in _possible(one, settled))
    return tuple(c for c in codes if not any(is_part_of(other, c) for other in codes))


def _possible(named: Named, settled: list[str]) -> tuple[str, ...]:
    """Return a cell's codes that the row's other cells allow; all where they allow none."""
    left = (c for c in named.codes if all(c == other or is_part_of(c, other) for other in settled))
    return named.codes if len(named.codes) < 2 else tuple(left) or named.codes


def _named(cell: Cell, column: Column, within: str) -> Named:
    return coded_place(cell) if column.role == "code" else place_below(cell, within)


def _unknown(file: str, grid: Grid, row: int, column: Column, named: Named) -> UserError:
    """Say which word is unknown, and what it may have been meant to be."""
    where = {"file": file, "cell": grid.place(row, column.at), "value": grid.cells[row][column.at]}
    if column.role == "code":
        return UserError("region_code", **where)
    near = [name for word in named.unknown for name in nearest_names(word)]
    if not near:
        return UserError("region_place", **where)
    return UserError("region_place_near", **where, nearest=", ".join(dict.fromkeys(near)))
