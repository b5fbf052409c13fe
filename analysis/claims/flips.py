"""Flip distance: the smallest change of one input that alters a verdict, the others held.

A verdict on a knife-edge and one that nothing short of a different world would change look the
same in a ledger. The distance, beside the input's status, tells them apart.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from analysis.claims.decide import Check, Decision, Sides, Verdict, decide, sides
from analysis.claims.inputs import Input

# an input is moved by up to its own size, in steps that grow by a tenth
FURTHEST = 1.0
GROWTH = 1.1


Result = tuple[Verdict, str]
Look = Callable[[int], tuple[Result, Sides]]


@dataclass(frozen=True)
class Flip:
    """The nearest change of ``key`` (in its own unit, signed) that gives another result."""

    key: str
    change: float
    verdict: Verdict
    definition: str


def flips(check: Check) -> dict[str, Flip | None]:
    """Return each input's nearest flip; None where moving it by its own size changes nothing."""
    return {known.key: nearest_flip(check, known) for known in check.inputs}


def nearest_flip(check: Check, known: Input) -> Flip | None:
    """Return the smaller of the nearest flips upward and downward."""
    found = [flip for sign in (-1, 1) if (flip := _nearest_in(check, known, sign)) is not None]
    return min(found, key=lambda flip: abs(flip.change), default=None)


def result_at(check: Check, known: Input, change: float) -> Result:
    """Return the verdict, and the definition it names, with an input moved by ``change``."""
    return _named_result(decide(check.with_input(known.moved_to(known.value + change))))


def _named_result(decision: Decision) -> Result:
    """Return the verdict, and the definition it names.

    A verdict that holds under a definition says which, so that passing from one definition to
    another alters it.
    """
    named = decision.reading if decision.verdict == "reproduced_under_definition" else None
    return decision.verdict, named.definition.name if named else ""


def _nearest_in(check: Check, known: Input, sign: int) -> Flip | None:
    @cache
    def look(steps: int) -> tuple[Result, Sides]:
        moved = check.with_input(known.moved_to(known.value + sign * steps * known.step))
        decision = decide(moved)
        return _named_result(decision), sides(moved, decision.readings)

    same = 0
    for steps in _growing(known):
        nearest = _first_other(look, same, steps)
        if nearest is not None:
            return Flip(known.key, sign * nearest * known.step, *look(nearest)[0])
        same = steps
    return None


def _first_other(look: Look, same: int, other: int) -> int | None:
    """Return the first step after ``same``, up to ``other``, that gives another result.

    Where every reading lies on the same sides of what is accepted at both ends, the result is the
    same at both; a range passed over entirely shows in the sides.
    """
    if look(same)[1] == look(other)[1]:
        return None
    if other - same == 1:
        return other if look(other)[0] != look(same)[0] else None
    middle = (same + other) // 2
    nearest = _first_other(look, same, middle)
    return nearest if nearest is not None else _first_other(look, middle, other)


def _growing(known: Input) -> Iterator[int]:
    """Yield 1, 2, 3 ... steps, growing by a tenth, short of the input's own size."""
    limit = math.ceil(FURTHEST * abs(known.value) / known.step) - 1
    steps = 1
    while steps < limit:
        yield steps
        steps = max(steps + 1, int(steps * GROWTH))
    if limit >= 1:
        yield limit
