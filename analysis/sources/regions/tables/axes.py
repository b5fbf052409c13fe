"""Which column or row of a sheet names the places of its figures, or without places their years."""

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.sources.regions.numbers import read_cell
from analysis.sources.regions.places import NATION, coded_place, named_place, place_below
from analysis.sources.regions.sheets import Cell
from analysis.sources.regions.tables.grid import Grid
from analysis.sources.regions.words import clean, header_role
from analysis.sources.regions.years import year_of

# a table shows what it is in its first rows; the rest of a long one adds nothing
LOOKED_AT = 400
HEADER_LOOKED_AT = 50


@dataclass(frozen=True)
class Axis:
    """Where the names stand: down column ``at``, or across row ``at``, and what they are of.

    ``kind``: province, below (prefectures and counties, provinces among them), unknown (a header
    says that they are places, and none is known), or year.
    """

    kind: str
    down: bool
    at: int

    @property
    def by_place(self) -> bool:
        """Whether the names are of places."""
        return self.kind != "year"

    def names(self, cell: Cell) -> bool:
        """Say whether a cell is such a name."""
        if self.kind == "year":
            return year_of(cell) is not None
        if self.kind == "unknown":
            return isinstance(cell, str) and not header_role(cell)
        return coded_place(cell).known or (self.kind == "below" and bool(place_below(cell).codes))


def axis_of(grid: Grid) -> Axis | None:
    """Return the line with most distinct names beside numbers: of places, else of years."""
    found = (_best_line(grid, kind) for kind in ("province", "below", "unknown", "year"))
    return next(filter(None, found), None)


def _best_line(grid: Grid, kind: str) -> Axis | None:
    down: dict[int, set[str]] = {}
    across: dict[int, set[str]] = {}
    rows, columns = _numbers(grid)
    for row, column, name in _names(grid, kind):
        itself = read_cell(grid.cells[row][column]).is_number
        if rows[row] > itself:
            down.setdefault(column, set()).add(name)
        if columns[column] > itself:
            across.setdefault(row, set()).add(name)
    (most_down, column), (most_across, row) = _longest(down), _longest(across)
    if not most_down and not most_across:
        return None
    upright = most_down >= most_across
    return Axis(kind, upright, column if upright else row)


def _longest(lines: dict[int, set[str]]) -> tuple[int, int]:
    """Return how many names the line with most has, and which it is; of equal ones the first."""
    number, line = max(((len(names), -line) for line, names in lines.items()), default=(0, 0))
    return number, -line


def _numbers(grid: Grid) -> tuple[list[int], list[int]]:
    """Return how many numbers each row and each column holds."""
    rows, columns = [0] * grid.height, [0] * grid.width
    for row, cells in enumerate(grid.cells[:LOOKED_AT]):
        for column, cell in enumerate(cells):
            if cell is not None and read_cell(cell).is_number:
                rows[row] += 1
                columns[column] += 1
    return rows, columns


def _names(grid: Grid, kind: str) -> Iterator[tuple[int, int, str]]:
    coded = _columns_headed(grid, "code")
    headed = _columns_headed(grid, "place") if kind == "unknown" else None
    for row, cells in enumerate(grid.cells[:LOOKED_AT]):
        for column, cell in enumerate(cells):
            if cell is None or grid.repeats(row, column):
                continue
            if headed is not None and column not in headed:
                continue
            if name := _name(cell, kind, column in coded):
                yield row, column, name


def _columns_headed(grid: Grid, role: str) -> set[int]:
    return {
        column
        for cells in grid.cells[:HEADER_LOOKED_AT]
        for column, cell in enumerate(cells)
        if isinstance(cell, str) and header_role(cell) == role
    }


def _name(cell: Cell, kind: str, is_code: bool) -> str:
    """Return a name to count; a number is a code only where its column says so.

    The nation and groups of provinces do not count: 合计 heads columns too.
    """
    if kind == "year":
        return str(year_of(cell) or "")
    if read_cell(cell).value is not None and not is_code:
        return ""
    if kind == "unknown":
        return "" if header_role(clean(cell)) else clean(cell)
    look = coded_place if is_code else place_below if kind == "below" else named_place
    return next((code for code in look(cell).codes if code != NATION), "")
