"""One committed file beside the rebuilt one, by its kind: values, printed cells, pictures."""

import io
import math
import re
import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath

from analysis.comparing import CellChange, compare
from analysis.verification.tolerance import distance, within
from analysis.verification.verdicts import Finding, Verdict

NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")
SOURCE = re.compile(rb"[\w.-]+ sha256 [0-9a-f]{64}")
RENDERING = "rendering differs; drawn from the same numbers"


def compare_file(name: str, committed: bytes | None, rebuilt: bytes | None) -> Finding:
    """Return what came of the file ``name`` (from reports/); None stands for no file."""
    if committed is None or rebuilt is None:
        place = "not committed" if committed is None else "not rebuilt"
        return Finding(name, Verdict.MISSING, math.inf, place)
    if committed == rebuilt:
        return Finding(name, Verdict.REPRODUCED)
    suffix = PurePosixPath(name).suffix
    printed = "/tables/" in f"/{name}"
    kind = "printed" if suffix == ".csv" and printed else suffix
    return COMPARERS.get(kind, _other)(name, committed, rebuilt)


def _values(name: str, committed: bytes, rebuilt: bytes) -> Finding:
    """Compare a table of results cell by cell."""
    difference = compare(PurePosixPath(name).name, committed, rebuilt)
    if difference.added or difference.removed:
        key = ", ".join((difference.removed or difference.added)[0])
        return Finding(name, Verdict.DIFFERS, math.inf, f"row {key}")
    worst = max(difference.changed, key=_size, default=None)
    if worst is None:
        return Finding(name, Verdict.REPRODUCED, note="order of rows or columns differs")
    beyond = [c for c in difference.changed if not within(c.column, c.before, c.after)]
    shown = max(beyond, key=_size, default=worst)
    verdict = Verdict.DIFFERS if beyond else Verdict.MINOR
    return Finding(name, verdict, _size(shown), _named(shown))


def _size(change: CellChange) -> float:
    return distance(change.before, change.after)


def _named(change: CellChange) -> str:
    key = ", ".join(filter(None, change.key))
    return f"{key} · {change.column}: {change.before} -> {change.after}"


def _text(name: str, committed: bytes, rebuilt: bytes) -> Finding:
    """Compare printed text: the same words, numbers no further apart than their last digit."""
    before, after = committed.decode("utf-8"), rebuilt.decode("utf-8")
    if NUMBER.sub("0", before) != NUMBER.sub("0", after):
        return Finding(name, Verdict.DIFFERS, math.inf, _first_line(before, after))
    pairs = zip(NUMBER.findall(before), NUMBER.findall(after), strict=True)
    apart = [(a, b) for a, b in pairs if a != b]
    worst = max(apart, key=lambda pair: _apart(*pair))
    within_digit = all(_apart(a, b) <= _last_digit(a) * 1.000001 for a, b in apart)
    verdict = Verdict.MINOR if within_digit else Verdict.DIFFERS
    return Finding(name, verdict, _apart(*worst), f"{worst[0]} -> {worst[1]}")


def _apart(one: str, other: str) -> float:
    return abs(float(one.replace(",", "")) - float(other.replace(",", "")))


def _last_digit(number: str) -> float:
    """Return one unit of a printed number's last digit; none for a whole number."""
    mantissa, _, exponent = number.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return 10.0 ** (int(exponent or 0) - decimals) if decimals else 0.0


def _first_line(before: str, after: str) -> str:
    lines = zip(before.splitlines(), after.splitlines(), strict=False)
    one, other = next(((a, b) for a, b in lines if a != b), ("", "more lines"))
    return f"{one.strip()[:60]} -> {other.strip()[:60]}"


def _picture(name: str, committed: bytes, rebuilt: bytes) -> Finding:
    """A figure is judged by the rows that it draws; its metadata names their hash."""
    drawn, anew = SOURCE.findall(committed), SOURCE.findall(rebuilt)
    if drawn and drawn == anew:
        return Finding(name, Verdict.REPRODUCED, note=RENDERING)
    return Finding(name, Verdict.DIFFERS, math.inf, "drawn from other numbers")


def _archive(name: str, committed: bytes, rebuilt: bytes) -> Finding:
    """Compare a Word or Excel file by the text of its parts."""
    before, after = _parts(committed), _parts(rebuilt)
    if before == after:
        return Finding(name, Verdict.REPRODUCED, note="packed otherwise; the same parts")
    return _text(name, before, after)


def _parts(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(archive.read(part) for part in sorted(archive.namelist()))


def _other(name: str, committed: bytes, rebuilt: bytes) -> Finding:
    return Finding(name, Verdict.DIFFERS, math.inf, "other bytes")


COMPARERS: dict[str, Callable[[str, bytes, bytes], Finding]] = {
    ".csv": _values,
    "printed": _text,
    ".md": _text,
    ".tex": _text,
    ".html": _text,
    ".txt": _text,
    ".svg": _picture,
    ".png": _picture,
    ".docx": _archive,
    ".xlsx": _archive,
}
