"""The report's chapters and exhibits as a document in typst: main file, template, pictures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analysis.exhibits.paper_pdf import words
from analysis.exhibits.paper_pdf.frames import (
    appendix_named,
    file_named,
    framed,
    framed_table,
    is_printed,
    notes_of,
    picture_file,
)
from analysis.exhibits.paper_pdf.markup import array, call, line, text
from analysis.exhibits.paper_pdf.pictures import picture
from analysis.exhibits.printing.printed import Printed
from analysis.exhibits.report import Chapter, Report
from analysis.exhibits.report.blocks.citing import references
from analysis.exhibits.report.content import Block, Heading, Paragraph, Part, Shown
from analysis.exhibits.report.prose import plain, said
from analysis.exhibits.report.words import KINDS, SUBTITLE, TITLE

TEMPLATE = Path(__file__).with_name("template.typ")
MAIN = "main.typ"
# the block that is words; the others are what only a page can show, as are these chapters
CITING = "citing"
LEFT_OUT = ("data", "making")


@dataclass(frozen=True)
class Document:
    """What is printed: the report, regression tables by language, what all of it was made from.

    ``sources`` names the files and their hashes; it stands in the document's metadata.
    """

    report: Report
    regressions: Mapping[str, Sequence[Printed]] = field(default_factory=dict)
    sources: str = ""

    @property
    def chapters(self) -> list[Chapter]:
        """The chapters that are printed."""
        return [chapter for chapter in self.report.chapters if chapter.id not in LEFT_OUT]


def document(printed: Document, language: str, fonts: Sequence[str]) -> dict[str, bytes]:
    """Return the document's files by name, the main file under ``MAIN``."""
    first, *others = printed.chapters
    lines = [
        line(f"import {text(TEMPLATE.name)}: *"),
        line(f"show: {_paper(printed, first, language, fonts)}"),
        *_parts(printed, first, language, with_paragraphs=False),
        *(code for chapter in others for code in _chapter(printed, chapter, language)),
        *_appendix(printed, language),
        *_regressions(printed, language),
        line(call("note", text(words.MADE.in_language(language)))),
    ]
    pictures = {
        picture_file(name): picture(exhibit.drawings[language])
        for name, exhibit in printed.report.exhibits.items()
        if exhibit.kind == "figure"
    }
    return {
        MAIN: "\n".join(lines).encode("utf-8"),
        TEMPLATE.name: TEMPLATE.read_bytes(),
        **pictures,
    }


def _paper(printed: Document, first: Chapter, language: str, fonts: Sequence[str]) -> str:
    return call(
        "paper.with",
        title=text(TITLE.in_language(language)),
        subtitle=text(SUBTITLE.in_language(language)),
        language=text(language),
        fonts=array(map(text, fonts)),
        sources=text(printed.sources),
        abstract_name=text(words.ABSTRACT.in_language(language)),
        abstract=array(
            text(_said(printed, part, language))
            for part in first.parts
            if isinstance(part, Paragraph)
        ),
    )


def _said(printed: Document, paragraph: Paragraph, language: str) -> str:
    return plain(said(paragraph, language, printed.report.results))


# --- chapters ---------------------------------------------------------------------------------


def _chapter(printed: Document, chapter: Chapter, language: str) -> Iterator[str]:
    """Yield a chapter; nothing of one that has only what a page can show."""
    parts = list(_parts(printed, chapter, language))
    if parts:
        yield _heading(chapter.title.in_language(language))
        if chapter.mark:
            yield line(call("mark", text(chapter.mark.in_language(language))))
        yield from parts


def _heading(title: str, level: int = 1, numbering: str | None = None) -> str:
    options = {"numbering": numbering} if numbering else {}
    return line(call("heading", text(title), level=str(level), **options))


def _parts(
    printed: Document, chapter: Chapter, language: str, with_paragraphs: bool = True
) -> Iterator[str]:
    """Yield what is printed of a chapter; a heading only where something follows it."""
    heading = ""
    for part in chapter.parts:
        if isinstance(part, Heading):
            heading = _heading(part.text.in_language(language), level=2)
        elif code := _part(printed, part, language, with_paragraphs):
            yield from filter(None, (heading, code))
            heading = ""


def _part(printed: Document, part: Part, language: str, with_paragraphs: bool) -> str:
    """Return a part; empty where only a page can show it."""
    if isinstance(part, Paragraph) and with_paragraphs and not part.page_only:
        return line(call("par", text(_said(printed, part, language))))
    if part == Block(CITING):
        return "\n".join(line(call("par", text(one))) for one in references(language))
    if not isinstance(part, Shown):
        return ""
    if not is_printed(printed.report.exhibits[part.id]):
        return file_named(printed.report, part.id, language)
    return (appendix_named if part.folded else framed)(printed.report, part.id, language)


# --- appendices -------------------------------------------------------------------------------


def _appendix(printed: Document, language: str) -> Iterator[str]:
    """Yield the exhibits that open on request in the page."""
    folded = [
        part.id
        for chapter in printed.chapters
        for part in chapter.parts
        if isinstance(part, Shown) and part.folded and is_printed(printed.report.exhibits[part.id])
    ]
    if folded:
        yield _heading(words.APPENDIX.in_language(language), numbering="none")
    for name in folded:
        yield framed(printed.report, name, language, in_appendix=True)


def _regressions(printed: Document, language: str) -> Iterator[str]:
    """Yield the regression tables, numbered on after the report's tables."""
    tables = printed.regressions.get(language, ())
    if not tables:
        return
    yield _heading(words.REGRESSIONS.in_language(language), numbering="none")
    yield line(call("mark", text(words.REGRESSIONS_MARK.in_language(language))))
    exhibits, numbers = printed.report.exhibits, printed.report.numbers
    last = max((n for name, n in numbers.items() if exhibits[name].kind == "table"), default=0)
    for number, one in enumerate(tables, start=last + 1):
        yield framed_table(
            one,
            in_appendix=True,
            name=text(KINDS["table"].in_language(language).format(number=number)),
            caption=text(one.title),
            notes=notes_of(one.foot),
            key=text(f"regressions-{number}"),
        )
