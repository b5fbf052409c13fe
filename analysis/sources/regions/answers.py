"""What a file does not say itself: typed by the user, or kept in a sidecar."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from analysis.messages import UserError
from analysis.sources.regions.numbers import symbol_of
from analysis.sources.regions.variables import VARIABLES

# why a cell holds no figure
MISSING_KINDS = ("below_unit", "none", "unknown", "not_applicable")
BLANK = "blank"
_BLANK_WORDS = (BLANK, "空格", "空白", "空")
_NAME = re.compile("[a-z][a-z0-9_]*")
# what answers are in a sidecar; all others are text
_TYPES = {"data_year": int, "symbols": dict, "variables": dict}


@dataclass(frozen=True)
class DeclaredVariable:
    """What a label of the file means: a variable of the list, or one of the user's own.

    One of the list may come without ``unit``: the file must then say it, as ever.
    """

    name: str
    unit: str = ""
    adds_up: bool = True
    label_en: str = ""
    label_zh: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Answers:
    """What a file does not say itself.

    Attributes
    ----------
    sheet
        The one sheet to read; None reads each that names places.
    data_year
        Year of the figures of a table that says none.
    unit
        Unit of figures that say none; "variable=unit, variable=unit" where they differ.
    variable
        What a table counts that does not say it.
    place
        The place of a table that names none.
    symbols
        Kind of missing (``MISSING_KINDS``) by symbol; "blank" is the empty cell.
    variables
        What labels mean, by label as written.
    """

    sheet: str | None = None
    data_year: int | None = None
    unit: str | None = None
    variable: str | None = None
    place: str | None = None
    symbols: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, DeclaredVariable] = field(default_factory=dict)

    @staticmethod
    def symbols_of(text: str) -> dict[str, str]:
        """Return kinds by symbol from "…=below_unit,-=none,blank=unknown".

        Raises
        ------
        UserError
            If a part has no "=", or its kind is none of ``MISSING_KINDS``.
        """
        parts = (part.strip() for part in text.replace("，", ",").split(","))
        pairs = (part.rpartition("=") for part in parts if part)
        return _kinds({symbol if equals else "": kind for symbol, equals, kind in pairs})

    @staticmethod
    def declared_of(text: str) -> dict[str, DeclaredVariable]:
        """Return what a label means from "LABEL=variable" or "LABEL=variable,unit".

        Raises
        ------
        UserError
            If a part is missing, or a variable that is not in the list has no unit.
        """
        label, _, meaning = text.rpartition("=")
        name, _, unit = (part.strip() for part in meaning.partition(","))
        known = VARIABLES.get(name)
        declared = DeclaredVariable(name, unit, known.adds_up if known else True)
        if not label.strip() or not _is_whole(declared):
            raise UserError("region_variable_flag", part=text)
        return {label.strip(): declared}

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> "Answers":
        """Return the answers of a sidecar's [reading] section.

        Raises
        ------
        UserError
            If the section has a key that no answer has, a value of the wrong kind, or a variable
            without name or unit.
        """
        known = sorted(part.name for part in fields(cls))
        for name, value in table.items():
            if name not in known:
                raise UserError("region_answer", unknown=name, known=", ".join(known))
            if not isinstance(value, _TYPES.get(name, str)):
                raise UserError("region_answer_type", name=name, value=value)
        symbols, declared = table.get("symbols", {}), table.get("variables", {})
        return cls(**{**table, "symbols": _kinds(symbols), "variables": _declared(declared)})

    def as_table(self) -> dict[str, Any]:
        """Return the answers as a sidecar keeps them: nothing that is not known."""
        table = _known(asdict(self))
        if self.variables:
            entries = table["variables"].items()
            table["variables"] = {label: _known(entry) for label, entry in entries}
        return table


def _known(table: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in table.items() if value not in (None, "", {})}


def _is_whole(declared: DeclaredVariable) -> bool:
    """Say whether a declared variable has a name, and a unit unless the list knows it."""
    named = isinstance(declared.name, str) and bool(_NAME.fullmatch(declared.name))
    return named and bool(declared.unit or declared.name in VARIABLES)


def _declared(written: Mapping[str, Any]) -> dict[str, DeclaredVariable]:
    """Return declared variables by label.

    Raises
    ------
    UserError
        If one has a key that none has, or lacks name or unit.
    """
    try:
        declared = {label: DeclaredVariable(**entry) for label, entry in written.items()}
    except TypeError as error:
        raise UserError("region_declared", error=error) from error
    for label, variable in declared.items():
        if not _is_whole(variable):
            raise UserError("region_declared", error=label)
    return declared


def _kinds(written: Mapping[str, str]) -> dict[str, str]:
    """Return kinds by symbol, each symbol in its one form.

    Raises
    ------
    UserError
        If a symbol is empty, or its kind is none of ``MISSING_KINDS``.
    """
    kinds = {}
    for symbol, kind in written.items():
        if not symbol.strip() or str(kind).strip() not in MISSING_KINDS:
            part = f"{symbol}={kind}"
            raise UserError("region_symbols_flag", part=part, kinds=", ".join(MISSING_KINDS))
        one_form = BLANK if symbol.strip() in _BLANK_WORDS else symbol_of(symbol)
        kinds[one_form] = str(kind).strip()
    return kinds
