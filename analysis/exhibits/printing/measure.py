"""How wide words are, so that columns and decimal stops can be placed. Unit: em of the font."""

import re
from collections.abc import Sequence

from analysis.exhibits.printing.printed import CHINESE, Printed, number_in

# advance widths of Times New Roman in em; what is not listed is about a digit wide
_NARROW = {".": 0.25, ",": 0.25, " ": 0.25, "-": 0.333, "(": 0.333, ")": 0.333, "[": 0.333,
           "]": 0.333, "i": 0.278, "l": 0.278, "j": 0.278, "t": 0.278, "f": 0.333, "r": 0.333,
           "I": 0.333, "m": 0.778, "w": 0.722, "M": 0.889, "W": 0.944}  # fmt: skip
_DIGIT, _CAPITAL = 0.5, 0.69
# running text breaks into lines rather than taking more of the page than this
WIDEST = 22.0
# where a line may break
_BREAKS = re.compile(r"\s+|(?<=[\u2e80-\uffef])|(?=[\u2e80-\uffef])|(?<=-)(?=[A-Za-z])")
PADDING = 1.2
# a column of Chinese can break anywhere, yet should not become a column of single letters
LEAST_WORDS = 6.0


def em(text: str) -> float:
    """Return the width of a text in em."""
    return sum(1.0 if CHINESE.match(letter) else _latin(letter) for letter in text)


def _latin(letter: str) -> float:
    return _NARROW.get(letter, _CAPITAL if letter.isupper() else _DIGIT)


def column_ems(printed: Printed) -> list[float]:
    """Return the width that each column would like, padding included."""
    return [_wish(printed, place) for place in range(len(printed.is_number))]


def _wish(printed: Printed, place: int) -> float:
    body = printed.column(place)
    heads = [row[place] for row in printed.headings]
    if printed.is_number[place]:
        # a heading may break at its spaces
        words = [max(map(em, head.split()), default=0.0) for head in heads]
        before, after = decimal_ems(body)
        return max([2.0 * max(before, after), *map(em, body), *words, 2.5]) + PADDING
    return min(max(map(em, [*heads, *body]), default=0.0), WIDEST) + PADDING


def decimal_ems(body: Sequence[str]) -> tuple[float, float]:
    """Return how much stands before and after the decimal points of a column, at most.

    Whole numbers count only where the column has no others.
    """
    found = [number for number in map(number_in, body) if number]
    numbers = [number for number in found if "." in number.digits] or found
    before = max((em(number.before) for number in numbers), default=0.0)
    after = max((em(number.after) for number in numbers), default=0.0)
    return before, after


def fitted(printed: Printed, room: float) -> list[float]:
    """Return column widths in em that fill no more than ``room``.

    Numbers and single words keep what they need where they can; running text gives way and breaks
    into lines.
    """
    wishes = column_ems(printed)
    if sum(wishes) <= room:
        return wishes
    least = least_ems(printed)
    spare = room - sum(least)
    if spare <= 0.0:
        return [width * room / sum(least) for width in least]
    share = spare / (sum(wishes) - sum(least))
    return [low + share * (wish - low) for low, wish in zip(least, wishes, strict=True)]


def laid_out(printed: Printed, room: float) -> list[float]:
    """Return column widths in em as ``fitted``; those asked for, if they leave the others room."""
    widths = fitted(printed, room)
    asked = [
        width if share is None else share * room + PADDING
        for width, share in zip(widths, printed.widths, strict=True)
    ]
    return asked if sum(asked) <= room else widths


def least_ems(printed: Printed) -> list[float]:
    """Return the widths of columns below which a number or a word would break."""
    wishes = column_ems(printed)
    return [min(wish, _need(printed, place)) for place, wish in enumerate(wishes)]


def _need(printed: Printed, place: int) -> float:
    """Return the least width of a column in which no number and no Latin word breaks."""
    word = _longest_word(printed, place)
    if not printed.is_number[place]:
        return max(word, LEAST_WORDS) + PADDING
    return max(sum(decimal_ems(printed.column(place))), word) + PADDING


def _longest_word(printed: Printed, place: int) -> float:
    """Return the width of what cannot break: Latin words; Chinese breaks after any letter."""
    texts = [*printed.column(place), *(row[place] for row in printed.headings)]
    words = [word for text in texts for word in _BREAKS.split(text)]
    return max(map(em, words), default=0.0)
