"""A sheet as a grid of cells, whatever file it came from."""

from dataclasses import dataclass
from datetime import date

from analysis.messages import Text, message

Cell = str | float | int | date | None


@dataclass(frozen=True)
class Sheet:
    """A rectangle of cells.

    Attributes
    ----------
    name
        The sheet's name in its file; empty for a file that has no sheets.
    rows
        The cells; a merged area holds its value in each of its cells.
    repeated
        Places (row, column), from 0, of the cells that only repeat a merged area's value.
    remarks
        What reading has to say of the sheet, in both languages.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    repeated: frozenset[tuple[int, int]] = frozenset()
    remarks: tuple[Text, ...] = ()


def rectangle(rows: list[list[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """Return the rows at equal length, empty text as None, empty rows at the end left out."""
    width = max(map(len, rows), default=0)
    tidy = [tuple(_cell(cell) for cell in [*row, *[None] * (width - len(row))]) for row in rows]
    while tidy and all(cell is None for cell in tidy[-1]):
        tidy.pop()
    return tuple(tidy)


def _cell(value: Cell) -> Cell:
    if isinstance(value, str) and not value.strip("\u3000\xa0 \t\r\n"):
        return None
    return value


def in_both(key: str, **fields: object) -> Text:
    """Return the catalogue's sentence ``key`` in both languages."""
    return Text(message(key, "en", **fields), message(key, "zh", **fields))


def place_of(row: int, column: int) -> str:
    """Return a cell's name as a spreadsheet writes it: row 0, column 0 is A1."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"
