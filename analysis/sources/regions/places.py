"""Which province a cell names: by code, Chinese or English name. Never a guess."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from analysis.files import read_rows
from analysis.paths import RAW
from analysis.sources.regions.sheets import Cell

NATION = "000000"
NATION_NAMES = (
    "全国",
    "全国合计",
    "全国总计",
    "合计",
    "总计",
    "national",
    "nationaltotal",
    "total",
)
CHINESE, LATIN = re.compile(r"[\u4e00-\u9fff]+"), re.compile(r"[A-Za-z]+")
# ① and the like would become digits under NFKC
FOOTNOTE = re.compile(r"[\u2460-\u24ff\u2776-\u2793]")
CODE = re.compile(r"(\d{6})(?:\.0+)?")


@dataclass(frozen=True)
class Named:
    """What a cell names: GB/T 2260 codes found (two where its languages disagree), words unknown.

    One code and no unknown word is an answer; anything else is the user's to settle.
    """

    codes: tuple[str, ...]
    unknown: tuple[str, ...] = ()

    @property
    def code(self) -> str | None:
        """The one code that every word of the cell stands for, else None."""
        return self.codes[0] if len(self.codes) == 1 and not self.unknown else None


def named_place(cell: Cell) -> Named:
    """Return the province or nation that a cell names.

    A prefecture's or county's code is taken by its form: six digits, the first two a province's.
    """
    text = unicodedata.normalize("NFKC", FOOTNOTE.sub("", "" if cell is None else str(cell)))
    if found := CODE.fullmatch(text.strip()):
        known = found[1] == NATION or found[1][:2] + "0000" in _codes()
        return Named((found[1],)) if known else Named((), (found[1],))
    words = ["".join(CHINESE.findall(text)), "".join(LATIN.findall(text)).lower()]
    words = [word for word in words if word]
    codes = {_names()[word]: None for word in words if word in _names()}
    return Named(tuple(codes), tuple(word for word in words if word not in _names()))


def nearest_names(word: str) -> list[str]:
    """Return known names close to an unknown one: suggestions for the user, nothing more."""
    return get_close_matches(word, _names(), n=2, cutoff=0.5)


@cache
def _codes() -> frozenset[str]:
    return frozenset(row["gb2260_code"] for row in read_rows(RAW / "provinces.csv"))


@cache
def _names() -> Mapping[str, str]:
    names = dict.fromkeys(NATION_NAMES, NATION)
    for row in read_rows(RAW / "provinces.csv"):
        for name in (row["name_zh"], row["name_zh_short"], row["name_en"]):
            names[name.replace(" ", "").lower()] = row["gb2260_code"]
    return names
