"""A table's figures: each cell with its place, year, variable and unit, or why it has none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.messages import UserError
from analysis.sources.regions.answers import MISSING_KINDS
from analysis.sources.regions.numbers import Content, read_cell
from analysis.sources.regions.places import Named, names_by_code, nearest_names, place_below
from analysis.sources.regions.tables.columns import Column
from analysis.sources.regions.tables.constants import own_book_year, own_place
from analysis.sources.regions.tables.labels import Label
from analysis.sources.regions.tables.rows import place_of_row
from analysis.sources.regions.tables.table import Table
from analysis.sources.regions.tables.unread import (
    columns_set_aside,
    columns_with_figures,
    no_variable,
)
from analysis.sources.regions.understanding import SetAside
from analysis.sources.regions.words import clean
from analysis.sources.regions.years import year_of
from analysis.status import STATUSES

WRONG = {
    "formula_error": "region_formula_error",
    "date": "region_date",
    "text": "region_number",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure before its symbols are explained; ``missing_kind`` where a column says it."""

    place: Named
    name: str
    year: int
    variable: str
    content: Content
    unit: str
    cell: str
    missing_kind: str = ""
    status: str = ""
    source: str = ""


def entries_of(table: Table) -> Iterator[Entry | SetAside]:
    """Yield the table's figures from top to bottom, and what is set aside.

    Raises
    ------
    UserError
        For the first row, column or cell that is neither understood nor known to be left out.
    """
    yield from columns_set_aside(table)
    figures = columns_with_figures(table)
    for row in range(table.block.start, table.block.grid.height):
        yield from _of_row(table, row, figures)


def _of_row(table: Table, row: int, figures: Sequence[Column]) -> Iterator[Entry | SetAside]:
    grid = table.block.grid
    contents = [read_cell(grid.cells[row][column.at]) for column in figures]
    silent = not any(content.filled or content.wrong for content in contents)
    if silent and not (_names_a_place(table, row) and _is_dated(table, row)):
        return
    place, name = _place(table, row)
    if place.reason:
        yield from _once(table, SetAside(name, _name_cell(table, row), place.reason))
        return
    if silent and place.whole:
        return
    for column, content in zip(figures, contents, strict=True):
        label = _label(table, row, column)
        if label.variable is None:
            cell = grid.place(row, table.of_role("variable")[0].at)
            yield from _once(table, SetAside(label.text, cell, no_variable(label)))
        else:
            yield _entry(table, row, column, content, place, name, label)


def _once(table: Table, aside: SetAside) -> Iterator[SetAside]:
    """Yield what is set aside at its first place only: a long table repeats it a year."""
    if (aside.name, aside.reason) not in table.seen:
        table.seen[aside.name, aside.reason] = None
        yield aside


def _names_a_place(table: Table, row: int) -> bool:
    """Say whether a row without a figure is a place's: others are headings between the rows."""
    cells = table.block.grid.cells[row]
    named = (table.block.axis.names(cells[column.at]) for column in table.of_role("place"))
    return any(named) if table.block.axis.by_place else True


def _is_dated(table: Table, row: int) -> bool:
    """Say whether a row has its year, where there is a column of years: a template's may wait."""
    return not table.of_role("year") or table.cell_of("year", row) is not None


def _place(table: Table, row: int) -> tuple[Named, str]:
    if table.block.axis.by_place:
        columns = table.of_role("place")
        return place_of_row(table.file, table.block.grid, row, columns, table.within)
    return _constant_place(table, row)


def _constant_place(table: Table, row: int) -> tuple[Named, str]:
    asked = table.answers.place
    code = place_below(asked).code if asked else own_place(table.block)
    if code is None and asked:
        near = ", ".join(nearest_names(asked)) or "-"
        raise UserError("region_place_asked", place=asked, nearest=near)
    if code is None:
        raise UserError("region_no_place", file=table.file, cell=_name_cell(table, row))
    names = names_by_code()
    return Named((code,)), names[code].zh if code in names else str(asked)


def _name_cell(table: Table, row: int) -> str:
    return table.block.grid.place(row, table.block.axis.at)


def _label(table: Table, row: int, column: Column) -> Label:
    return table.labels.of_row(table.cell_of("variable", row), column)


def _entry(
    table: Table, row: int, column: Column, content: Content, place: Named, name: str, label: Label
) -> Entry:
    cell = table.block.grid.place(row, column.at)
    if content.wrong:
        value = table.block.grid.cells[row][column.at]
        raise UserError(WRONG[content.wrong], file=table.file, cell=cell, value=value)
    if content.filled and table.block.grid.repeats(row, column.at):
        raise UserError("region_merged_figure", file=table.file, cell=cell)
    variable = label.variable or ""
    return Entry(
        place, name, _year(table, row, column), variable, content,
        table.units.unit_of(variable, _own_units(table, row, content, label), cell), cell,
        _word(table, row, "missing_kind", MISSING_KINDS), _word(table, row, "status", STATUSES),
        clean(table.cell_of("source", row)),
    )  # fmt: skip


def _own_units(table: Table, row: int, content: Content, label: Label) -> tuple[str, ...]:
    if content.unit:
        return (content.unit,)
    own = clean(table.cell_of("unit", row))
    return (own,) if own else label.units


def _word(table: Table, row: int, role: str, known: Sequence[str]) -> str:
    """Return a row's word in the column of a role, if it is one that is known."""
    word = clean(table.cell_of(role, row))
    return word if word in known else ""


def _year(table: Table, row: int, column: Column) -> int:
    if column.year:
        return column.year
    if columns := table.of_role("year"):
        cell = table.cell_of("year", row)
        if (year := year_of(cell)) is None:
            where = table.block.grid.place(row, columns[0].at)
            shown = "" if cell is None else cell
            raise UserError("region_year", file=table.file, cell=where, value=shown)
        return year
    if table.year is None:
        raise _no_year(table)
    return table.year


def _no_year(table: Table) -> UserError:
    sheet = table.block.grid.sheet or "-"
    if book := own_book_year(table.block):
        return UserError("region_book_year", file=table.file, sheet=sheet, book=book)
    return UserError("region_no_year", file=table.file, sheet=sheet)
