"""What regional tables may hold: the variables that this package knows, their units, their sums."""

import re
from dataclasses import dataclass

from analysis.messages import UserError

CASES, PERSONS, UNITS, YUAN, PERCENT, YEAR = "cases", "persons", "units", "yuan", "percent", "year"
_UNIT_WORDS = {
    CASES: ("cases", "case", "件", "起"),
    PERSONS: ("persons", "person", "人"),
    UNITS: ("units", "unit", "unions", "个", "家"),
    YUAN: ("yuan", "元"),
    PERCENT: ("percent", "%", "％"),
    YEAR: ("year", "年", "年份"),
}
_BASES = {word: base for base, words in _UNIT_WORDS.items() for word in words}
# what stands before a unit; the longest first
_FACTORS = {
    "100 million": 1e8,
    "10,000": 1e4,
    "100m": 1e8,
    "10k": 1e4,
    "亿": 1e8,
    "万": 1e4,
    "千": 1e3,
}
# a wage is paid by the year or the month, and stays what it was
_PERIODS = re.compile(r"([/／]?(月|年)|[/ _](a |per )?(month|year))$")


@dataclass(frozen=True)
class Variable:
    """A variable: its name, base unit, and whether regions add up to the nation."""

    name: str
    unit: str
    adds_up: bool = True


# the census keeps names of its own: it counts members and the employed otherwise than the yearbooks
_ALL = (
    Variable("disputes_accepted", CASES),
    Variable("collective_disputes", CASES),
    Variable("workers_involved", PERSONS),
    Variable("union_members", PERSONS),
    Variable("grassroots_unions", UNITS),
    Variable("employment", PERSONS),
    Variable("average_wage", YUAN, adds_up=False),
    Variable("minimum_wage", YUAN, adds_up=False),
    Variable("gdp", YUAN),
    Variable("population", PERSONS),
    Variable("union_fee_income", YUAN),
    Variable("legal_units", UNITS),
    Variable("legal_units_with_union", UNITS),
    Variable("census_legal_units", UNITS),
    Variable("census_legal_units_with_union", UNITS),
    Variable("census_employed", PERSONS),
    Variable("census_union_members", PERSONS),
    Variable("wage_deposit_year", YEAR, adds_up=False),
    Variable("fee_collection_year", YEAR, adds_up=False),
)
VARIABLES = {variable.name: variable for variable in _ALL}
DATES = ("wage_deposit_year", "fee_collection_year")


def factor_to_base(variable: str, unit: str) -> float:
    """Return what a value in ``unit`` is multiplied by; 1 for a variable that is not known.

    Raises
    ------
    UserError
        If a known variable comes in a unit that is none of its own.
    """
    if variable not in VARIABLES:
        return 1.0
    word, factor = unit.strip().lower(), 1.0
    if VARIABLES[variable].unit == YUAN:
        word = _PERIODS.sub("", word)
    for prefix, times in _FACTORS.items():
        if word.startswith(prefix):
            word, factor = word[len(prefix) :].strip(" _"), times
            break
    if _BASES.get(word) != VARIABLES[variable].unit:
        raise UserError("regional_unit", variable=variable, unit=unit)
    return factor
