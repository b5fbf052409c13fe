"""What each column of a table holds: told by its header, else by what stands in it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from analysis.sources.regions.numbers import read_cell
from analysis.sources.regions.places import coded_place, named_place
from analysis.sources.regions.sheets import Cell
from analysis.sources.regions.tables.axes import LOOKED_AT
from analysis.sources.regions.tables.blocks import Block
from analysis.sources.regions.tables.grid import Grid
from analysis.sources.regions.tables.lines import is_unit_line, units_in
from analysis.sources.regions.units import read_unit
from analysis.sources.regions.variables import variable_called
from analysis.sources.regions.words import CHINESE, clean, header_role, key, words
from analysis.sources.regions.years import looks_like_year, split_year, year_of

FIGURES, IGNORED = "figures", "ignored"
# a column's own number in a row that numbers the columns
_NUMBER = re.compile(r"\(?\d{1,2}\)?")
_IN_PARENTHESES = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    role
        place, code, year, variable, unit, missing_kind, status, figures or ignored.
    label
        The header as written, its rows joined by " / ".
    parts
        What the header says beside year and unit, its rows in order.
    year
        The year that the header names.
    units
        The units that the header names.
    bad_year
        The header's words that only try to be a year: 20008.
    """

    at: int
    role: str
    label: str = ""
    parts: tuple[str, ...] = ()
    year: int | None = None
    units: tuple[str, ...] = ()
    bad_year: str = ""


def columns_of(block: Block) -> list[Column]:
    """Return the table's columns from left to right."""
    headers = _headers(block)
    return [_column(block, at, headers[at]) for at in range(block.grid.width)]


def _headers(block: Block) -> list[list[str]]:
    """Return each column's header cells from top to bottom, a group's name at all its columns."""
    grid, rows = block.grid, range(block.start)
    return [
        list(dict.fromkeys(filter(None, (_header_cell(grid, rows, row, at) for row in rows))))
        for at in range(grid.width)
    ]


def _header_cell(grid: Grid, rows: range, row: int, at: int) -> str:
    """Return a header's cell; a blank one beside a group's name (no merge in CSV) takes it."""
    if grid.cells[row][at] is not None:
        return clean(_shown(grid.cells[row][at]))
    if not any(grid.cells[below][at] is not None for below in rows if below > row):
        return ""
    left = next((c for c in range(at - 1, -1, -1) if grid.cells[row][c] is not None), None)
    if left is None or header_role(clean(grid.cells[row][left])):
        return ""
    group = grid.cells[row][left]
    is_group = any(grid.cells[below][left] not in (None, group) for below in rows if below > row)
    return clean(group) if is_group else ""


def _shown(cell: object) -> str:
    """Return a header's cell as text: 2019 and 2019.0 are one."""
    year = year_of(cell)  # type: ignore[arg-type]
    return str(year) if year else str(cell)


def _column(block: Block, at: int, header: list[str]) -> Column:
    label = " / ".join(header)
    role = _corrected(block, at, _role(header)) or _role_of_content(block, at, header)
    if at == block.axis.at and role != "code":
        return Column(at, "place" if block.axis.by_place else "year", label)
    if role == "value":
        return Column(at, FIGURES, label)
    return _figures(at, label, header) if role == FIGURES else Column(at, role, label)


def _role(header: list[str]) -> str:
    """Return the role that a header's words name, whole or row by row; empty without."""
    found = header_role(" ".join(header)) or next(filter(None, map(header_role, header)), None)
    return found or ""


def _corrected(block: Block, at: int, role: str) -> str:
    """Return year or variable as the cells have it: a corner's word may be about the other line."""
    other = {"year": "variable", "variable": "year"}.get(role)
    if other is None:
        return role
    is_one = (_TEXTS | _NUMBERS)[other]
    cells = [row[at] for row in block.grid.cells[block.start :][:LOOKED_AT] if row[at] is not None]
    return other if cells and all(map(is_one, cells)) else role


def _role_of_content(block: Block, at: int, header: list[str]) -> str:
    body = block.grid.cells[block.start :]
    cells = [row[at] for row in body[:LOOKED_AT] if row[at] is not None]
    if cells and variable_called(labels_of(header)) is None and not _dated(header):
        for role, is_one in _TEXTS.items() if header else (_TEXTS | _NUMBERS).items():
            if sum(map(is_one, cells)) * 2 > len(cells):
                return role
    return FIGURES if any(read_cell(row[at]).filled for row in body) else IGNORED


def _dated(header: Iterable[str]) -> bool:
    return any(split_year(part)[0] for part in header)


_TEXTS: dict[str, Callable[[Cell], bool]] = {
    "place": lambda cell: read_cell(cell).value is None and named_place(cell).known,
    "variable": lambda cell: bool(variable_called(labels_of(without_unit(clean(cell))[:1]))),
    "unit": lambda cell: read_unit(clean(cell)) is not None,
}
# under a header of its own a column of such numbers may count anything
_NUMBERS: dict[str, Callable[[Cell], bool]] = {
    "code": lambda cell: len(clean(cell).partition(".")[0]) == 6 and coded_place(cell).known,
    "year": lambda cell: year_of(cell) is not None,
}


def _figures(at: int, label: str, header: list[str]) -> Column:
    parts: list[str] = []
    units: list[str] = []
    years: list[int] = []
    for text in header:
        rest, found = without_unit(text)
        units += found
        year, rest = split_year(rest)
        years += [year] if year else []
        parts += [rest] if rest and not _NUMBER.fullmatch(rest) else []
    bad = next((part for part in parts if looks_like_year(part)), "")
    year = years[0] if len(set(years)) == 1 else None
    return Column(at, FIGURES, label, tuple(parts), year, tuple(dict.fromkeys(units)), bad)


def without_unit(text: str) -> tuple[str, list[str]]:
    """Return a label without its unit, and the unit: 会员（万人） gives 会员, 万人."""
    if is_unit_line(text):
        return "", list(units_in([text]))
    if read_unit(text):
        return "", [text]
    units = []
    for inside in _IN_PARENTHESES.findall(text):
        if unit := _unit_within(inside.strip()):
            text = text.replace(f"({inside})", " ")
            units.append(unit)
    return clean(text), units


def _unit_within(text: str) -> str:
    """Return the unit that a text is, in one language or two (万人 10 000 persons); else empty."""
    if read_unit(text):
        return text
    chinese = "".join(re.findall(r"[\u4e00-\u9fff/%]+", text))
    other = text.replace(chinese, "").strip(" /,")
    same = read_unit(chinese) and read_unit(chinese) == read_unit(other)
    return chinese if same else ""


def labels_of(parts: Iterable[str]) -> list[str]:
    """Return the ways to read a header's rows as one label.

    The words for a total say nothing where another row says what is counted. English decides only
    where there is no Chinese: a translation may say less.
    """
    telling = [part for part in parts if not is_total(part)]
    chinese = "".join("".join(CHINESE.findall(part)) for part in telling)
    english = "" if chinese else " ".join(filter(None, map(_english, telling)))
    whole = " ".join(telling)
    return [
        label for label in dict.fromkeys([key(whole), chinese, english, whole.lower()]) if label
    ]


def _english(part: str) -> str:
    return " ".join(CHINESE.sub(" ", part).replace("、", " ").split()).lower()


def is_total(part: str) -> bool:
    """Say whether a header's words only say that all is counted: 合计 Total."""
    chinese = "".join(CHINESE.findall(part))
    english = _english(part)
    known = words()["totals"]
    return (not chinese or chinese in known["zh"]) and (not english or english in known["en"])
