"""Which place a cell names: by code, Chinese or English name. Never a guess."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from analysis.files import read_rows
from analysis.messages import Text
from analysis.paths import RAW
from analysis.sources.regions.divisions import codes_named, names_near
from analysis.sources.regions.sheets import Cell
from analysis.sources.regions.words import CHINESE, LATIN, clean, words

NATION = "000000"
# provinces of GB/T 2260 that the mainland's yearbooks count apart
APART = ("710000", "810000", "820000")
CODE = re.compile(r"(\d{1,6})(?:\.0+)?")
# a union federation's sheet names its members, not their places
_UNION = re.compile("(总工会|工会)$")
_OF_WHICH = re.compile("^其中")
# first year of the youngest provinces, and of which one they were part before
FOUNDED = {"460000": (1988, "440000"), "500000": (1997, "510000")}


@dataclass(frozen=True)
class Named:
    """What a cell names: codes found (two where its languages disagree), words unknown.

    One code and no unknown word is an answer; ``reason`` says why a known word is no place to
    keep; ``whole`` that the code is that of whatever the other rows are parts of.
    """

    codes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    reason: Text | None = None
    whole: bool = False

    @property
    def code(self) -> str | None:
        """The one code that every word of the cell stands for, else None."""
        return self.codes[0] if len(self.codes) == 1 and not self.unknown else None

    @property
    def known(self) -> bool:
        """Whether the cell is a row's name, settled or not, or one of those that are set aside."""
        return bool(self.codes) or self.reason is not None


def named_place(cell: Cell) -> Named:
    """Return the place that a cell names.

    A prefecture's or county's code is taken by its form: six digits, the first two a province's.
    """
    return _named("" if cell is None or isinstance(cell, bool) else str(cell))


def place_below(cell: Cell, within: str = "") -> Named:
    """Return the place that a cell names, prefectures and counties by name among them.

    ``within``: leading digits of the whole that the table is about; a name that stands for several
    places keeps all their codes.
    """
    named = named_place(cell)
    words = [word for word in named.unknown if CHINESE.fullmatch(word)]
    if named.codes or named.reason or len(words) != 1:
        return named
    # its English name is in no list, and cannot be held against it
    return Named(codes) if (codes := codes_named(words[0], within)) else named


def coded_place(cell: Cell) -> Named:
    """Return the place of a column of codes: 11 and 4401 are 110000 and 440100, 0 the nation."""
    found = CODE.fullmatch(clean(cell))
    if found and (len(found[1]) in (2, 4) or not int(found[1])):
        return _named(found[1].ljust(6, "0"))
    return named_place(cell)


@cache
def _named(cell: str) -> Named:
    text = clean(cell)
    if (found := CODE.fullmatch(text)) and len(found[1]) == 6:
        return _coded(found[1])
    parts = [_chinese(text), "".join(LATIN.findall(text)).lower()]
    parts = [part for part in parts if part]
    if reason := next((_reasons()[part] for part in parts if part in _reasons()), None):
        return Named(reason=reason)
    codes = {_names()[part]: None for part in parts if part in _names()}
    unknown = tuple(part for part in parts if part not in _names())
    return Named(tuple(codes), unknown or _number(text), whole=any(p in _wholes() for p in parts))


def _coded(code: str) -> Named:
    if code in APART:
        return Named(reason=_reasons()["台湾"])
    known = code == NATION or code[:2] + "0000" in _provinces()
    return Named((code,)) if known else Named((), (code,))


def _chinese(text: str) -> str:
    word = _OF_WHICH.sub("", "".join(CHINESE.findall(text)))
    member = _UNION.sub("", word)
    return member if member in _names() or member in _reasons() else word


def _number(text: str) -> tuple[str, ...]:
    """Return a text without letters as an unknown word."""
    return (text,) if text and not CHINESE.search(text) and not LATIN.search(text) else ()


def nearest_names(word: str) -> list[str]:
    """Return known names close to an unknown one: suggestions for the user, nothing more."""
    return get_close_matches(word, _names(), n=2, cutoff=0.5) or names_near(word)


def parent_of(codes: Iterable[str]) -> str:
    """Return the smallest whole that all the places belong to: a prefecture, province or nation."""
    places = {code for code in codes if code != NATION}
    for digits in (4, 2):
        starts = {code[:digits] for code in places}
        whole = next(iter(starts), "").ljust(6, "0")
        if len(starts) == 1 and places - {whole}:
            return whole
    return NATION


def is_part_of(code: str, whole: str) -> bool:
    """Say whether a place lies in another: 320583 in 320500 and 320000, all in 000000."""
    start = "" if whole == NATION else whole.removesuffix("00").removesuffix("00")
    return code != whole and code.startswith(start)


def below_province(code: str) -> bool:
    """Say whether a code is a prefecture's or county's."""
    return not code.endswith("0000")


@cache
def province_names() -> Mapping[str, tuple[str, str, str]]:
    """Return each province's names: full and short Chinese, English."""
    return {
        row["gb2260_code"]: (row["name_zh"], row["name_zh_short"], row["name_en"])
        for row in read_rows(RAW / "provinces.csv")
    }


def names_by_code() -> dict[str, Text]:
    """Return the provinces' names by code, the Chinese ones short."""
    return {code: Text(english, short) for code, (_, short, english) in province_names().items()}


@cache
def _provinces() -> frozenset[str]:
    return frozenset(province_names())


@cache
def _wholes() -> frozenset[str]:
    return frozenset(words()["whole"]["names"])


@cache
def _reasons() -> Mapping[str, Text]:
    return {
        name: Text(group["en"], group["zh"])
        for group in words()["set_aside"]
        for name in group["names"]
    }


@cache
def _names() -> Mapping[str, str]:
    names = dict.fromkeys([*words()["nation"]["names"], *words()["whole"]["names"]], NATION)
    for code, found in province_names().items():
        names |= {name.replace(" ", "").lower(): code for name in found}
    for group in ("also", "apart_cities"):
        names |= {name: code for code, found in words()[group].items() for name in found}
    return names
