"""The rule that turns a recomputation into a verdict. No verdict is typed in anywhere.

reproduced: every value that the stated or rounded inputs allow satisfies the statement, under the
default definition, which is named before anything is computed. not_reproduced: no value does under
any named definition. reproduced_under_definition: some do, or another named definition or scope
does. not_checkable: there is no input independent of the statement (a rule, a list, a date, an
adjective), or the default gives only a bound that leaves the statement open.
"""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from analysis.claims.inputs import Input, Range
from analysis.messages import Text
from analysis.status import weakest

Verdict = Literal[
    "reproduced", "reproduced_under_definition", "not_reproduced", "not_checkable", ""
]
Outcome = Literal["all", "some", "none"]
Values = Mapping[str, float]
Sides = tuple[int, ...]
NO_TEXT = Text("", "")


@dataclass(frozen=True)
class Definition:
    """One named way to recompute the statement's number from the inputs' values by key.

    The function must be monotone in each input that has a range: its extremes over the ranges
    are then at their corners.
    """

    name: str
    label: Text
    value: Callable[[Values], float]
    accepted: Range | None = None


@dataclass(frozen=True)
class Check:
    """What a claim's function returns: inputs, definitions (the default first), what would satisfy.

    ``accepted`` is None for a number that is shown but decides nothing.
    """

    inputs: tuple[Input, ...]
    definitions: tuple[Definition, ...]
    accepted: Range | None
    note: Text = NO_TEXT
    shown: Callable[[float], str] = lambda value: f"{value:.7g}"

    def with_input(self, changed: Input) -> "Check":
        """Return the check with the input of that key replaced."""
        inputs = tuple(changed if known.key == changed.key else known for known in self.inputs)
        return replace(self, inputs=inputs)

    @property
    def status(self) -> str:
        """The weakest status of the inputs."""
        return weakest(known.status for known in self.inputs)


@dataclass(frozen=True)
class Reading:
    """One definition worked out: at the printed values, and over all values that they allow."""

    definition: Definition
    at_face_value: float
    low: float
    high: float
    outcome: Outcome
    face_value_satisfies: bool

    @property
    def is_bound(self) -> bool:
        """Tell whether the inputs bound the number on one side only."""
        return math.isinf(self.low) or math.isinf(self.high)


@dataclass(frozen=True)
class Decision:
    """The verdict, the reading it rests on, and all readings."""

    verdict: Verdict
    reading: Reading | None
    readings: tuple[Reading, ...]


def decide(check: Check) -> Decision:
    """Apply the rule to a check."""
    readings = tuple(read(check, definition) for definition in check.definitions)
    if check.accepted is None or not readings:
        return Decision("not_checkable", readings[0] if readings else None, readings)
    default = readings[0]
    if default.outcome == "all":
        return Decision("reproduced", default, readings)
    if default.is_bound and default.outcome == "some":
        return Decision("not_checkable", default, readings)
    satisfying = _best_satisfying(readings)
    if satisfying is None:
        return Decision("not_reproduced", default, readings)
    return Decision("reproduced_under_definition", satisfying, readings)


def _best_satisfying(readings: Sequence[Reading]) -> Reading | None:
    """Return the default if some of its values do, else a definition of which all do, else some."""
    default, *others = readings
    if default.outcome == "some":
        return default
    for outcome in ("all", "some"):
        for reading in others:
            if reading.outcome == outcome:
                return reading
    return None


def read(check: Check, definition: Definition) -> Reading:
    """Work out one definition over the corners of the inputs' ranges."""
    at_face_value = definition.value({known.key: known.value for known in check.inputs})
    values = [definition.value(corner) for corner in _corners(check.inputs)]
    accepted = definition.accepted or check.accepted or Range()
    low, high = min(values), max(values)
    return Reading(
        definition, at_face_value, low, high, _outcome(low, high, accepted),
        accepted.contains(at_face_value),
    )  # fmt: skip


def _outcome(low: float, high: float, accepted: Range) -> Outcome:
    top = accepted.contains(high) or high == accepted.high == math.inf
    if accepted.contains(low) and top:
        return "all"
    overlap = low < accepted.high and high >= accepted.low
    at_a_point = accepted.is_point and low <= accepted.low <= high
    at_an_end = accepted.contains(low) or accepted.contains(high)
    return "some" if overlap or at_a_point or at_an_end else "none"


def sides(check: Check, readings: Sequence[Reading]) -> Sides:
    """Return for each reading's ends whether they lie below, in or above what is accepted."""
    return tuple(
        side
        for reading in readings
        for side in _sides(reading, reading.definition.accepted or check.accepted or Range())
    )


def _sides(reading: Reading, accepted: Range) -> tuple[int, int]:
    def side(value: float) -> int:
        if accepted.contains(value):
            return 0
        return -1 if value < accepted.low else 1

    return side(reading.low), side(reading.high)


def _corners(inputs: Sequence[Input]) -> list[dict[str, float]]:
    ends = [
        [known.value] if known.allowed.is_point else [known.allowed.low, known.allowed.last]
        for known in inputs
    ]
    keys = [known.key for known in inputs]
    return [dict(zip(keys, corner, strict=True)) for corner in itertools.product(*ends)]
