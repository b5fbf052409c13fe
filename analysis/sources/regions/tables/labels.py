"""What a table's labels name: variables of the list, or the user's own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.sources.regions.answers import DeclaredVariable
from analysis.sources.regions.tables.columns import FIGURES, Column, labels_of, without_unit
from analysis.sources.regions.variables import variable_called
from analysis.sources.regions.words import clean, key
from analysis.sources.regions.years import split_year


@dataclass(frozen=True)
class Label:
    """A label as written, the variable it names (None: none that is known), the units it holds."""

    text: str
    variable: str | None
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Labels:
    """Reads a table's labels, each once.

    Attributes
    ----------
    declared
        What the user said of labels.
    constant
        What the table counts where a label says nothing but 合计.
    """

    declared: Mapping[str, DeclaredVariable]
    constant: str | None
    known: dict[str, Label] = field(default_factory=dict)

    def of_column(self, column: Column) -> Label:
        """Return what a column's header names."""
        return self._once(column.label, column.parts, column.units)

    def of_text(self, written: str) -> Label:
        """Return what a line's words name."""
        return self.of_row(written, Column(0, FIGURES))

    def of_row(self, cell: object, column: Column) -> Label:
        """Return what a row's label names together with the header over the figure."""
        written = clean(cell)
        if not written:
            return self.of_column(column)
        text = f"{written} / {column.label}" if column.parts else written
        if text in self.known:
            return self.known[text]
        words, units = without_unit(written)
        parts = (split_year(words)[1], *column.parts)
        return self._once(text, tuple(filter(None, parts)), (*units, *column.units))

    def _once(self, text: str, parts: tuple[str, ...], units: tuple[str, ...]) -> Label:
        if text not in self.known:
            self.known[text] = Label(text, self._variable(text, parts), units)
        return self.known[text]

    def _variable(self, text: str, parts: tuple[str, ...]) -> str | None:
        declared = {key(label): variable.name for label, variable in self.declared.items()}
        for written in (text, " ".join(parts)):
            if written and key(written) in declared:
                return declared[key(written)]
        labels = labels_of(parts)
        return variable_called(labels) if labels else self.constant
