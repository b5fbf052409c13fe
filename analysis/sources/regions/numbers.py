"""What a cell of a table's body holds: a number, a symbol, nothing, or what cannot be either."""

import math
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from analysis.sources.regions.sheets import Cell
from analysis.sources.regions.units import read_unit
from analysis.sources.regions.words import MARKS, clean, words

_GROUPED = re.compile(r"[+-]?\d{1,3}([, ])\d{3}(\1\d{3})*(\.\d+)?")
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_WITH_UNIT = re.compile(r"([+-]?[\d, .]*\d)\s*([^\d\s.,+-].*)")
ERROR = re.compile(r"#(REF|DIV/0|VALUE|NAME\?|N/A|NUM|NULL|CALC|SPILL)[!?]?|#{3,}", re.IGNORECASE)
_DASHES = re.compile("^[-‐‑‒–—―－ー一]+$")
_DOTS = re.compile(r"^(\.{2,}|…+|⋯+|·{2,})$")


@dataclass(frozen=True, slots=True)
class Content:
    """A cell's content, one of: a value (with its own unit or none), a symbol, or ``wrong``.

    ``symbol`` is empty for no symbol; "blank" stands for an empty cell. ``wrong``: formula_error,
    date or text.
    """

    value: float | None = None
    unit: str = ""
    symbol: str = ""
    wrong: str = ""

    @property
    def filled(self) -> bool:
        """Whether the cell says anything of a figure: a number, or a symbol that is no blank."""
        return self.is_number or bool(self.symbol and self.symbol != "blank")

    @property
    def is_number(self) -> bool:
        """Whether the cell is a number, or a formula that should have given one."""
        return self.value is not None or self.wrong == "formula_error"


def read_cell(cell: Cell) -> Content:
    """Return what a body's cell holds."""
    if cell is None:
        return Content(symbol="blank")
    if isinstance(cell, bool):
        return Content(wrong="text")
    if isinstance(cell, int | float):
        return Content(float(cell)) if math.isfinite(cell) else Content(symbol="blank")
    return Content(wrong="date") if isinstance(cell, date) else _read_text(str(cell))


@lru_cache(maxsize=65536)
def _read_text(text: str) -> Content:
    if ERROR.fullmatch(text.strip()):
        return Content(wrong="formula_error")
    word = clean(MARKS.sub("", text)).lstrip("'")
    if not word:
        return Content(symbol="blank")
    if (number := _number(word)) is not None:
        return Content(number)
    if word.endswith("%") and (number := _number(word[:-1].strip())) is not None:
        return Content(number, unit="%")
    found = _WITH_UNIT.fullmatch(word)
    if found and read_unit(found[2]) and (number := _number(found[1])) is not None:
        return Content(number, unit=found[2])
    return Content(symbol=symbol_of(text)) if _is_symbol(text) else Content(wrong="text")


def _number(word: str) -> float | None:
    if _GROUPED.fullmatch(word):
        word = word.replace(",", "").replace(" ", "")
    return float(word) if _PLAIN.fullmatch(word) else None


def symbol_of(text: str) -> str:
    """Return a symbol in the one form that it is asked and explained by: … for any row of dots."""
    bare = text.strip("\u3000\xa0 \t\r\n\"'“”‘’「」")
    if _DOTS.match(bare):
        return "…"
    if _DASHES.match(bare):
        return "一" if set(bare) == {"一"} else "-"
    return clean(bare).lower()


def _is_symbol(text: str) -> bool:
    symbol = symbol_of(text)
    return symbol in ("…", "-", "一") or symbol in words()["symbols"]["words"]
