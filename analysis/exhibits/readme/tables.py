"""A Markdown table of words."""

from collections.abc import Iterable, Sequence


def pipe_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a pipe table; a cell's own bars are shown, its line breaks are spaces."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
