"""Sentences with numbers: every number is read from a result, and says which.

The one way in which a number gets into the report's prose. Each one said is a row of
reports/results/in_text.csv.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from analysis.exhibits.report.content import Number, Paragraph

Rows = Sequence[Mapping[str, str]]
Results = Mapping[str, Rows]
IN_TEXT = ("page", "chapter", "sentence", "number", "value", "file", "rows", "column", "take",
           "form")  # fmt: skip
_OVER_ROWS: Mapping[str, Callable[[list[float]], float]] = MappingProxyType(
    {"minimum": min, "maximum": max, "sum": sum}
)
_PLACE = re.compile(r"\{(\w+)\}")
_SENTENCES = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")


@dataclass(frozen=True)
class Quote:
    """A number as printed, by its name in the paragraph."""

    name: str
    printed: str
    number: Number


Said = tuple[str | Quote, ...]


def said(paragraph: Paragraph, language: str, results: Results) -> Said:
    """Return the paragraph as texts and quotes in turn.

    Raises
    ------
    KeyError
        If it names a number that it does not declare.
    """
    pieces = _PLACE.split(paragraph.text.in_language(language))
    return tuple(
        _quote(piece, paragraph.numbers[piece], results) if place % 2 else piece
        for place, piece in enumerate(pieces)
        if piece
    )


def plain(words: Said) -> str:
    """Return what was said as text."""
    return "".join(piece.printed if isinstance(piece, Quote) else piece for piece in words)


def printed(number: Number, results: Results) -> str:
    """Return a number's text.

    Raises
    ------
    ValueError
        If ``take`` is value and not exactly one row is meant.
    """
    rows = meant(number, results[number.file])
    if number.take == "count":
        return f"{len(rows):,}"
    if number.take == "distinct":
        return f"{len({row[number.column] for row in rows}):,}"
    if number.take == "value":
        (row,) = rows
        return format(float(row[number.column]), number.form) if number.form else row[number.column]
    values = [float(row[number.column]) for row in rows if row[number.column]]
    return format(_OVER_ROWS[number.take](values), number.form or ",.0f")


def meant(number: Number, rows: Rows) -> list[Mapping[str, str]]:
    """Return the rows that a number names."""
    return [
        row
        for row in rows
        if all(
            row[column] == wanted if isinstance(wanted, str) else row[column] in wanted
            for column, wanted in number.where.items()
        )
    ]


def source_of(number: Number) -> str:
    """Return the rows that a number names, as text."""
    wanted = (
        (column, value if isinstance(value, str) else "|".join(value))
        for column, value in number.where.items()
    )
    return "; ".join(f"{column}={value}" for column, value in wanted)


def in_text(words: Said, page: str, chapter: str) -> Iterator[dict[str, str]]:
    """Yield a row (keys ``IN_TEXT``) for each number said, with the sentence that it stands in."""
    for sentence in _sentences(words):
        for quote in (piece for piece in sentence if isinstance(piece, Quote)):
            number = quote.number
            row = (page, chapter, plain(sentence).strip(), quote.name, quote.printed,
                   number.file, source_of(number), number.column, number.take,
                   number.form)  # fmt: skip
            yield dict(zip(IN_TEXT, row, strict=True))


def _quote(name: str, number: Number, results: Results) -> Quote:
    return Quote(name, printed(number, results), number)


def _sentences(words: Said) -> Iterator[Said]:
    sentence: list[str | Quote] = []
    for piece in words:
        first, *others = _SENTENCES.split(piece) if isinstance(piece, str) else [piece]
        sentence.append(first)
        for other in others:
            yield tuple(sentence)
            sentence = [other]
    yield tuple(sentence)
