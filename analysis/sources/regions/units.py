"""Units as yearbooks write them (件, 万人, 亿元, 10 000 persons): base unit and factor."""

import re
from functools import cache

from analysis.messages import UserError
from analysis.sources.regions.variables import VARIABLES

CASES, PERSONS, UNITS, YUAN, PERCENT, YEAR = "cases", "persons", "units", "yuan", "percent", "year"
_UNIT_WORDS = {
    CASES: ("cases", "case", "件", "起", "宗"),
    PERSONS: ("persons", "person", "people", "人"),
    UNITS: ("units", "unit", "unions", "个", "家", "户"),
    YUAN: ("yuan", "rmb", "元"),
    PERCENT: ("percent", "per cent", "%"),
    YEAR: ("year", "年", "年份"),
}
_BASES = {word: base for base, words in _UNIT_WORDS.items() for word in words}
# what stands before a unit; the longest first
_FACTORS = {
    "100 million": 1e8,
    "million": 1e6,
    "10 thousand": 1e4,
    "thousand": 1e3,
    "10,000": 1e4,
    "10 000": 1e4,
    "10000": 1e4,
    "1,000": 1e3,
    "1 000": 1e3,
    "1000": 1e3,
    "100m": 1e8,
    "10k": 1e4,
    "千万": 1e7,
    "百万": 1e6,
    "十万": 1e5,
    "亿": 1e8,
    "万": 1e4,
    "千": 1e3,
    "百": 1e2,
}
# a wage is paid by the year or the month, and stays what it was
_PERIODS = re.compile(r"([/／]?(月|年)|[/ _](a |per )?(month|year))$")


@cache
def read_unit(text: str) -> tuple[str, float] | None:
    """Return the base unit and the factor to it of words such as 万人, else None."""
    word = text.replace("％", "%").strip().lower()
    if word in _BASES:
        return _BASES[word], 1.0
    word, factor = _PERIODS.sub("", word), 1.0
    for prefix, times in _FACTORS.items():
        if word.startswith(prefix):
            word, factor = word[len(prefix) :].strip(" _"), times
            break
    return (_BASES[word], factor) if word in _BASES else None


def fits(variable: str, unit: str) -> bool:
    """Say whether a variable can come in a unit; a declared one may come in any."""
    if variable not in VARIABLES:
        return True
    found = read_unit(unit)
    return found is not None and found[0] == VARIABLES[variable].unit


def factor_to_base(variable: str, unit: str) -> float:
    """Return what a value in ``unit`` is multiplied by; 1 for a variable that is not known.

    Raises
    ------
    UserError
        If a known variable comes in a unit that is none of its own.
    """
    if variable not in VARIABLES:
        return 1.0
    found = read_unit(unit)
    if found is None or not fits(variable, unit):
        raise UserError("regional_unit", variable=variable, unit=unit)
    return found[1]
