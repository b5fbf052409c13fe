"""What a target says of itself, and what counts as a finding."""

from dataclasses import dataclass

from analysis.messages import Text

LONGEST_SECONDS = 10
LARGEST_BYTES = 2**30


@dataclass(frozen=True)
class About:
    """A reader's title, the ending its files have, and words that its inputs are made of.

    A reader that takes ``cost`` times as long as others gets as many times fewer inputs.

    A target's module has, beside this, ``seeds() -> list[bytes]`` (good inputs to spoil) and
    ``read(path)``, which may raise ``UserError`` and nothing else.
    """

    what: Text
    suffix: str
    words: tuple[bytes, ...] = ()
    cost: int = 1


@dataclass(frozen=True)
class Finding:
    """One way in which an input was not refused in one sentence, with the smallest such input.

    ``kind`` is ``traceback``, ``hang``, ``memory`` or ``crash``; ``place`` is where it happened.
    """

    kind: str
    place: str
    content: bytes
