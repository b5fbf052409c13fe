"""Printed text: the same words, numbers no further apart than one unit of their last digit."""

import math
import re

from analysis.verification.comparison.verdicts import Finding, Verdict, as_found

NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")
SHOWN = 60


def compare_text(name: str, committed: bytes, rebuilt: bytes) -> Finding:
    """Compare two versions of a page of text in UTF-8.

    Raises
    ------
    ValueError
        If one of them is not UTF-8.
    """
    before, after = committed.decode("utf-8"), rebuilt.decode("utf-8")
    if NUMBER.sub("0", before) != NUMBER.sub("0", after):
        return Finding(name, Verdict.DIFFERS, math.inf, as_found(_first_difference(before, after)))
    pairs = zip(NUMBER.findall(before), NUMBER.findall(after), strict=True)
    apart = [(a, b) for a, b in pairs if a != b]
    if not apart:
        return Finding(name, Verdict.REPRODUCED)
    beyond = [(a, b) for a, b in apart if _apart(a, b) > _last_digit(a) * 1.000001]
    worst = max(beyond or apart, key=lambda pair: _apart(*pair))
    verdict = Verdict.DIFFERS if beyond else Verdict.MINOR
    return Finding(name, verdict, _apart(*worst), as_found(f"{worst[0]} -> {worst[1]}"))


def _apart(one: str, other: str) -> float:
    return abs(float(one.replace(",", "")) - float(other.replace(",", "")))


def _last_digit(number: str) -> float:
    """Return one unit of a printed number's last digit; none for a whole number."""
    mantissa, _, exponent = number.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return 10.0 ** (int(exponent or 0) - decimals) if decimals else 0.0


def _first_difference(before: str, after: str) -> str:
    """Return what differs first, from a little before it, in the first line that is another."""
    lines = zip(before.splitlines(), after.splitlines(), strict=False)
    one, other = next(((a, b) for a, b in lines if a != b), ("", ""))
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    start = max(0, same - SHOWN // 2)
    return f"{one[start : start + SHOWN].strip()} -> {other[start : start + SHOWN].strip()}"
