"""The unit of a figure: its cell's, row's or header's, else as typed, else the corner's."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.messages import UserError
from analysis.sources.regions.units import YEAR, fits, read_unit
from analysis.sources.regions.variables import VARIABLES
from analysis.sources.regions.words import clean


@dataclass(frozen=True)
class UnitRule:
    """Where the units of one table stand.

    Attributes
    ----------
    corner
        Units of the line 单位： nearest to the table.
    asked
        What the user typed: one unit, or "variable=unit, variable=unit".
    declared
        Units of variables that the user declared, by name.
    """

    file: str
    corner: tuple[str, ...] = ()
    asked: str = ""
    declared: Mapping[str, str] = field(default_factory=dict)
    known: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)

    def unit_of(self, variable: str, own: tuple[str, ...], cell: str) -> str:
        """Return a variable's unit as written; ``own`` are those that stand with the figure.

        Raises
        ------
        UserError
            If there is none, none that the variable can have, or several.
        """
        if (variable, own) not in self.known:
            self.known[variable, own] = self._unit_of(variable, own, cell)
        return self.known[variable, own]

    def _unit_of(self, variable: str, own: tuple[str, ...], cell: str) -> str:
        for units in (own, self._asked_for(variable), self.corner):
            if units:
                return self._only(variable, units, cell)
        if unit := self.declared.get(variable):
            return unit
        if variable in VARIABLES and VARIABLES[variable].unit == YEAR:
            return "年"
        raise UserError("region_unit_unknown", file=self.file, cell=cell, variable=variable)

    def _only(self, variable: str, units: tuple[str, ...], cell: str) -> str:
        """Return the one unit of several that the variable can have; languages say it twice."""
        fitting = [unit for unit in units if fits(variable, unit)]
        known = {read_unit(unit) or unit for unit in fitting}
        if len(known) == 1:
            return clean(fitting[0])
        raise UserError(
            "region_unit_kind", file=self.file, cell=cell, variable=variable, units=", ".join(units)
        )

    def _asked_for(self, variable: str) -> tuple[str, ...]:
        if "=" not in self.asked:
            return (self.asked,) if self.asked else ()
        pairs = (part.partition("=") for part in self.asked.replace("，", ",").split(","))
        return tuple(unit.strip() for name, _, unit in pairs if name.strip() == variable)
