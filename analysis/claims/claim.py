"""Mark a function as the one that recomputes a claim; find them by their place."""

from collections.abc import Callable
from typing import TypeVar

from analysis.claims.decide import Check
from analysis.claims.inputs import Facts
from analysis.loading import load, modules_in

SECTIONS = "analysis.claims.sections"
Recompute = Callable[[Facts], Check]
F = TypeVar("F", bound=Recompute)


def claim(claim_id: str) -> Callable[[F], F]:
    """Name the claim that the function below recomputes."""

    def mark(function: F) -> F:
        function.claim_id = claim_id  # type: ignore[attr-defined]
        return function

    return mark


def all_claims() -> dict[str, Recompute]:
    """Return the claims' functions by claim_id, from every module in ``claims/sections``.

    Raises
    ------
    ValueError
        If two functions recompute the same claim.
    """
    found: dict[str, Recompute] = {}
    for name in modules_in(SECTIONS):
        for function in vars(load(name)).values():
            claim_id = getattr(function, "claim_id", None)
            if claim_id is None:
                continue
            if claim_id in found:
                raise ValueError(f"two functions recompute {claim_id}")
            found[claim_id] = function
    return found
