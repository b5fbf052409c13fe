"""The one list of regional variables, and which of them a label names."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from analysis.messages import Text

VARIABLES_FILE = Path(__file__).with_name("variables.toml")
_BEFORE = re.compile(
    r"(?:^|[区省市县年国表州盟旗、和及与的:：()（）\d—-]|\b(?:of|in|and|on))\s*$", re.IGNORECASE
)
DATES = ("wage_deposit_year", "fee_collection_year")


@dataclass(frozen=True)
class Variable:
    """A regional variable.

    Attributes
    ----------
    name
        Its identifier, as in data/processed/regions.csv.
    unit
        Base unit: cases, persons, units, yuan, percent, year.
    adds_up
        Whether regions add up to the nation.
    label
        How tables name it.
    low, high
        Bounds in base units beyond which a figure is surely in another unit.
    usual
        The unit that yearbooks print it in.
    patterns
        What others call it: regular expressions that match a whole label.
    """

    name: str
    unit: str
    adds_up: bool
    label: Text
    low: float
    high: float
    usual: str
    patterns: tuple[str, ...] = ()


def _read() -> dict[str, Variable]:
    document = tomllib.loads(VARIABLES_FILE.read_text(encoding="utf-8"))
    return {name: _variable(name, entry) for name, entry in document.items()}


def _variable(name: str, entry: dict) -> Variable:
    patterns = tuple(words for found in entry.get("patterns", {}).values() for words in found)
    return Variable(
        name, entry["unit"], entry["adds_up"], Text(**entry["label"]),
        float(entry["low"]), float(entry["high"]), entry["usual"], patterns,
    )  # fmt: skip


VARIABLES: Mapping[str, Variable] = _read()


def variables() -> Mapping[str, Variable]:
    """Return the regional variables by name, in the order of their list."""
    return VARIABLES


def variable_called(labels: Iterable[str]) -> str | None:
    """Return the variable that the first matching label names as a whole, else None."""
    for label in labels:
        for name, pattern in _patterns().items():
            if pattern.fullmatch(label):
                return name
    return None


def variables_within(text: str) -> list[str]:
    """Return the variables that a title names; of overlapping ones the longest.

    What stands before one must not narrow it: 女会员人数 and 未受理案件数 are other things.
    """
    spans = [
        (found.end() - found.start(), found.start(), found.end(), name)
        for name, pattern in _patterns().items()
        for found in pattern.finditer(text)
        if _BEFORE.search(text[: found.start()])
    ]
    chosen: list[tuple[int, int, str]] = []
    for _, start, end, name in sorted(spans, reverse=True):
        if all(end <= taken[0] or start >= taken[1] for taken in chosen):
            chosen.append((start, end, name))
    return list(dict.fromkeys(name for _, _, name in sorted(chosen)))


def nearest_variables(label: str) -> list[str]:
    """Return at most two variables with a name or label like an unknown one: suggestions."""
    known = {words: name for name, v in VARIABLES.items() for words in (name, *v.label)}
    near = get_close_matches(label, known, n=2, cutoff=0.6)
    return list(dict.fromkeys(known[words] for words in near))


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    """Return each variable's pattern: its identifier, its labels, how others call it."""
    return {
        name: re.compile(
            "|".join(
                [re.escape(name), *(re.escape(words) for words in variable.label)]
                + [f"(?:{pattern})" for pattern in variable.patterns]
            ),
            re.IGNORECASE,
        )
        for name, variable in VARIABLES.items()
    }
