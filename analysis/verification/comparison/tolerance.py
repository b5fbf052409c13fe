"""How far two printed values are apart, and whether that is within what is stated.

The tolerances stand in tolerances.toml, by kind of number.
"""

import json
import math
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

STATED = Path(__file__).with_name("tolerances.toml")
WHOLE = re.compile(r"-?\d+")


@cache
def stated() -> dict[str, Any]:
    """Return the tolerances as they stand in the file."""
    return tomllib.loads(STATED.read_text(encoding="utf-8"))


def distance(before: str, after: str) -> float:
    """Return the absolute difference of two cells; infinite where they are not both numbers.

    Cells that hold JSON objects (the contract's ``extras``) are as far apart as their most
    distant values.

    Raises
    ------
    ValueError
        If a cell begins like a JSON object and is none.
    """
    if before.startswith("{") and after.startswith("{"):
        return _apart(json.loads(before), json.loads(after))
    return _apart(before, after)


def _apart(before: Any, after: Any) -> float:
    """Return how far two values of a JSON object, or two cells, are apart."""
    if before == after:
        return 0.0
    if isinstance(before, dict) and isinstance(after, dict):
        return _farthest(before, after) if before.keys() == after.keys() else math.inf
    if isinstance(before, list) and isinstance(after, list):
        return _farthest(dict(enumerate(before)), dict(enumerate(after)))
    one, other = _number(before), _number(after)
    return abs(one - other) if math.isfinite(one) and math.isfinite(other) else math.inf


def _farthest(before: dict[Any, Any], after: dict[Any, Any]) -> float:
    if before.keys() != after.keys():
        return math.inf
    return max((_apart(before[key], after[key]) for key in before), default=0.0)


def _number(value: Any) -> float:
    try:
        return math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return math.nan


def within(column: str, before: str, after: str) -> bool:
    """Say whether two cells of ``column`` are equal within the tolerance of their kind.

    Whole numbers count something and are exact. A number within the absolute tolerance of zero
    may change its sign: to six decimals it is zero.
    """
    if before == after:
        return True
    if before.startswith("{") and after.startswith("{"):
        return _object_within(json.loads(before), json.loads(after))
    if WHOLE.fullmatch(before) and WHOLE.fullmatch(after):
        return False
    return _within(_kind(column), before, after)


def _object_within(before: Any, after: Any) -> bool:
    """Judge each value of a JSON object by its own size and the kind that its name says."""
    if before.keys() != after.keys():
        return False
    return all(_value_within(_kind(key), before[key], after[key]) for key in before)


def _value_within(kind: str, before: Any, after: Any) -> bool:
    if isinstance(before, dict) and isinstance(after, dict):
        return _object_within(before, after)
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return all(_value_within(kind, a, b) for a, b in zip(before, after, strict=True))
    if isinstance(before, int) and isinstance(after, int):
        return before == after
    return before == after or _within(kind, before, after)


def _kind(name: str) -> str:
    return "tail" if name in stated()["tail"]["columns"] else "number"


def _within(kind: str, before: Any, after: Any) -> bool:
    allowed = stated()[kind]
    size = _number(before)
    if not math.isfinite(size):
        return False
    return _apart(before, after) <= allowed["absolute"] + allowed["relative"] * abs(size)
