"""What each variable of a table means: read from the TOML file beside the table's module."""

import math
import tomllib
from dataclasses import dataclass
from pathlib import Path

from analysis.messages import Text
from analysis.paths import ROOT

FOLDER = ROOT / "analysis" / "sources" / "tables"


@dataclass(frozen=True)
class Variable:
    """One variable of a table: its name in both languages, unit, definition and range."""

    name: str
    label: Text
    unit: str
    definition: Text
    minimum: float
    maximum: float
    whole: bool

    def accepts(self, value: float) -> bool:
        """Tell whether ``value`` lies in the variable's range (and is whole where it counts)."""
        if math.isnan(value):
            return True
        return self.minimum <= value <= self.maximum and not (self.whole and value % 1)


def read_variables(table: str, folder: Path = FOLDER) -> dict[str, Variable]:
    """Return the variables of ``table`` by name, in the order of its TOML file."""
    document = _document(table, folder)
    return {name: _variable(name, entry) for name, entry in document["variables"].items()}


def where_to_look(table: str, year: int, folder: Path = FOLDER) -> Text:
    """Return where a figure of ``year`` is printed; the yearbook appears one year later."""
    words = _document(table, folder).get("where_to_look", {"en": "", "zh": ""})
    return Text(*(words[language].format(yearbook=year + 1) for language in ("en", "zh")))


def _document(table: str, folder: Path) -> dict:
    return tomllib.loads((folder / f"{table}.toml").read_text(encoding="utf-8"))


def _variable(name: str, entry: dict) -> Variable:
    return Variable(
        name=name,
        label=Text(entry["en"], entry["zh"]),
        unit=entry.get("unit", ""),
        definition=Text(entry.get("definition_en", ""), entry.get("definition_zh", "")),
        minimum=entry.get("minimum", -math.inf),
        maximum=entry.get("maximum", math.inf),
        whole=entry.get("whole", False),
    )
