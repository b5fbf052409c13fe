"""A table: a block whose columns are understood, with what it says once for all its figures."""

from dataclasses import dataclass, field
from functools import cached_property

from analysis.messages import Text
from analysis.sources.regions.answers import Answers
from analysis.sources.regions.sheets import Cell
from analysis.sources.regions.tables.blocks import Block
from analysis.sources.regions.tables.columns import Column, columns_of
from analysis.sources.regions.tables.constants import own_place, own_units, own_variable, own_year
from analysis.sources.regions.tables.labels import Labels
from analysis.sources.regions.tables.lines import units_in
from analysis.sources.regions.tables.units import UnitRule


@dataclass(frozen=True)
class Table:
    """A block whose columns are known.

    Attributes
    ----------
    year
        The year of figures that have none of their own; None without.
    seen
        What was set aside already: a long table repeats it every year.
    """

    file: str
    block: Block
    answers: Answers
    columns: tuple[Column, ...]
    labels: Labels
    units: UnitRule
    year: int | None
    seen: dict[tuple[str, Text], None] = field(default_factory=dict)

    @cached_property
    def within(self) -> str:
        """The leading digits of the province that the table is about; empty without one."""
        return (own_place(self.block) or "")[:2]

    @cached_property
    def by_role(self) -> dict[str, list[Column]]:
        """The columns of each role; those that name places, by code or name, under one."""
        found: dict[str, list[Column]] = {}
        for column in self.columns:
            found.setdefault("place" if column.role == "code" else column.role, []).append(column)
        return found

    def of_role(self, role: str) -> list[Column]:
        """Return the columns of a role, from left to right."""
        return self.by_role.get(role, [])

    def cell_of(self, role: str, row: int) -> Cell:
        """Return a row's cell in the first column of a role; None without one."""
        columns = self.of_role(role)
        return self.block.grid.cells[row][columns[0].at] if columns else None

    def header_cell(self, column: Column) -> str:
        """Return where a column's lowest header cell stands; its first cell without a header."""
        grid = self.block.grid
        own = (row for row in range(self.block.start) if column.at in grid.filled(row))
        return grid.place(max(own, default=0), column.at)


def table_of(file: str, block: Block, answers: Answers) -> Table:
    """Return the block as a table, its columns understood."""
    declared = answers.variables
    units = UnitRule(
        file, own_units(block) or units_in(block.lines), answers.unit or "",
        {variable.name: variable.unit for variable in declared.values()},
    )  # fmt: skip
    constant = answers.variable or own_variable(block, Labels(declared, None))
    return Table(
        file, block, answers, tuple(columns_of(block)), Labels(declared, constant), units,
        answers.data_year or own_year(block),
    )  # fmt: skip
