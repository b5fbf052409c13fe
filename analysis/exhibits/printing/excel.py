"""A table as an Excel workbook: numbers are numbers, text is text and never a formula."""

import io
import re
from typing import TYPE_CHECKING

from analysis.exhibits.printing.measure import fitted
from analysis.exhibits.printing.package import packed, unpacked
from analysis.exhibits.printing.printed import CHINESE, Number, Printed, number_in, writable
from analysis.exhibits.printing.style import Style

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell

LATIN, SONG = "Times New Roman", "宋体"
# a sheet this wide still prints on a page
_ROOM = 90.0
_CORE = "docProps/core.xml"
_DATED = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")


def as_excel(printed: Printed, style: Style) -> bytes:
    """Return the workbook: title, three rules (medium, thin, medium), note."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "表" if printed.language == "zh" else "Table"
    book.properties.creator, book.properties.title = "", writable(printed.title)
    heads, width = len(printed.headings), len(printed.is_number)
    _write(sheet.cell(1, 1), printed.title, style.points[0], bold=True)
    for row, line in enumerate((*printed.headings, *printed.lines), start=2):
        for place, text in enumerate(line):
            _write(sheet.cell(row, place + 1), text, style.points[1])
            _align(sheet.cell(row, place + 1), printed, place, is_head=row < 2 + heads)
    last = 1 + heads + len(printed.lines)
    for row, top, bottom in (
        (2, "medium", None),
        (1 + heads, None, "thin"),
        (last, None, "medium"),
    ):
        _rule(sheet, row, width, top, bottom)
    for row, note in enumerate(printed.foot.split("\n"), start=last + 1):
        _note(sheet, row, width, note, style.points[2])
    for place, em in enumerate(fitted(printed, _ROOM)):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(place + 1)].width = 1.9 * em
    sheet.freeze_panes = sheet.cell(2 + heads, 1)
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(
        fitToPage=True
    )
    buffer = io.BytesIO()
    book.save(buffer)
    return _undated(buffer.getvalue())


def _write(cell: "Cell", text: str, points: float, bold: bool = False) -> None:
    from openpyxl.styles import Font

    font = SONG if CHINESE.search(text) else LATIN
    cell.font = Font(name=font, size=points, bold=bold)
    number = number_in(text)
    if number is not None and not _is_code(number):
        cell.value = float(number.digits.replace(",", ""))
        if cell.value.is_integer() and "." not in number.digits and "e" not in number.digits:
            cell.value = int(cell.value)
        cell.number_format = format_of(number)
    elif text:
        cell.value = writable(text)
        cell.data_type = "s"
        # keeps it text when a reader edits the cell
        cell.quotePrefix = True


def _is_code(number: Number) -> bool:
    """Tell whether digits are a name rather than a number: they begin with a superfluous zero."""
    return re.match(r"[-+]?0\d", number.digits) is not None


def format_of(number: Number) -> str:
    """Return the number format that shows a number as it is printed, brackets and stars too."""
    mantissa, power, _ = number.digits.partition("e")
    decimals = len(mantissa.partition(".")[2])
    whole = "#,##0" if "," in mantissa else "" if mantissa.lstrip("+-").startswith(".") else "0"
    digits = whole + ("." + "0" * decimals if decimals else "")
    digits += "E+00" if power else ""
    before = f'"{number.prefix}"' if number.prefix else ""
    after = f'"{number.suffix}"' if number.suffix else ""
    plus = "+" if number.digits.startswith("+") else ""
    one = f"{before}{plus}{digits}{after}"
    # without a section of their own, negative numbers get their sign before the bracket
    return f"{one};{before}-{digits}{after}" if before or plus else one


def _align(cell: "Cell", printed: Printed, place: int, is_head: bool) -> None:
    from openpyxl.styles import Alignment

    side = "left" if not printed.is_number[place] else "center" if is_head else "right"
    cell.alignment = Alignment(horizontal=side, vertical="top", wrap_text=is_head or side == "left")


def _rule(sheet, row: int, width: int, top: str | None, bottom: str | None) -> None:  # type: ignore[no-untyped-def]
    from openpyxl.styles import Border, Side

    for place in range(1, width + 1):
        cell = sheet.cell(row, place)
        edge = {"top": cell.border.top, "bottom": cell.border.bottom}
        edge |= {"top": Side(top)} if top else {}
        edge |= {"bottom": Side(bottom)} if bottom else {}
        cell.border = Border(**edge)


def _note(sheet, row: int, width: int, note: str, points: float) -> None:  # type: ignore[no-untyped-def]
    from openpyxl.styles import Alignment

    _write(sheet.cell(row, 1), note, points)
    sheet.cell(row, 1).alignment = Alignment(vertical="top", wrap_text=True)
    if width > 1:
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)


def _undated(content: bytes) -> bytes:
    parts = unpacked(content)
    parts[_CORE] = _DATED.sub(b"", parts[_CORE])
    return packed(parts)
