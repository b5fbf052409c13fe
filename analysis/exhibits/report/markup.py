"""Small pieces of HTML; whatever the words, they are shown as text."""

from collections.abc import Iterable, Sequence
from html import escape

from analysis.exhibits.printing.printed import Printed
from analysis.exhibits.report.prose import Quote, Said, source_of


def paragraph(words: Said) -> str:
    """Return what was said as a paragraph; each number tells its source when pointed at."""
    return f'<p class="said">{"".join(map(_piece, words))}</p>'


def _piece(piece: str | Quote) -> str:
    if isinstance(piece, str):
        return escape(piece)
    number = piece.number
    source = "; ".join(filter(None, [number.file, source_of(number), number.column or number.take]))
    return f'<data value="{escape(piece.printed)}" title="{escape(source)}">{piece.printed}</data>'


def table_of(printed: Printed) -> str:
    """Return a table that scrolls sideways where the screen is narrow."""
    head = "".join(_row("th", line, printed.is_number) for line in printed.headings)
    body = "\n".join(_row("td", line, printed.is_number) for line in printed.lines)
    return scrolling(
        f"<table><thead>{head}</thead>\n<tbody>\n{body}\n</tbody></table>", printed.title
    )


def plain_table(headings: Sequence[str], rows: Iterable[Sequence[str]], title: str) -> str:
    """Return a table of words (its cells are HTML already)."""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in headings)
    body = "\n".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"
    return scrolling(table, title)


def scrolling(table: str, title: str) -> str:
    """Return a box that the keyboard reaches and scrolls."""
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape(title)}">{table}</div>'
    )


def link(address: str, text: str) -> str:
    """Return a link to a file beside the page, saved under its name."""
    return f'<a href="{escape(address)}">{escape(text)}</a>'


def breakable(name: str) -> str:
    """Return a long name that may break after its underscores."""
    return escape(name).replace("_", "_<wbr>")


def folded(summary: str, content: str) -> str:
    """Return content that opens on request."""
    return f"<details><summary>{escape(summary)}</summary>\n{content}\n</details>"


def _row(tag: str, texts: Sequence[str], is_number: Sequence[bool]) -> str:
    scope = ' scope="col"' if tag == "th" else ""
    cells = (
        f"<{tag}{scope}{' class=n' if right else ''}>{escape(text)}</{tag}>"
        for text, right in zip(texts, is_number, strict=True)
    )
    return f"<tr>{''.join(cells)}</tr>"
