"""A table's rows to its printed forms in either language: which words, then one writer a form."""

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from analysis.exhibits.about import About, Column
from analysis.exhibits.printing import csv, html, latex, markdown
from analysis.exhibits.printing.latex import latex_safe
from analysis.exhibits.printing.printed import Printed, has_marked_numbers, heading_rows
from analysis.exhibits.printing.style import PLAIN, Style, style
from analysis.messages import Text

__all__ = ["ALL", "TEXTS", "TRUE_FALSE", "Rows", "as_csv", "as_html", "as_latex", "as_markdown",
           "cell", "latex_safe", "print_all", "printed", "words_of", "written"]  # fmt: skip

Rows = Sequence[dict[str, object]]
TRUE_FALSE = {"true": Text("yes", "是"), "false": Text("no", "否")}
TEXTS = ("csv", "md", "tex", "html")
ALL = (*TEXTS, "docx", "xlsx")


def print_all(
    about: About,
    columns: Sequence[Column],
    rows: Rows,
    footer: Mapping[str, str],
    formats: Sequence[str] = TEXTS,
    journal: str = PLAIN,
) -> dict[str, bytes]:
    """Return <language>_<format> for the formats asked for (of csv, md, tex, html, docx, xlsx).

    ``footer`` is the note in each language to be printed.
    """
    files: dict[str, bytes] = {}
    for language, foot in footer.items():
        table = printed(about, columns, rows, foot, language)
        for suffix in formats:
            files[f"{language}_{suffix}"] = written(table, suffix, style(journal))
    return files


def printed(
    about: About, columns: Sequence[Column], rows: Rows, foot: str, language: str
) -> Printed:
    """Return the table's words in one language.

    A column holds numbers where it has decimals, or where a cell is a number that stands in
    brackets or carries stars.
    """
    lines = tuple(
        tuple(cell(row[column.key_in(language)], column, language) for column in columns)
        for row in rows
    )
    return Printed(
        title=about.title.in_language(language),
        headings=heading_rows([column.heading.in_language(language) for column in columns]),
        lines=lines,
        is_number=tuple(
            column.decimals is not None or has_marked_numbers([line[place] for line in lines])
            for place, column in enumerate(columns)
        ),
        widths=tuple(column.width for column in columns),
        foot=foot,
        language=language,
    )


def written(table: Printed, suffix: str, journal: Style) -> bytes:
    """Return the table in one format.

    Raises
    ------
    KeyError
        If no writer has that suffix.
    """
    return _WRITERS[suffix](table, journal)


def _word(table: Printed, journal: Style) -> bytes:
    from analysis.exhibits.printing.word import as_word

    return as_word(table, journal)


def _excel(table: Printed, journal: Style) -> bytes:
    from analysis.exhibits.printing.excel import as_excel

    return as_excel(table, journal)


_WRITERS: Mapping[str, Callable[[Printed, Style], bytes]] = MappingProxyType(
    {
        "csv": lambda table, journal: csv.as_csv(table),
        "md": lambda table, journal: markdown.as_markdown(table),
        "tex": lambda table, journal: latex.as_latex(table),
        "html": lambda table, journal: html.as_html(table),
        "docx": _word,
        "xlsx": _excel,
    }
)


def words_of(
    title: str,
    headings: Sequence[str],
    cells: Sequence[Sequence[str]],
    numeric: Sequence[bool],
    foot: str,
    language: str,
    widths: Sequence[float | None] = (),
) -> Printed:
    """Return a table whose cells are words already (a regression table's, for one)."""
    return Printed(
        title=title,
        headings=heading_rows(headings),
        lines=tuple(tuple(line) for line in cells),
        is_number=tuple(numeric),
        widths=tuple(widths) or (None,) * len(headings),
        foot=foot,
        language=language,
    )


def as_csv(headings: Sequence[str], cells: Sequence[Sequence[str]], language: str) -> bytes:
    """Return words as CSV in which nothing can run as a formula."""
    return csv.as_csv(words_of("", headings, cells, [False] * len(headings), "", language))


def as_markdown(
    title: str,
    headings: Sequence[str],
    cells: Sequence[Sequence[str]],
    numeric: Sequence[bool],
    foot: str,
) -> bytes:
    """Return words as a pipe table under its title."""
    return markdown.as_markdown(words_of(title, headings, cells, numeric, foot, ""))


def as_html(
    title: str,
    headings: Sequence[str],
    cells: Sequence[Sequence[str]],
    numeric: Sequence[bool],
    foot: str,
    language: str,
) -> bytes:
    """Return words as a page of its own."""
    return html.as_html(words_of(title, headings, cells, numeric, foot, language))


def as_latex(
    title: str,
    columns: Sequence[Column],
    headings: Sequence[str],
    cells: Sequence[Sequence[str]],
    foot: str,
    language: str,
) -> bytes:
    """Return words as a longtable; ``columns`` say which hold numbers and how wide text is."""
    numeric = [column.decimals is not None for column in columns]
    widths = [column.width for column in columns]
    return latex.as_latex(words_of(title, headings, cells, numeric, foot, language, widths))


def cell(value: object, column: Column, language: str) -> str:
    """Return a value as its cell's text; empty where there is none."""
    if value is None or value != value or value == "":
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if column.decimals is None and isinstance(value, float) and value.is_integer():
        # a year in a column with empty cells arrives as a float
        text = str(int(value))
    if column.words and text in column.words:
        return column.words[text].in_language(language)
    if column.decimals is None:
        return text
    number = float(str(value))
    if 0.0 < abs(number) < 0.5 * 10.0**-column.decimals and math.isfinite(number):
        return f"{number:.1e}"
    return f"{number:,.{column.decimals}f}"
