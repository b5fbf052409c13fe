"""What was understood of a region's file: figures, what was set aside, what the file says."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from analysis.messages import Text
from analysis.sources.regions.answers import Answers

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell of the file.

    Attributes
    ----------
    code
        GB/T 2260, six digits.
    name
        The place as the file writes it.
    value
        As printed, in ``unit``; None for a cell that says why it is empty.
    missing_kind
        Empty, or one of ``MISSING_KINDS``.
    cell
        Where it stands: Sheet1!C7, or C7 in a file without sheets.
    status, source
        A tidy file's own words on the figure; empty without.
    """

    code: str
    name: str
    year: int
    variable: str
    value: float | None
    unit: str
    missing_kind: str
    cell: str
    status: str = ""
    source: str = ""


@dataclass(frozen=True)
class SetAside:
    """A row, column or sheet that gives no figure, and why."""

    name: str
    cell: str
    reason: Text


@dataclass(frozen=True)
class Understanding:
    """Everything read from a file; ``learnt`` rereads it to the same figures without a question.

    Attributes
    ----------
    totals
        Figures of whole the places belong to (000000, or a province above its prefectures).
    title
        The table's title; empty without one.
    source
        What the file says of its source; empty where it says nothing.
    units
        Unit as written, by variable; several are joined by "; ".
    """

    figures: tuple[Figure, ...]
    totals: tuple[Figure, ...]
    set_aside: tuple[SetAside, ...]
    layout: Text
    title: str
    source: str
    notes: tuple[str, ...]
    symbols: Mapping[str, str]
    warnings: tuple[Text, ...]
    learnt: Answers

    @property
    def units(self) -> dict[str, str]:
        """The units as the file writes them, by variable."""
        found: dict[str, dict[str, None]] = {}
        for figure in self.figures:
            found.setdefault(figure.variable, {})[figure.unit] = None
        return {variable: "; ".join(units) for variable, units in found.items()}

    @property
    def years(self) -> tuple[int, ...]:
        """The years of the figures, ascending."""
        return tuple(sorted({figure.year for figure in self.figures}))

    def frame(self) -> "pd.DataFrame":
        """Return the figures, a column for each attribute of ``Figure``, a row for each."""
        import pandas as pd

        columns = [part.name for part in fields(Figure)]
        rows = [tuple(getattr(figure, name) for name in columns) for figure in self.figures]
        return pd.DataFrame(rows, columns=columns).astype({"value": float})
