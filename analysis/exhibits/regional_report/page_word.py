"""A region's page as a Word document; the same page gives the same bytes."""

import io
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Any

from analysis.exhibits.printing.measure import fitted
from analysis.exhibits.printing.printed import Printed, heading_rows
from analysis.exhibits.printing.word_parts import HEI, LATIN, SONG
from analysis.exhibits.regional_report.content import Page, Section, Table

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

# neither the day nor the machine is part of the page
DAY = datetime(2000, 1, 1)
SIZE_POINTS, SMALL_POINTS = 10.5, 9.0
PICTURE_INCHES, MARGIN_INCHES, LINE_INCHES = 6.2, 0.9, 6.4
RED, BLACK = "D55E00", "000000"
# of a table's three rules, in eighths of a point
THICK, THIN = 12, 6
POINTS_PER_INCH = 72.0


def as_word(page: Page, picture: bytes | None) -> bytes:
    """Return the page as .docx."""
    import docx

    document = docx.Document()
    _prepare(document, page)
    document.add_heading(page.title, level=0)
    if page.mark:
        _marked(document.add_paragraph(), page.mark)
    document.add_paragraph(page.lead)
    for section in page.sections:
        _add_section(document, section, picture)
    buffer = io.BytesIO()
    document.save(buffer)
    return _without_times(buffer.getvalue())


def _prepare(document: "Document", page: Page) -> None:
    from docx.shared import Inches

    about = document.core_properties
    about.title, about.author, about.language = page.title, "", page.language
    about.comments = page.mark
    about.created = about.modified = DAY
    for name, chinese, points in (
        ("Normal", SONG, SIZE_POINTS), ("Title", HEI, 18.0), ("Heading 1", HEI, 12.0),
    ):  # fmt: skip
        _set_style(document.styles[name], chinese, points)
    for section in document.sections:
        section.left_margin = section.right_margin = Inches(MARGIN_INCHES)
        section.top_margin = section.bottom_margin = Inches(MARGIN_INCHES)


def _set_style(style: Any, chinese: str, points: float) -> None:
    """Give a style the fonts of the tables, black and without the template's rule below it."""
    from docx.shared import Pt, RGBColor

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script, font in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", chinese)):
        fonts.set(_qualified(script), font)
    # the template's theme would go before
    for script in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(_qualified(script), None)
    style.font.size, style.font.color.rgb = Pt(points), RGBColor.from_string(BLACK)
    for rule in style.element.xpath("./w:pPr/w:pBdr"):
        rule.getparent().remove(rule)


def _qualified(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(f"w:{name}"))


def _marked(paragraph: "Paragraph", mark: str) -> None:
    from docx.shared import RGBColor

    run = paragraph.add_run(mark)
    run.bold = True
    run.font.color.rgb = RGBColor.from_string(RED)


def _add_section(document: "Document", section: Section, picture: bytes | None) -> None:
    from docx.shared import Inches

    has_picture = section.picture and picture is not None
    if not (section.paragraphs or section.table or has_picture):
        return
    document.add_heading(section.heading, level=1).paragraph_format.keep_with_next = True
    for text in section.paragraphs:
        document.add_paragraph(text)
    if section.table:
        _add_table(document, section.table)
    if section.picture and picture is not None:
        document.add_picture(io.BytesIO(picture), width=Inches(PICTURE_INCHES))


def _add_table(document: "Document", table: Table) -> None:
    """Add it between three rules, with a heading row that repeats on every page."""
    from docx.oxml import OxmlElement

    grid = document.add_table(rows=1, cols=len(table.headings))
    _rule(grid._tbl.tblPr, "tblBorders", top=THICK, bottom=THICK)
    _fill(grid.rows[0].cells, table.headings, table.numeric)
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell in grid.rows[0].cells:
        _rule(cell._tc.get_or_add_tcPr(), "tcBorders", bottom=THIN)
    for row in table.rows:
        _fill(grid.add_row().cells, row, table.numeric)
    _set_widths(grid, table)


def _rule(properties: Any, name: str, **eighths: int) -> None:
    """Add rules of a table or cell by side, their widths in eighths of a point."""
    from docx.oxml import OxmlElement

    borders = OxmlElement(f"w:{name}")
    for side, size in eighths.items():
        edge = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", str(size)), ("color", BLACK)):
            edge.set(_qualified(key), value)
        borders.append(edge)
    properties.append(borders)


def _set_widths(grid: Any, table: Table) -> None:
    """Give each column what its words need, and a share of what is left of the line."""
    from docx.shared import Pt

    number = len(table.headings)
    plain = Printed(
        "", heading_rows(table.headings), table.rows, table.numeric, (None,) * number, "", "en"
    )
    room = LINE_INCHES * POINTS_PER_INCH / SMALL_POINTS
    widths = fitted(plain, room)
    spare = (room - sum(widths)) / number
    grid.autofit = False
    for column, width in zip(grid.columns, widths, strict=True):
        for part in (column, *column.cells):
            part.width = Pt((width + spare) * SMALL_POINTS)


def _fill(cells: Any, texts: tuple[str, ...], numeric: tuple[bool, ...]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    for cell, text, right in zip(cells, texts, numeric, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(1)
        paragraph.paragraph_format.space_before = Pt(1)
        run = paragraph.add_run(text)
        run.font.size = Pt(SMALL_POINTS)
        if right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _without_times(content: bytes) -> bytes:
    """Return the archive with its members' times set to the earliest that the format knows."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), old.read(name),
                         zipfile.ZIP_DEFLATED)  # fmt: skip
    return buffer.getvalue()
