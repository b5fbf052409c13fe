"""A part of a sheet that knows where its cells stood, upright or turned."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from analysis.sources.regions.sheets import Cell, Sheet, place_of


@dataclass(frozen=True)
class Grid:
    """Cells with their places in the sheet.

    Attributes
    ----------
    cells
        The rows.
    rows, columns
        Where each row and column stood in the sheet, from 0; exchanged in a turned grid.
    repeated
        Places in the sheet of cells that only repeat a merged area's value.
    turned
        Whether the sheet's columns are this grid's rows.
    """

    sheet: str
    cells: tuple[tuple[Cell, ...], ...]
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    repeated: frozenset[tuple[int, int]]
    turned: bool = False

    @classmethod
    def of(cls, sheet: Sheet) -> "Grid":
        """Return the whole sheet."""
        width = len(sheet.rows[0]) if sheet.rows else 0
        return cls(
            sheet.name, sheet.rows, tuple(range(len(sheet.rows))), tuple(range(width)),
            sheet.repeated,
        )  # fmt: skip

    @property
    def height(self) -> int:
        """The number of rows."""
        return len(self.cells)

    @cached_property
    def width(self) -> int:
        """The number of columns."""
        return len(self.columns)

    def place(self, row: int, column: int) -> str:
        """Return a cell's name as a spreadsheet writes it, with its sheet's where it has one."""
        at = self._at(row, column)
        return f"{self.sheet}!{place_of(*at)}" if self.sheet else place_of(*at)

    def repeats(self, row: int, column: int) -> bool:
        """Say whether a cell only repeats a merged area's value."""
        return self._at(row, column) in self.repeated

    def _at(self, row: int, column: int) -> tuple[int, int]:
        at = self.rows[row], self.columns[column]
        return at[::-1] if self.turned else at

    def part(self, rows: Iterable[int]) -> "Grid":
        """Return the rows named."""
        chosen = list(rows)
        return replace(
            self,
            cells=tuple(self.cells[row] for row in chosen),
            rows=tuple(self.rows[row] for row in chosen),
        )

    def turn(self) -> "Grid":
        """Return the grid with rows for columns."""
        return replace(
            self,
            cells=tuple(zip(*self.cells, strict=True)),
            rows=self.columns,
            columns=self.rows,
            turned=not self.turned,
        )

    def filled(self, row: int) -> list[int]:
        """Return the columns of a row's cells that hold something of their own."""
        cells = self.cells[row]
        return [
            column
            for column in range(self.width)
            if cells[column] is not None and not self.repeats(row, column)
        ]
