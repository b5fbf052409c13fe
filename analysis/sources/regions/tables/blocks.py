"""Where the tables of a sheet stand: the lines above, the header, the body, the lines below."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from analysis.sources.regions.numbers import read_cell
from analysis.sources.regions.sheets import Cell, Sheet
from analysis.sources.regions.tables.axes import Axis, axis_of
from analysis.sources.regions.tables.grid import Grid
from analysis.sources.regions.tables.lines import CONTINUED, is_unit_line
from analysis.sources.regions.variables import variable_called
from analysis.sources.regions.words import clean, header_role
from analysis.sources.regions.years import looks_like_year, year_of

_TITLE = re.compile(
    r"^\s*(表|附表|续表|\d+\s*[-—－]\s*\d+)|地区.*(情况|数|额|资)|年鉴|\bby (region|province)",
    re.IGNORECASE,
)
# what stands in the first column where a row numbers the columns: 甲 1 2 3
_NUMBERING = ("甲", "栏次", "A", "a")


@dataclass(frozen=True)
class Block:
    """One table.

    Attributes
    ----------
    lines, notes
        Prose above the table (the nearest last) and below it.
    grid
        Header and body, upright: the names of ``axis`` stand down a column.
    start
        The first row of the body.
    """

    lines: tuple[str, ...]
    notes: tuple[str, ...]
    grid: Grid
    start: int
    axis: Axis


def blocks_of(sheet: Sheet) -> list[Block]:
    """Return the tables of a sheet, upright: places (or years, without places) down a column.

    A header that comes again (续表) begins another table, under the first one's lines.
    """
    grid = Grid.of(sheet)
    axis = axis_of(grid)
    if axis is None:
        return []
    return _upright(grid, axis) if axis.down else _turned(grid, axis)


def _turned(grid: Grid, axis: Axis) -> list[Block]:
    """Return the one table whose names stand in row ``axis.at``, turned upright."""
    top = min(_header_top(grid, axis.at, 0), axis.at)
    numbers = (row for row in range(grid.height) if _numbers_beside(grid, row, -1))
    last = max(axis.at, *numbers)
    block = _block(
        grid.part(range(top, last + 1)).turn(), replace(axis, down=True, at=axis.at - top), []
    )
    above, below = _prose(grid, range(top)), _notes(grid, range(last + 1, grid.height))
    return [replace(block, lines=(*above, *block.lines), notes=below)] if block else []


def _upright(grid: Grid, axis: Axis) -> list[Block]:
    blocks: list[Block] = []
    for first, end in pairwise([*_starts(grid, axis), grid.height]):
        inherited = [*blocks[-1].lines, *blocks[-1].notes] if blocks else []
        block = _block(grid.part(range(first, end)), axis, inherited)
        blocks += [block] if block else []
    return blocks


def _starts(grid: Grid, axis: Axis) -> list[int]:
    """Return the first rows of the tables: a header below a body begins another."""
    starts, in_body = [0], False
    for row in range(grid.height):
        if in_body and _heads(grid.cells[row][axis.at]):
            starts.append(_lines_above(grid, row, axis.at))
            in_body = False
        elif not in_body:
            in_body = _is_named_row(grid, row, axis)
    return starts


def _heads(cell: Cell) -> bool:
    return isinstance(cell, str) and header_role(cell) in ("place", "code", "year")


def _lines_above(grid: Grid, row: int, anchor: int) -> int:
    while row and not _numbers_beside(grid, row - 1, anchor):
        row -= 1
    return row


def _block(grid: Grid, axis: Axis, inherited: list[str]) -> Block | None:
    named = [row for row in range(grid.height) if _is_named_row(grid, row, axis)]
    if not named:
        return None
    start = _with_rows_above(grid, named[0], axis)
    last = max(
        row for row in range(start, grid.height)
        if axis.names(grid.cells[row][axis.at]) or _numbers_beside(grid, row, axis.at)
    )  # fmt: skip
    top = _header_top(grid, start, axis.at)
    header = [row for row in range(top, start) if grid.filled(row)]
    lines = (*inherited, *_prose(grid, range(top)), *_corner(grid, header, axis.at))
    notes = _notes(grid, range(last + 1, grid.height))
    core = grid.part([*header, *range(start, last + 1)])
    return Block(lines, notes, core, len(header), axis)


def _is_named_row(grid: Grid, row: int, axis: Axis) -> bool:
    cells = grid.cells[row]
    return axis.names(cells[axis.at]) and any(
        read_cell(cell).filled for column, cell in enumerate(cells) if column != axis.at
    )


def _with_rows_above(grid: Grid, start: int, axis: Axis) -> int:
    """Return the first row of a body whose first rows may be misspelt or without a figure."""
    while start and _may_be_body(grid, start - 1, axis):
        start -= 1
    return start


def _may_be_body(grid: Grid, row: int, axis: Axis) -> bool:
    cell = grid.cells[row][axis.at]
    if grid.repeats(row, axis.at) or _heads(cell) or clean(cell) in _NUMBERING:
        return False
    if axis.names(cell):
        return True
    numbers = [
        other for column, other in enumerate(grid.cells[row])
        if column != axis.at and read_cell(other).value is not None
    ]  # fmt: skip
    if any(year_of(number) is None for number in numbers):
        return True
    # years may head columns, or be the figures of a body whose header stands above
    headed = any(_heads(grid.cells[above][axis.at]) for above in range(row))
    return bool(numbers) and cell is not None and headed


def _numbers_beside(grid: Grid, row: int, anchor: int) -> int:
    return sum(
        read_cell(cell).is_number
        for column, cell in enumerate(grid.cells[row])
        if column != anchor and cell is not None
    )


def _prose(grid: Grid, rows: range) -> tuple[str, ...]:
    return tuple(str(grid.cells[row][column]) for row in rows for column in grid.filled(row))


def _notes(grid: Grid, rows: range) -> tuple[str, ...]:
    """Return the rows below as a line each: a comma within a note parts it in a CSV file."""
    lines = (", ".join(str(grid.cells[row][at]).strip() for at in grid.filled(row)) for row in rows)
    return tuple(line for line in lines if line)


def _corner(grid: Grid, header: list[int], anchor: int) -> list[str]:
    cells = [grid.cells[row][anchor] for row in header]
    return [str(cell) for cell in cells if is_unit_line(cell)]


# --- prose or header ---------------------------------------------------------------------------


def _header_top(grid: Grid, end: int, anchor: int) -> int:
    """Return the first header row above ``end``: below the last line of prose."""
    marked = [row for row in range(end) if _is_marked(grid, row)]
    top = marked[-1] + 1 if marked else 0
    while top < end and _is_prose(grid, top, anchor):
        top += 1
    return top


def _is_marked(grid: Grid, row: int) -> bool:
    """Say whether a row only says the unit or 续表, beside at most one other text."""
    texts = [str(grid.cells[row][column]) for column in grid.filled(row)]
    others = [text for text in texts if not (is_unit_line(text) or CONTINUED.search(text))]
    marked = len(others) < len(texts) and len(others) <= 1
    return marked and not any(_is_heading(text) for text in others)


def _is_prose(grid: Grid, row: int, anchor: int) -> bool:
    filled = grid.filled(row)
    if len(filled) > 1:
        return False
    cell = grid.cells[row][filled[0]] if filled else None
    if cell is None:
        return True
    beside = filled[0] <= anchor
    if _is_heading(cell) and not (beside and looks_like_year(cell)):
        return False
    return beside or bool(_TITLE.search(clean(cell)))


def _is_heading(cell: Cell) -> bool:
    """Say whether a cell heads a column: a role's word, a year, a variable."""
    text = clean(cell)
    return bool(header_role(text)) or looks_like_year(cell) or variable_called([text]) is not None
