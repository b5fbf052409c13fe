"""The words of data editors for a rebuilt file beside a committed one."""

from dataclasses import dataclass
from enum import IntEnum

from analysis.messages import Text

NOTHING = Text("", "")


class Verdict(IntEnum):
    """From best to worst: an exhibit is as good as its worst file."""

    REPRODUCED = 0
    MINOR = 1
    DIFFERS = 2
    MISSING = 3


WORDS = {
    Verdict.REPRODUCED: Text("reproduced", "已复现"),
    Verdict.MINOR: Text("reproduced with minor differences", "已复现（细微差异）"),
    Verdict.DIFFERS: Text("differs", "不一致"),
    Verdict.MISSING: Text("missing", "缺失"),
}


@dataclass(frozen=True)
class Finding:
    """What came of one file: ``largest`` is the greatest difference, ``place`` where it is."""

    file: str
    verdict: Verdict
    largest: float = 0.0
    place: Text = NOTHING
    note: Text = NOTHING


def as_found(words: str) -> Text:
    """Return what stands in the files themselves, the same in both languages."""
    return Text(words, words)
