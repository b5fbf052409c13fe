"""Separated text, HTML tables and Parquet to sheets."""

import csv
import io
import re
from collections import Counter
from pathlib import Path
from typing import Any

from analysis.messages import UserError
from analysis.paths import relative
from analysis.sources.regions.sheets import Cell, Sheet, rectangle

MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
SEPARATORS = ",\t;|"
CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
# the names that pages give their encoding mean more characters than they say
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030"}
LARGEST_SPAN = 200


def decoded(path: Path) -> str:
    """Return a file's text: UTF-8, UTF-16 or GB18030, lines ending in LF.

    Raises
    ------
    UserError
        If it is in none of them, or binary.
    """
    raw = path.read_bytes()
    for encoding in _encodings(raw):
        try:
            text = raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    raise UserError("region_encoding", file=relative(path))


def _encodings(raw: bytes) -> list[str]:
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            return [encoding]
    start = raw[:4096]
    if start[1::2].count(0) > len(start) / 8:
        return ["utf-16-le"]
    if start[::2].count(0) > len(start) / 8:
        return ["utf-16-be"]
    stated = [found[1].decode().lower() for found in CHARSET.finditer(start)]
    return [*(WIDER.get(name, name) for name in stated), "utf-8", "gb18030"]


def read_separated(path: Path) -> list[Sheet]:
    """Return the one sheet of a text file; the separator is the one that most lines agree on."""
    text = decoded(path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    return [Sheet("", rectangle([list(row) for row in reader]))]


def _separator(text: str) -> str:
    """Return the separator with most cells in lines of the commonest length."""
    lines = [line for line in text.split("\n") if line.strip()]

    def agreed(separator: str) -> int:
        counts = Counter(len(row) - 1 for row in csv.reader(lines, delimiter=separator))
        counts.pop(0, None)
        return max((times * count for count, times in counts.items()), default=0)

    return max(SEPARATORS, key=agreed)


def read_parquet(path: Path) -> list[Sheet]:
    """Return the one sheet of a Parquet file, its column names as first row."""
    import pandas as pd

    frame = pd.read_parquet(path)
    cells = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    return [Sheet("", rectangle([[str(name) for name in frame.columns], *cells]))]


def read_html(path: Path) -> list[Sheet]:
    """Return each innermost table of a page (also one renamed .xls), the text above it first."""
    from lxml import html

    # the text is decoded already: a page's own word on its encoding would be refused or wrong
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", decoded(path))
    page = html.fromstring(text)
    tables = [table for table in page.iter("table") if not len(list(table.iter("table"))) > 1]
    above = _above(page)
    return [_html_sheet(table, number, above) for number, table in enumerate(tables, start=1)]


def _above(page: Any) -> list[str]:
    """Return the page's title and its headings and paragraphs outside of tables, in order."""
    lines = [
        _words(part)
        for part in page.iter("title", "caption", "h1", "h2", "h3", "p")
        if part.tag in ("title", "caption") or not any(True for _ in part.iterancestors("table"))
    ]
    return [line for line in dict.fromkeys(lines) if line]


def _words(part: Any) -> str:
    return " ".join(part.text_content().split())


def _html_sheet(table: Any, number: int, above: list[str]) -> Sheet:
    grid: dict[tuple[int, int], Cell] = {}
    repeated = set()
    for row, line in enumerate(table.iter("tr")):
        column = 0
        for cell in line.iterchildren("td", "th"):
            while (row, column) in grid:
                column += 1
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            for place in ((row + r, column + c) for r in range(down) for c in range(across)):
                grid[place] = _words(cell)
                repeated.add(place)
            repeated.discard((row, column))
    lines: list[list[Cell]] = [[line] for line in above]
    shifted = frozenset((row + len(lines), column) for row, column in repeated)
    return Sheet(f"table {number}", rectangle([*lines, *_lines(grid)]), shifted)


def _span(cell: Any, name: str) -> int:
    stated = str(cell.get(name, "1")).strip()
    return min(max(int(stated), 1), LARGEST_SPAN) if stated.isdecimal() else 1


def _lines(grid: dict[tuple[int, int], Cell]) -> list[list[Cell]]:
    height = max((row for row, _ in grid), default=-1) + 1
    width = max((column for _, column in grid), default=-1) + 1
    return [[grid.get((row, column)) for column in range(width)] for row in range(height)]
