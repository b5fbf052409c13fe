"""A region's page as a Word document; the same page gives the same bytes."""

import io
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Any

from analysis.exhibits.regional_report.content import Page, Section, Table

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

# neither the day nor the machine is part of the page
DAY = datetime(2000, 1, 1)
FONT, CHINESE_FONT, SIZE_POINTS, SMALL_POINTS = "Calibri", "Microsoft YaHei", 10.5, 8.5
PICTURE_INCHES, MARGIN_INCHES = 6.2, 0.9
RED = "D55E00"


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
    from docx.shared import Inches, Pt

    about = document.core_properties
    about.title, about.author, about.language = page.title, "", page.language
    about.comments = page.mark
    about.created = about.modified = DAY
    for name in ("Normal", "Title", "Heading 1"):
        style: Any = document.styles[name]
        style.font.name = FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(_qualified("eastAsia"), CHINESE_FONT)
    normal: Any = document.styles["Normal"]
    normal.font.size = Pt(SIZE_POINTS)
    title: Any = document.styles["Title"]
    title.font.size = Pt(20)
    for section in document.sections:
        section.left_margin = section.right_margin = Inches(MARGIN_INCHES)
        section.top_margin = section.bottom_margin = Inches(MARGIN_INCHES)


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
    document.add_heading(section.heading, level=1)
    for text in section.paragraphs:
        document.add_paragraph(text)
    if section.table:
        _add_table(document, section.table)
    if section.picture and picture is not None:
        document.add_picture(io.BytesIO(picture), width=Inches(PICTURE_INCHES))


def _add_table(document: "Document", table: Table) -> None:
    """Add it with a heading row that repeats on every page."""
    from docx.oxml import OxmlElement

    grid = document.add_table(rows=1, cols=len(table.headings))
    grid.style = "Light List Accent 1"
    _fill(grid.rows[0].cells, table.headings, table.numeric)
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in table.rows:
        _fill(grid.add_row().cells, row, table.numeric)


def _fill(cells: Any, texts: tuple[str, ...], numeric: tuple[bool, ...]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    for cell, text, right in zip(cells, texts, numeric, strict=True):
        paragraph = cell.paragraphs[0]
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
