"""Excel workbooks, new (.xlsx) and old (.xls), to sheets."""

import io
import re
from datetime import date
from pathlib import Path
from typing import Any

from analysis.messages import Text, UserError
from analysis.paths import relative
from analysis.sources.regions.sheets import Cell, Sheet, in_both, rectangle
from analysis.sources.workbooks import LARGEST_CELLS, column_number, xml_parts

LARGEST_MERGED = 100_000
MERGE = re.compile(rb'<mergeCell [^>]*ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
# a formula whose cell holds no value, or an empty one that is not a text
WITHOUT_VALUE = re.compile(
    rb'<c r="([A-Z]+\d+)"((?:(?! t="str")[^>])*)><f(?:[^>]*/>|[^>]*>[^<]*</f>)\s*'
    rb"(?:<v\s*/>|<v></v>)?\s*</c>"
)
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_xlsx(path: Path) -> list[Sheet]:
    """Return the visible sheets of a workbook, values as Excel last stored them.

    Raises
    ------
    UserError
        For a zip that is no workbook, one that unpacks to far more than it should, and formulas
        without stored values.
    """
    import openpyxl

    for _, content in xml_parts(path):
        _check_part(path, content)
    book = openpyxl.load_workbook(path, data_only=True)
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    remarks = _hidden_sheets(hidden)
    return [
        _new_sheet(path, sheet, remarks)
        for sheet in book.worksheets
        if sheet.sheet_state == "visible"
    ]


def _check_part(path: Path, content: bytes) -> None:
    if any(_area(match) > LARGEST_MERGED for match in MERGE.findall(content)):
        raise UserError("region_merged_area", file=relative(path))
    if found := WITHOUT_VALUE.search(content):
        raise UserError("region_formula", file=relative(path), cell=found[1].decode())


def _area(corners: tuple[bytes, bytes, bytes, bytes]) -> int:
    left, top, right, bottom = corners
    return (column_number(right) - column_number(left) + 1) * (int(bottom) - int(top) + 1)


def _new_sheet(path: Path, sheet: Any, remarks: tuple[Text, ...]) -> Sheet:
    if sheet.max_row * sheet.max_column > LARGEST_CELLS:
        raise UserError("region_cells", file=relative(path), sheet=sheet.title)
    rows = [[_new_cell(cell) for cell in row] for row in sheet.iter_rows()]
    areas = [
        (r.min_row - 1, r.max_row, r.min_col - 1, r.max_col) for r in sheet.merged_cells.ranges
    ]
    rows_hidden = sum(1 for size in sheet.row_dimensions.values() if size.hidden)
    columns_hidden = sum(1 for size in sheet.column_dimensions.values() if size.hidden)
    remarks += _hidden_lines(sheet.title, rows_hidden, columns_hidden)
    return Sheet(sheet.title, *_spread(rows, areas), remarks)


def _new_cell(cell: Any) -> Cell:
    value = cell.value
    if isinstance(value, int | float) and "%" in cell.number_format:
        return _percent(value)
    return value


def _percent(share: float) -> str:
    """Return a share as its sheet shows it: 0.125 in a cell of percents is 12.5%."""
    return f"{100.0 * share:.12g}%"


def _spread(
    rows: list[list[Cell]], areas: list[tuple[int, int, int, int]]
) -> tuple[tuple[tuple[Cell, ...], ...], frozenset[tuple[int, int]]]:
    repeated = set()
    for top, bottom, left, right in areas:
        for row in range(top, min(bottom, len(rows))):
            for column in range(left, min(right, len(rows[row]))):
                if (row, column) != (top, left):
                    rows[row][column] = rows[top][left]
                    repeated.add((row, column))
    return rectangle(rows), frozenset(repeated)


def _hidden_sheets(names: list[str]) -> tuple[Text, ...]:
    return (in_both("region_hidden_sheets", names=", ".join(names)),) if names else ()


def _hidden_lines(sheet: str, rows: int, columns: int) -> tuple[Text, ...]:
    if not rows and not columns:
        return ()
    return (in_both("region_hidden_lines", sheet=sheet, rows=rows, columns=columns),)


def read_xls(path: Path) -> list[Sheet]:
    """Return the visible sheets of an old workbook.

    Raises
    ------
    UserError
        If it is locked with a password (a new workbook with one is stored in this form too).
    """
    import xlrd

    if ENCRYPTED in path.read_bytes():
        raise UserError("region_password", file=relative(path))
    try:
        book = xlrd.open_workbook(path, logfile=io.StringIO(), formatting_info=True)
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise UserError("region_password", file=relative(path)) from error
        raise
    hidden = [sheet.name for sheet in book.sheets() if sheet.visibility]
    remarks = _hidden_sheets(hidden)
    return [_old_sheet(book, s, remarks) for s in book.sheets() if not s.visibility]


def _old_sheet(book: Any, sheet: Any, remarks: tuple[Text, ...]) -> Sheet:
    rows = [[_old_cell(cell, book) for cell in row] for row in sheet.get_rows()]
    rows_hidden = sum(1 for info in sheet.rowinfo_map.values() if info.hidden)
    columns_hidden = sum(1 for info in sheet.colinfo_map.values() if info.hidden)
    remarks += _hidden_lines(sheet.name, rows_hidden, columns_hidden)
    return Sheet(sheet.name, *_spread(rows, list(sheet.merged_cells)), remarks)


def _old_cell(cell: Any, book: Any) -> Cell:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code[cell.value]
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _date(cell.value, book.datemode)
    if cell.ctype == xlrd.XL_CELL_NUMBER and "%" in _format(cell, book):
        return _percent(cell.value)
    return None if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) else cell.value


def _format(cell: Any, book: Any) -> str:
    return book.format_map[book.xf_list[cell.xf_index].format_key].format_str


def _date(value: float, datemode: int) -> date:
    import xlrd

    return xlrd.xldate_as_datetime(value, datemode)
