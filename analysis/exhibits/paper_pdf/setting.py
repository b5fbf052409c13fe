"""The document's files to a PDF, by typst; in the fonts that this system has."""

from typing import Any

from analysis.exhibits.fonts import chinese_serif
from analysis.exhibits.paper_pdf.document import Document, document

# typst brings this font along
LATIN = "Libertinus Serif"


def printed_language(language: str) -> str:
    """Return the language that is printed: English where no font has Chinese."""
    return language if language == "en" or chinese_serif() else "en"


def pdf_pages(printed: Document, language: str) -> bytes:
    """Return the report as a PDF; equal results and fonts give equal bytes."""
    import typst

    spoken, font = printed_language(language), chinese_serif()
    fonts = [LATIN, font[1]] if font else [LATIN]
    # by name to bytes, the main file first, which typst's own annotations do not know
    files: Any = document(printed, spoken, fonts)
    return typst.compile(
        files,
        format="pdf",
        # for those who listen: tagged, every picture with its words
        pdf_standards=["ua-1"],
        font_paths=[str(font[0].parent)] if font else [],
        ignore_system_fonts=True,
    )
