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
from analysis.sources.workbooks import LARGEST_CELLS

MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
SEPARATORS = ",\t;|"
CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
# the names that pages give their encoding mean more characters than they say
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030"}
LARGEST_SPAN = 200
TEXTS = ("title", "h1", "h2", "h3", "p")


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
    """Return the one sheet of a text file; the separator is the one that most lines agree on.

    Raises
    ------
    UserError
        If it has more than 4,000,000 cells, rows counted at the length of the longest.
    """
    text = decoded(path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    rows: list[list[Cell]] = []
    width = 1
    for row in reader:
        rows.append(list(row))
        width = max(width, len(row))
        if len(rows) * width > LARGEST_CELLS:
            raise UserError("region_cells", file=relative(path), sheet="-")
    return [Sheet("", rectangle(rows))]


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
    from pyarrow.parquet import read_metadata

    stated = read_metadata(path)
    if stated.num_rows * stated.num_columns > LARGEST_CELLS:
        raise UserError("region_cells", file=relative(path), sheet="-")
    frame = pd.read_parquet(path)
    cells = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    return [Sheet("", rectangle([[str(name) for name in frame.columns], *cells]))]


def read_html(path: Path) -> list[Sheet]:
    """Return each innermost table of a page (also one renamed .xls) between the page's texts.

    Rows of one cell hold the page's title, headings and paragraphs outside of tables, those before
    the table above it, the others below.
    """
    from lxml import html

    # the text is decoded already: a page's own word on its encoding would be refused or wrong
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", decoded(path))
    page = html.fromstring(text)
    for line_break in page.iter("br"):
        line_break.tail = f" {line_break.tail or ''}"
    parts = list(page.iter("table", *TEXTS))
    tables = [(at, part) for at, part in enumerate(parts) if _is_innermost(part)]
    return [
        _html_sheet(relative(path), table, number, _lines_of(parts[:at]), _lines_of(parts[at:]))
        for number, (at, table) in enumerate(tables, start=1)
    ]


def _is_innermost(part: Any) -> bool:
    return part.tag == "table" and len(list(part.iter("table"))) == 1


def _lines_of(parts: list[Any]) -> list[str]:
    """Return titles, headings and paragraphs outside of tables; a caption is above its table."""
    lines = (
        _words(part) for part in parts
        if part.tag in TEXTS and not any(True for _ in part.iterancestors("table"))
    )  # fmt: skip
    return [line for line in dict.fromkeys(lines) if line]


def _words(part: Any) -> str:
    return " ".join(part.text_content().split())


def _html_sheet(file: str, table: Any, number: int, above: list[str], below: list[str]) -> Sheet:
    grid: dict[tuple[int, int], Cell] = {}
    repeated = set()
    for row, line in enumerate(table.iter("tr")):
        column = 0
        for cell in line.iterchildren("td", "th"):
            while (row, column) in grid:
                column += 1
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            if len(grid) + down * across > LARGEST_CELLS:
                raise UserError("region_cells", file=file, sheet=str(number))
            for place in ((row + r, column + c) for r in range(down) for c in range(across)):
                grid[place] = _words(cell)
                repeated.add(place)
            repeated.discard((row, column))
    captions = [_words(caption) for caption in table.iter("caption")]
    lines = _one_cell_each([*above, *captions])
    shifted = frozenset((row + len(lines), column) for row, column in repeated)
    return Sheet(
        f"table {number}", rectangle([*lines, *_rows(grid), *_one_cell_each(below)]), shifted
    )


def _one_cell_each(lines: list[str]) -> list[list[Cell]]:
    return [[line] for line in lines]


def _span(cell: Any, name: str) -> int:
    stated = str(cell.get(name, "1")).strip()
    return min(max(int(stated), 1), LARGEST_SPAN) if stated.isdecimal() else 1


def _rows(grid: dict[tuple[int, int], Cell]) -> list[list[Cell]]:
    height = max((row for row, _ in grid), default=-1) + 1
    width = max((column for _, column in grid), default=-1) + 1
    return [[grid.get((row, column)) for column in range(width)] for row in range(height)]
