"""The year of a cell, a header or a title; the year beside 年鉴 is the book's, never the data's."""

import re
from collections.abc import Sequence
from datetime import date
from functools import cache

from analysis.sources.regions.sheets import Cell
from analysis.sources.regions.words import clean

FIRST = 1949
_YEAR = r"(?:19[4-9]\d|20\d\d)"
_CELL = re.compile(r"(\d{4})(?:\.0+)?(?:年(?:度|末|底)?)?")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
# a date stands for the year that it begins or ends
_BOUNDS = ((1, 1), (12, 31))
_ATTEMPT = re.compile(r"\(?\d{1,6}(?:\.\d+)?\)?(?:年(?:度|末|底)?)?")
_IN_HEADER = re.compile(rf"\(?(?<!\d)({_YEAR})(?!\d)(?:年(?:末|底|度)?)?\)?")
_ANY = re.compile(rf"(?<!\d){_YEAR}(?!\d)")
# 2019年12月31日, 2019-12-31, 2019年1-6月: a day or a part of a year
_DAY = re.compile(rf"{_YEAR}\s*[-/.年]\s*\d{{1,2}}(?!\d)\s*(?:[-/.至—~]\s*\d{{1,2}}\s*月|[-/.月])")
_BOOKS = (
    re.compile(rf"({_YEAR})\s*年?版?\s*《?[\u4e00-\u9fff·]{{0,14}}年鉴"),
    re.compile(rf"年鉴[》\s\-—－·(]*({_YEAR})"),
    re.compile(rf"yearbook[\s,\-—()]*({_YEAR})", re.IGNORECASE),
    re.compile(rf"({_YEAR})\s+(?:[a-z]+\s+){{0,5}}(?:statistical\s+)?yearbook", re.IGNORECASE),
)


def valid_year(year: float) -> bool:
    """Say whether a number is a year that figures can be of: 1949 to this one."""
    return year == int(year) and FIRST <= year <= date.today().year


def year_of(cell: Cell) -> int | None:
    """Return the year that a cell is, as number, text or its first or last day; else None."""
    if isinstance(cell, date):
        return _year_of_date(cell.year, cell.month, cell.day)
    if isinstance(cell, bool) or cell is None:
        return None
    return _year_of(str(cell))


@cache
def _year_of(text: str) -> int | None:
    if found := _DATE.fullmatch(clean(text)):
        return _year_of_date(*map(int, found.groups()))
    found = _CELL.fullmatch(clean(text).strip("() "))
    return int(found[1]) if found and valid_year(int(found[1])) else None


def _year_of_date(year: int, month: int, day: int) -> int | None:
    return year if (month, day) in _BOUNDS and valid_year(year) else None


def is_date(cell: Cell) -> bool:
    """Say whether a cell is a date, Excel's or a text."""
    return isinstance(cell, date) or bool(_DATE.fullmatch(clean(cell)))


def looks_like_year(cell: Cell) -> bool:
    """Say whether a header's cell tries to be a year: figures, with or without 年."""
    return isinstance(cell, date) or bool(_ATTEMPT.fullmatch(clean(cell)))


def split_year(text: str) -> tuple[int | None, str]:
    """Return the one year in a header's text and the text without it."""
    found = _IN_HEADER.findall(text)
    if len(found) != 1 or not valid_year(int(found[0])):
        return None, text
    return int(found[0]), _IN_HEADER.sub(" ", text).strip()


def data_year(lines: Sequence[str]) -> int | None:
    """Return the year of the line nearest to the table that names just one, books left out."""
    for line in reversed(lines):
        found = set(_ANY.findall(_DAY.sub(" ", without_books(line))))
        if len(found) == 1:
            year = int(found.pop())
            return year if valid_year(year) else None
        if found:
            return None
    return None


def without_books(line: str) -> str:
    """Return a line without the years that stand beside 年鉴."""
    for pattern in _BOOKS:
        line = pattern.sub(" ", line)
    return line


def book_year(lines: Sequence[str]) -> int | None:
    """Return the year of the yearbook that the lines name."""
    found = [int(year) for line in lines for book in _BOOKS for year in book.findall(line)]
    return found[-1] if found else None
