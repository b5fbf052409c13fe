"""The sign of a number over a grid of assumptions."""

from collections.abc import Sequence

NIL = 1e-9


def sign_of(values: Sequence[float], nil: float = NIL) -> str:
    """Return + or - where none goes the other way and some are not nil, 0 where all are nil, mixed.

    Raises
    ------
    ValueError
        If there is no value.
    """
    if not values:
        raise ValueError("no value, so no sign")
    up, down = any(value > nil for value in values), any(value < -nil for value in values)
    if up and down:
        return "mixed"
    return "+" if up else "-" if down else "0"
