"""Prefectures and counties of GB/T 2260, as the package gb2260 lists them for 2002 to 2013.

Only this module reads that package. It loads in a fifth of a second, so it is asked only for what
the list of provinces does not know. Outside of its years nothing is known of a place.
"""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache

FIRST, LAST = 2002, 2013
# entries of the list that are no places
_HEADINGS = re.compile("^(市辖区|县|(省|自治区)直辖.*)$")
_SUFFIX = re.compile("(市|地区|盟|(?:[\u4e00-\u9fff]{1,4}族)+自治州|自治州)$")
# a name of two characters such as 城区 may be anything else in a table
SHORTEST = 3


def codes_named(name: str, within: str = "") -> tuple[str, ...]:
    """Return the codes below ``within`` (leading digits) that a Chinese name stood for."""
    return tuple(code for code in _codes().get(name, ()) if code.startswith(within))


def names_near(name: str) -> list[str]:
    """Return names of prefectures and counties close to an unknown one: suggestions only."""
    return get_close_matches(name, _codes(), n=2, cutoff=0.6)


def years_listed(code: str) -> tuple[int, ...]:
    """Return the years in whose list a code stands; empty for one that no list has."""
    return tuple(year for year, codes in _lists().items() if int(code) in codes)


def gone_before(code: str, year: int) -> int | None:
    """Return the last year whose list has a code, if that is over before ``year``; else None.

    A year's figures may be of its beginning: the year after the last list still counts. Places
    founded later than a figure are no error, as figures are made back for them.
    """
    years = years_listed(code)
    if not years or years[-1] == LAST or year <= years[-1] + 1:
        return None
    return years[-1]


def unlisted(codes: Iterable[str]) -> list[str]:
    """Return the codes that no list has: founded after 2013, or wrong."""
    return sorted(code for code in set(codes) if not years_listed(code))


@cache
def _lists() -> Mapping[int, Mapping[int, str]]:
    from gb2260.data import data

    return {year: data[year] for year in range(FIRST, LAST + 1)}


@cache
def _codes() -> Mapping[str, tuple[str, ...]]:
    """Return codes by name, the full one and a prefecture's without its kind (苏州)."""
    found: dict[str, dict[str, None]] = {}
    for places in _lists().values():
        for number, name in places.items():
            code = str(number)
            if code.endswith("0000") or _HEADINGS.match(name):
                continue
            short = _SUFFIX.sub("", name) if code.endswith("00") else name
            for called in {name, short}:
                if len(called) >= SHORTEST or (code.endswith("00") and len(called) == 2):
                    found.setdefault(called, {})[code] = None
    return {name: tuple(codes) for name, codes in found.items()}
