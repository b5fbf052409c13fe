"""The columns of a table that give figures, and those that are set aside, each with its reason."""

from collections.abc import Iterator

from analysis.messages import Text, UserError
from analysis.sources.regions.sheets import in_both
from analysis.sources.regions.tables.columns import FIGURES, IGNORED, Column, labels_of
from analysis.sources.regions.tables.labels import Label
from analysis.sources.regions.tables.table import Table
from analysis.sources.regions.understanding import SetAside
from analysis.sources.regions.variables import nearest_variables


def columns_with_figures(table: Table) -> list[Column]:
    """Return the columns whose figures are of a known variable, or of those that rows name.

    Raises
    ------
    UserError
        If a header only tries to be a year, or nothing says what a column counts.
    """
    columns = table.of_role(FIGURES)
    for column in columns:
        _check_year(table, column)
    if table.of_role("variable"):
        return columns
    for column in columns:
        _check_counted(table, column)
    return [column for column in columns if table.labels.of_column(column).variable]


def _check_year(table: Table, column: Column) -> None:
    if column.bad_year and not column.year:
        cell = table.header_cell(column)
        raise UserError("region_year", file=table.file, cell=cell, value=column.bad_year)


def _check_counted(table: Table, column: Column) -> None:
    if not table.labels.of_column(column).variable and not labels_of(column.parts):
        cell = table.header_cell(column)
        raise UserError("region_variable_unknown", file=table.file, cell=cell)


def columns_set_aside(table: Table) -> Iterator[SetAside]:
    """Yield the columns of no known variable, and those without a figure: notes, empty ones."""
    for column in table.of_role(FIGURES) if not table.of_role("variable") else ():
        label = table.labels.of_column(column)
        if label.variable is None:
            dated = column.year and table.labels.constant
            reason = in_both("region_more_than_year") if dated else no_variable(label)
            yield SetAside(label.text, table.header_cell(column), reason)
    for column in table.of_role(IGNORED):
        if column.label:
            reason = in_both("region_column_without_figure")
            yield SetAside(column.label, table.header_cell(column), reason)


def no_variable(label: Label) -> Text:
    """Return why a label is set aside, with the nearest variables where there are any."""
    near = nearest_variables(label.text)
    if near:
        return in_both("region_no_variable_near", nearest=", ".join(near))
    return in_both("region_no_variable")
