"""Flip distance: the smallest change of one input that alters a verdict, the others held.

A verdict on a knife-edge and one that nothing short of a different world would change look the
same in a ledger. The distance, beside the input's status, tells them apart.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analysis.claims.decide import Check, Verdict, decide
from analysis.claims.inputs import Input

# an input is moved by up to its own size, in steps that grow by a tenth
FURTHEST = 1.0
GROWTH = 1.1


Result = tuple[Verdict, str]


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
    """Return the verdict, and the definition it names, when an input is moved by ``change``.

    A verdict that holds under a definition says which, so that passing from one definition to
    another alters it.
    """
    decision = decide(check.with_input(known.moved_to(known.value + change)))
    named = decision.reading if decision.verdict == "reproduced_under_definition" else None
    return decision.verdict, named.definition.name if named else ""


def _nearest_in(check: Check, known: Input, sign: int) -> Flip | None:
    def result(steps: int) -> Result:
        return result_at(check, known, sign * steps * known.step)

    before, same = result(0), 0
    for steps in _growing(known):
        if result(steps) != before:
            nearest = _bisect(result, same, steps)
            return Flip(known.key, sign * nearest * known.step, *result(nearest))
        same = steps
    return None


def _bisect(result: Callable[[int], Result], same: int, other: int) -> int:
    """Return the first of the steps after ``same``, up to ``other``, that gives another result."""
    before = result(same)
    while other - same > 1:
        middle = (same + other) // 2
        if result(middle) == before:
            same = middle
        else:
            other = middle
    return other


def _growing(known: Input) -> Iterator[int]:
    """Yield 1, 2, 3 ... steps, growing by a tenth, short of the input's own size."""
    limit = FURTHEST * abs(known.value) / known.step
    steps = 1
    while steps < limit:
        yield steps
        steps = max(steps + 1, int(steps * GROWTH))
