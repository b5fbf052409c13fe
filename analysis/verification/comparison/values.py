"""Tables of results, cell by cell: rows and columns by name, numbers within their tolerance."""

import csv
import io
import math
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from analysis.messages import Text
from analysis.verification.comparison.tolerance import distance, within
from analysis.verification.comparison.verdicts import Finding, Verdict, as_found

if TYPE_CHECKING:
    from analysis.comparing import CellChange

ORDER = Text("order of rows or columns differs", "行或列的次序不同")
COLUMN = Text("column {name}", "列 {name}")
ROW = Text("row {name}", "行 {name}")


def compare_values(name: str, committed: bytes, rebuilt: bytes) -> Finding:
    """Compare two versions of the CSV file ``name`` cell by cell.

    Raises
    ------
    ValueError
        If one of them is not a CSV table.
    """
    from analysis.comparing import compare

    if columns := _columns(committed) ^ _columns(rebuilt):
        return Finding(name, Verdict.DIFFERS, math.inf, _filled(COLUMN, min(columns)))
    difference = compare(PurePosixPath(name).name, committed, rebuilt)
    if rows := difference.removed or difference.added:
        return Finding(name, Verdict.DIFFERS, math.inf, _filled(ROW, ", ".join(rows[0])))
    return _worst(name, difference.changed)


def _columns(content: bytes) -> set[str]:
    return set(next(csv.reader(io.StringIO(content.decode("utf-8-sig"))), []))


def _worst(name: str, changed: "tuple[CellChange, ...]") -> Finding:
    if not changed:
        return Finding(name, Verdict.REPRODUCED, note=ORDER)
    beyond = [c for c in changed if not within(c.column, c.before, c.after)]
    shown = max(beyond or changed, key=_size)
    verdict = Verdict.DIFFERS if beyond else Verdict.MINOR
    return Finding(name, verdict, _size(shown), as_found(_named(shown)))


def _filled(words: Text, name: str) -> Text:
    return Text(*(sentence.format(name=name) for sentence in words))


def _size(change: "CellChange") -> float:
    return distance(change.before, change.after)


def _named(change: "CellChange") -> str:
    key = ", ".join(filter(None, change.key))
    return f"{key} · {change.column}: {change.before} -> {change.after}"
