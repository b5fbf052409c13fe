"""A table as an editable Word document: three rules, fonts by script, decimals by tab stops.

Office Open XML (ECMA-376, part 1): widths of rules are in eighths of a point (17.18.2), places in
twentieths of a point, sizes of letters in half points.
"""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from analysis.exhibits.printing import word_parts
from analysis.exhibits.printing.measure import decimal_ems, fitted
from analysis.exhibits.printing.package import packed
from analysis.exhibits.printing.printed import CHINESE, Printed, number_in, writable
from analysis.exhibits.printing.style import Style

TWIPS, EIGHTHS = 20.0, 8.0
TOP_POINTS, HEAD_POINTS, BOTTOM_POINTS = 1.5, 0.75, 1.5
# A4, upright or across, with margins of 25 mm
PAGE, MARGIN = (11906, 16838), 1418
CELL_MARGIN = 60


def as_word(printed: Printed, style: Style) -> bytes:
    """Return the document; equal tables give equal bytes."""
    document = _document(printed, style)
    return packed(word_parts.parts(document, writable(printed.title), printed.language, style))


def _document(printed: Printed, style: Style) -> str:
    across, widths = _laid_out(printed, style.points[1])
    page = (PAGE[1], PAGE[0]) if across else PAGE
    turned = ' w:orient="landscape"' if across else ""
    notes = "".join(_paragraph("TableNote", line) for line in printed.foot.split("\n"))
    return (
        f"{_paragraph('Caption', printed.title)}{_table(printed, style, widths)}{notes}"
        f'<w:sectPr><w:pgSz w:w="{page[0]}" w:h="{page[1]}"{turned}/>'
        f'<w:pgMar w:top="{MARGIN}" w:right="{MARGIN}" w:bottom="{MARGIN}" w:left="{MARGIN}" '
        'w:header="709" w:footer="709" w:gutter="0"/></w:sectPr>'
    )


def _laid_out(printed: Printed, points: float) -> tuple[bool, list[int]]:
    """Return whether the page lies across, and the columns' widths in twips; they fill the line."""
    em = points * TWIPS
    rooms = [(side - 2 * MARGIN) / em for side in PAGE]
    wished = sum(fitted(printed, 1e9))
    across = wished > 1.25 * rooms[0]
    room = rooms[1] if across else rooms[0]
    columns = fitted(printed, room)
    # what is left over is shared out, so that the rules run from margin to margin
    spare = (room - sum(columns)) / len(columns)
    return across, [int((width + spare) * em) for width in columns]


def _table(printed: Printed, style: Style, widths: Sequence[int]) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    stops = [_stop(printed, place, style.points[1], widths[place]) for place in range(len(widths))]
    whole = [not any(map(_has_point, printed.column(place))) for place in range(len(widths))]
    heads = len(printed.headings)
    rows = "".join(
        _row(line, widths, stops, whole, is_head=number < heads, is_last_head=number == heads - 1)
        for number, line in enumerate((*printed.headings, *printed.lines))
    )
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="ThreeRules"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>'
        f"{_edge('top', TOP_POINTS)}{_edge('bottom', BOTTOM_POINTS)}</w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/><w:tblCaption w:val={quoteattr(writable(printed.title))}/>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _edge(side: str, points: float) -> str:
    size = round(points * EIGHTHS)
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>'


def _stop(printed: Printed, place: int, points: float, width: int) -> int | None:
    """Return where a number column's decimal points stand, in twips from the cell's text edge."""
    if not printed.is_number[place]:
        return None
    before, after = (size * points * TWIPS for size in decimal_ems(printed.column(place)))
    return int((width - 2 * CELL_MARGIN - before - after) / 2.0 + before)


def _row(
    line: Sequence[str],
    widths: Sequence[int],
    stops: Sequence[int | None],
    whole: Sequence[bool],
    is_head: bool,
    is_last_head: bool,
) -> str:
    about = "<w:trPr><w:cantSplit/>" + ("<w:tblHeader/>" if is_head else "") + "</w:trPr>"
    rule = f"<w:tcBorders>{_edge('bottom', HEAD_POINTS)}</w:tcBorders>" if is_last_head else ""
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{rule}</w:tcPr>'
        f"{_cell(text, stop, is_head, is_whole)}</w:tc>"
        for text, width, stop, is_whole in zip(line, widths, stops, whole, strict=True)
    )
    return f"<w:tr>{about}{cells}</w:tr>"


def _has_point(text: str) -> bool:
    number = number_in(text)
    return number is not None and "." in number.digits


def _cell(text: str, stop: int | None, is_head: bool, is_whole: bool) -> str:
    """Return a cell's paragraph; counts beneath decimals stand in the middle, as words do."""
    if stop is None:
        return _paragraph("TableText", text)
    if is_head or number_in(text) is None or not (is_whole or _has_point(text)):
        return _paragraph("TableCentred", text)
    # a decimal stop in a cell works without a tab before the number
    tab = f'<w:tabs><w:tab w:val="decimal" w:pos="{stop}"/></w:tabs>'
    return _paragraph("TableNumber", text, tab)


def _paragraph(style: str, text: str, more: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{_run(writable(text))}</w:p>'


def _run(text: str) -> str:
    if not text:
        return ""
    # quotation marks and dashes are as wide as Chinese letters only where they are among them
    hint = '<w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>' if CHINESE.search(text) else ""
    return f'<w:r>{hint}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
