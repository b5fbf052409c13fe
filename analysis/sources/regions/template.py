"""The file that a user fills in: bilingual headers, the provinces, what symbols mean."""

import csv
import io
from collections.abc import Sequence

from analysis.messages import Text
from analysis.sources.regions.places import names_by_code
from analysis.sources.regions.variables import VARIABLES, Variable

PLACE_HEADERS = ("代码 code", "地区 region", "年份 year")
TITLE = Text(
    "Regional figures: a row for each place and year; delete columns and rows that are not needed",
    "分地区数据：每行一个地区、一个年份；不需要的行列可以删除",
)
# in words that reading knows: a filled template explains its own symbols
SYMBOLS = (
    "注：“…”表示数据不足本表最小单位数；“-”表示无该项数据；空格表示数据不详。",
    'Note: "…" means less than one unit; "-" means none; blank means unknown.',
)
MORE = Text(
    "Note: places below the province need their GB/T 2260 code; the year is the data's, not the "
    "yearbook's; change the unit in the header if yours differs.",
    "注：省以下地区必须填写 GB/T 2260 代码；年份是数据年份，不是年鉴年份；单位不同时请改表头。",
)
BOM = "\ufeff"


def template(language: str = "en") -> bytes:
    """Return the template as CSV that Excel opens rightly; ``language`` is that of its notes."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(_rows(language))
    return (BOM + text.getvalue()).encode("utf-8")


def template_workbook(language: str = "en") -> bytes:
    """Return the template as .xlsx, its header fixed and its columns wide enough."""
    import openpyxl
    from openpyxl.styles import Alignment, Font

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "数据 Data"
    for row in _rows(language):
        sheet.append(row)
    header = len(_lines(language)) + 1
    for cell in sheet[header]:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[cell.column_letter].width = 18
    sheet.freeze_panes = sheet.cell(header + 1, len(PLACE_HEADERS) + 1)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _rows(language: str) -> list[Sequence[str]]:
    lines = [[line] for line in _lines(language)]
    headers = [*PLACE_HEADERS, *(_header(variable) for variable in _offered())]
    places = [[code, f"{name.zh} {name.en}"] for code, name in names_by_code().items()]
    return [*lines, headers, *places]


def _lines(language: str) -> list[str]:
    symbols = SYMBOLS[0] if language == "zh" else SYMBOLS[1]
    return [TITLE.in_language(language), symbols, MORE.in_language(language)]


def _header(variable: Variable) -> str:
    return f"{variable.label.zh} {variable.label.en} ({variable.usual})"


def _offered() -> list[Variable]:
    """Return the variables that yearbooks have; the census's stand in the package already."""
    return [variable for variable in VARIABLES.values() if variable.patterns]
