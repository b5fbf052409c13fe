"""Results that take minutes: committed, not built; each carries the fingerprint of its code.

``status`` says when a result is behind what would make it now, ``verify`` redoes a sample.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.files import read_rows, sha256
from analysis.paths import REPORTS, ROOT
from analysis.pipeline.fingerprint import code_fingerprint

JUDGED = REPORTS / "simulated" / "results" / "judging.csv"
METHODS = ROOT / "analysis" / "judging" / "judging.toml"
WORLDS = ROOT / "analysis" / "sources" / "twins" / "worlds" / "selection_panel.toml"
REPLICATION = "analysis.judging.replication"
ESTIMATORS = "analysis.effects.estimators"


@dataclass(frozen=True)
class Behind:
    """A committed result whose code has changed: when it was made, by which verb to renew it."""

    path: Path
    made_on: str
    verb: str


def judging_fingerprint() -> str:
    """Return 12 hex digits that change with the worlds, the methods, or any estimator's code."""
    methods = tomllib.loads(METHODS.read_text(encoding="utf-8"))["method"]
    used = sorted({method["estimator"] for method in methods.values()})
    code = code_fingerprint([REPLICATION, *(f"{ESTIMATORS}.{name}" for name in used)])
    return f"{code[:6]}{sha256(METHODS)[:3]}{sha256(WORLDS)[:3]}"


def behind() -> Iterator[Behind]:
    """Yield the committed results that present code would not have made."""
    if JUDGED.exists():
        first = read_rows(JUDGED)[0]
        if first["fingerprint"] != judging_fingerprint():
            yield Behind(JUDGED, first["judged_on"], "judge")
