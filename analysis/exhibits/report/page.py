"""The report's page in one language: one file that needs nothing else, and opens from a disk."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from analysis.exhibits.report import words as w
from analysis.exhibits.report.content import (
    OWN,
    Block,
    Chapter,
    Heading,
    Paragraph,
    Part,
    chapter_files,
)
from analysis.exhibits.report.drawing import Letters
from analysis.exhibits.report.exhibits import Report, shown
from analysis.exhibits.report.markup import paragraph
from analysis.exhibits.report.prose import in_text, said
from analysis.files import read_text
from analysis.messages import LANGUAGES

STYLE, SCRIPT = Path(__file__).with_name("style.css"), Path(__file__).with_name("script.js")
ASSETS = (STYLE, SCRIPT, OWN, *chapter_files())
LANGUAGE_NAMES = {"en": "en", "zh": "zh-CN"}


def page_name(language: str) -> str:
    """Return the name of the page in a language."""
    return f"index_{language}.html"


def document_name(language: str) -> str:
    """Return the name of the report as a document to print in a language."""
    return f"jieli_{language}.pdf"


def page(report: Report, language: str) -> str:
    """Return the page."""
    letters = Letters()
    body = "\n".join(_chapter(chapter, report, language, letters) for chapter in report.chapters)
    return "\n".join([
        _head(language),
        letters.as_svg(),
        f'<a class="skip" href="#main">{w.SKIP.in_language(language)}</a>',
        _bar(language),
        _contents(report.chapters, language),
        f'<main id="main">\n{_opening(language)}\n{body}\n</main>',
        f"<footer><p>{escape(w.TRACED.in_language(language))}</p></footer>",
        f"<script>\n{read_text(SCRIPT)}</script>\n</body>\n</html>\n",
    ])  # fmt: skip


def chooser() -> str:
    """Return the page that sends its reader to the page in his language."""
    links = " · ".join(
        f'<a href="{page_name(language)}" lang="{LANGUAGE_NAMES[language]}">'
        f"{w.TITLE.in_language(language)}</a>"
        for language in reversed(LANGUAGES)
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{w.NAME.zh} {w.NAME.en}</title>
<script>
const chinese = (navigator.languages[0] || navigator.language).toLowerCase().startsWith("zh");
location.replace((chinese ? "{page_name("zh")}" : "{page_name("en")}") + location.hash);
</script>
</head>
<body><main><p>{links}</p></main></body>
</html>
"""


def numbers_said(report: Report) -> list[dict[str, str]]:
    """Return a row for every number in the pages' sentences."""
    return [
        row
        for language in LANGUAGES
        for chapter in report.chapters
        for part in chapter.parts
        if isinstance(part, Paragraph)
        for row in in_text(said(part, language, report.results), page_name(language), chapter.id)
    ]


def _head(language: str) -> str:
    return f"""<!doctype html>
<html lang="{LANGUAGE_NAMES[language]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{w.TITLE.in_language(language)}</title>
<script>document.documentElement.classList.add("js")</script>
<style>
{read_text(STYLE)}</style>
</head>
<body>"""


def _bar(language: str) -> str:
    other = "zh" if language == "en" else "en"
    return (
        f'<header class="bar"><a class="name" href="#main">{w.NAME.in_language(language)}</a>'
        f'<span class="tools"><button id="theme" type="button">{w.THEME.in_language(language)}'
        f'</button><a id="other" href="{page_name(other)}" lang="{LANGUAGE_NAMES[other]}" '
        f'hreflang="{LANGUAGE_NAMES[other]}">{w.OTHER.in_language(language)}</a></span></header>'
    )


def _contents(chapters: Sequence[Chapter], language: str) -> str:
    links = "\n".join(
        f'<li><a href="#{chapter.id}">{escape(chapter.short.in_language(language))}</a></li>'
        for chapter in chapters
    )
    name = w.CONTENTS.in_language(language)
    return f'<nav class="contents" aria-label="{name}"><ol>\n{links}\n</ol></nav>'


def _opening(language: str) -> str:
    return (
        f"<h1>{escape(w.TITLE.in_language(language))}</h1>\n"
        f'<p class="subtitle">{escape(w.SUBTITLE.in_language(language))}</p>'
    )


def _chapter(chapter: Chapter, report: Report, language: str, letters: Letters) -> str:
    parts = "\n".join(_part(part, report, language, letters) for part in chapter.parts)
    mark = ""
    if chapter.mark:
        mark = f'<p class="mark">{escape(chapter.mark.in_language(language))}</p>\n'
    return (
        f'<section id="{chapter.id}"{" class=simulated" if chapter.simulated else ""} '
        f'aria-labelledby="{chapter.id}-title">\n'
        f'<h2 id="{chapter.id}-title">{escape(chapter.title.in_language(language))}</h2>\n'
        f"{mark}{parts}\n</section>"
    )


def _part(part: Part, report: Report, language: str, letters: Letters) -> str:
    if isinstance(part, Paragraph):
        return paragraph(said(part, language, report.results))
    if isinstance(part, Heading):
        return f"<h3>{escape(part.text.in_language(language))}</h3>"
    if isinstance(part, Block):
        return part.module.html(report, language)
    return shown(report, part, language, letters)
