"""How far two printed values are apart, and whether that is within what is stated.

The tolerances stand in tolerances.toml, by kind of number.
"""

import json
import math
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

STATED = Path(__file__).with_name("tolerances.toml")


@cache
def stated() -> dict[str, Any]:
    """Return the tolerances as they stand in the file."""
    return tomllib.loads(STATED.read_text(encoding="utf-8"))


def distance(before: str, after: str) -> float:
    """Return the absolute difference of two cells; infinite where they are not both numbers.

    Cells that hold JSON objects (the contract's ``extras``) are as far apart as their most
    distant values.
    """
    if before == after:
        return 0.0
    if before.startswith("{") and after.startswith("{"):
        return _distance_of_objects(json.loads(before), json.loads(after))
    try:
        one, other = float(before), float(after)
    except ValueError:
        return math.inf
    return abs(one - other) if math.isfinite(one) and math.isfinite(other) else math.inf


def _distance_of_objects(before: dict[str, Any], after: dict[str, Any]) -> float:
    if before.keys() != after.keys():
        return math.inf
    return max((distance(str(before[key]), str(after[key])) for key in before), default=0.0)


def within(column: str, before: str, after: str) -> bool:
    """Say whether two cells of ``column`` are equal within the tolerance of their kind."""
    if before == after:
        return True
    if column in stated()["exact"]["columns"]:
        return False
    kind = "tail" if column in stated()["tail"]["columns"] else "number"
    return distance(before, after) <= stated()[kind]["absolute"] + _share(kind, before)


def _share(kind: str, before: str) -> float:
    """Return the relative part: of the number itself, or of the largest in an object."""
    values = json.loads(before).values() if before.startswith("{") else [before]
    sizes = [abs(float(v)) for v in values if _is_number(v)]
    return stated()[kind]["relative"] * max(sizes, default=0.0)


def _is_number(value: object) -> bool:
    try:
        return math.isfinite(float(str(value)))
    except ValueError:
        return False
