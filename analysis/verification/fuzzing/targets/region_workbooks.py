"""A region's Excel workbook (.xlsx): the input is its sheet, packed into a whole workbook."""

import io
import zipfile
from pathlib import Path

from analysis.messages import Text
from analysis.verification.fuzzing.target import About

SHEET, LABEL = "xl/worksheets/sheet1.xml", "劳动争议案件受理数（件）"

ABOUT = About(
    Text("region workbooks (.xlsx)", "地区工作簿（.xlsx）"),
    ".xml",
    (
        b'<mergeCell ref="A1:XFD1048576"/>', b'<c r="ZZZ9999999">', b"<f>1+1</f>", b"<v></v>",
        b't="s"', b't="d"', b't="e"', b'<row r="0">', b'hidden="1"', b"<!DOCTYPE x>", b"&#0;",
        b'r="A1"', b"9999999999", b"<v>1e400</v>",
    ),
)  # fmt: skip


def _workbook() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    rows = (["地区", LABEL, None], [None, 2018, 2019], ["北京", 1, 25], ["上海", 12, 30])
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("B1:C1")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def seeds() -> list[bytes]:
    """Return the sheet of a small workbook with a merged header."""
    with zipfile.ZipFile(io.BytesIO(_workbook())) as archive:
        return [archive.read(SHEET)]


def read(path: Path) -> None:
    """Understand the workbook that holds the sheet."""
    from analysis.sources.regions import Answers, understand

    place = path.with_suffix(".xlsx")
    place.write_bytes(_packed(path.read_bytes()))
    understand(place, Answers())


def _packed(sheet: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_workbook())) as good, zipfile.ZipFile(buffer, "w") as packed:
        for name in good.namelist():
            packed.writestr(name, sheet if name == SHEET else good.read(name))
    return buffer.getvalue()
