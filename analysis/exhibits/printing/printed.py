"""A table as it is to be printed: words only, before any file format."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

# a number as tables print it: perhaps in brackets, perhaps with stars behind
_NUMBER = re.compile(
    r"(?P<prefix>[(\[]?)"
    r"(?P<number>[-+]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)(?:e[-+]?\d+)?)"
    r"(?P<suffix>[)\]]?\*{0,3})"
)
# what XML, and with it Word, Excel and HTML, cannot hold
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
CHINESE = re.compile(r"[\u2e80-\ufaff\uff00-\uffef]")


class Number(NamedTuple):
    """A number's printed parts; ``digits`` is the number itself as printed."""

    prefix: str
    digits: str
    suffix: str

    @property
    def before(self) -> str:
        """What stands before the decimal point."""
        return self.prefix + self.digits.partition(".")[0]

    @property
    def after(self) -> str:
        """The decimal point and what follows; the suffix alone where there is no point."""
        _, point, decimals = self.digits.partition(".")
        return point + decimals + self.suffix

    @property
    def is_marked(self) -> bool:
        """Whether it stands in brackets or carries stars."""
        return bool(self.prefix or self.suffix)


@dataclass(frozen=True)
class Printed:
    """A table of words.

    Attributes
    ----------
    headings
        Rows of heading, each with one text a column.
    lines
        Rows of the body, each with one text a column; empty where there is nothing.
    is_number
        By column: aligned by its decimals.
    widths
        By column: the share of the line that running text takes; None where it takes what it needs.
    foot
        The note; each line of it is a paragraph.
    """

    title: str
    headings: tuple[tuple[str, ...], ...]
    lines: tuple[tuple[str, ...], ...]
    is_number: tuple[bool, ...]
    widths: tuple[float | None, ...]
    foot: str
    language: str

    def column(self, place: int) -> list[str]:
        """Return the body's texts in one column."""
        return [line[place] for line in self.lines]


def number_in(text: str) -> Number | None:
    """Return a text's parts where it is a number, else None."""
    found = _NUMBER.fullmatch(text)
    return Number(*found.group("prefix", "number", "suffix")) if found else None


def has_marked_numbers(texts: Sequence[str]) -> bool:
    """Tell whether a number stands in brackets or carries stars in these cells."""
    return any(number is not None and number.is_marked for number in map(number_in, texts))


def writable(text: str) -> str:
    """Return the text without the control characters that no file format can hold."""
    return _UNWRITABLE.sub("", text)


def heading_rows(headings: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return headings with line breaks as rows, each heading's last line in the last row."""
    parts = [heading.split("\n") for heading in headings]
    depth = max(map(len, parts), default=1)
    padded = [[""] * (depth - len(part)) + part for part in parts]
    return tuple(tuple(part[row] for part in padded) for row in range(depth))
