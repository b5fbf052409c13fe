"""What a check is handed, and what it finds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from analysis.disputes.regional import APART, NATION, converted
from analysis.disputes.regional.rows import KEYS
from analysis.messages import Text
from analysis.sources.regions import VARIABLES, in_both


@dataclass(frozen=True)
class Finding:
    """One sentence about the figures, by which check; an error where they cannot be right."""

    words: Text
    error: bool = False
    check: str = ""


@dataclass(frozen=True)
class Case:
    """A file's figures and what is known beside them, every value in base units.

    Attributes
    ----------
    printed
        The file's cells: code, year, variable, value, unit (as printed), missing_kind, name, cell.
    rows
        Of these the figures that there are, one a place, year and variable.
    totals
        The totals that its sheets print, columns as ``printed``; the code is that of the whole.
    stored
        The figures in use so far, shipped ones among them: code, year, variable, value.
    nation
        The shipped national series: code 000000, year, variable, value, status.
    names
        Names of places by code.
    """

    printed: pd.DataFrame
    rows: pd.DataFrame
    totals: pd.DataFrame
    stored: pd.DataFrame
    nation: pd.DataFrame
    names: Mapping[str, Text]

    @property
    def together(self) -> pd.DataFrame:
        """The file's figures and the stored ones of other cells; column ``new`` says which."""
        both = pd.concat([self.rows.assign(new=True), self.stored.assign(new=False)])
        return both.drop_duplicates(KEYS).sort_values(KEYS, ignore_index=True)

    def place(self, code: str) -> Text:
        """Return a place's name, its code where it has none."""
        return self.names.get(code, Text(code, code))


def case_of(
    printed: pd.DataFrame,
    totals: pd.DataFrame,
    stored: pd.DataFrame,
    nation: pd.DataFrame,
    names: Mapping[str, Text],
) -> Case:
    """Return the case of a file's cells and totals as printed, in their own units.

    Raises
    ------
    UserError
        If a known variable comes in a unit that is none of its own.
    """
    cells = converted(printed)
    filled = cells[cells["value"].notna() & (cells["missing_kind"] == "")]
    rows = filled.drop_duplicates(KEYS)[[*KEYS, "value"]]
    return Case(
        cells, rows.reset_index(drop=True), converted(totals).dropna(subset=["value"]),
        stored[[*KEYS, "value"]], nation, names,
    )  # fmt: skip


def found(key: str, *, error: bool = False, **fields: object) -> Finding:
    """Return a finding in the words of the catalogue's sentence ``check_KEY``."""
    return Finding(in_both(f"check_{key}", **fields), error)


def by(check: str, finding: Finding) -> Finding:
    """Return a finding with its check's name."""
    return replace(finding, check=check)


# --- words ------------------------------------------------------------------------------------


def label(variable: object) -> Text:
    """Return what a variable is called."""
    name = str(variable)
    return VARIABLES[name].label if name in VARIABLES else Text(name, name)


def adds_up(variable: object) -> bool:
    """Say whether regions add up to the whole; of a variable of one's own nobody knows."""
    return str(variable) in VARIABLES and VARIABLES[str(variable)].adds_up


def amount(value: float) -> str:
    """Return a number with as many digits as its size bears."""
    return f"{value:,.0f}" if abs(value) >= 1000.0 or value == int(value) else f"{value:,.4g}"


def listed(names: list[Text], most: int = 5) -> Text:
    """Return names as one text, no more than ``most`` of them."""
    shown, more = names[:most], len(names) - most
    english = ", ".join(name.en for name in shown) + (f" and {more} more" if more > 0 else "")
    chinese = "、".join(name.zh for name in shown) + (f"等{len(names)}个" if more > 0 else "")
    return Text(english, chinese)


def is_province(codes: pd.Series) -> pd.Series:
    """Say of each code whether it is a province of the mainland's yearbooks."""
    return codes.str.endswith("0000") & ~codes.isin([NATION, *APART])
