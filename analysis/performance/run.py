"""Comparisons run side by side: alternating, several times, each in a process of its own."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.loading import load, modules_in
from analysis.paths import ROOT
from analysis.performance.comparison import About
from analysis.performance.data_files import FOLDER
from analysis.performance.measure import COMPARISONS
from analysis.performance.rows import COLUMNS, OURS, PEER, line_of, rows_of

LIMIT_SECONDS, SECONDS_UNSEEN = 900, 2.0
# more rows than these are timed once: making them alone takes minutes
TIMED_ONCE = 8_000_000


@dataclass(frozen=True)
class Asked:
    """One comparison at one size, and how often each side runs."""

    name: str
    about: About
    size: int
    runs: int

    @property
    def sides(self) -> tuple[str, ...]:
        """Ours, and the peer where there is one and it is given as many rows."""
        with_peer = self.about.peer and self.size <= self.about.peer_most
        return (OURS, PEER) if with_peer else (OURS,)

    @property
    def processes(self) -> int:
        """How many processes are started: the runs, and one cold one, of each side."""
        return len(self.sides) * (self.runs + 1)


def names() -> list[str]:
    """Return the names of all comparisons."""
    return [name.rpartition(".")[2] for name in modules_in(COMPARISONS)]


def asked_of(wanted: Sequence[str], quick: bool, runs: int) -> list[Asked]:
    """Return every comparison and size of a run."""
    found = []
    for name in wanted:
        about = load(f"{COMPARISONS}.{name}").ABOUT
        for size in about.quick if quick else about.full:
            found.append(Asked(name, about, size, 1 if size > TIMED_ONCE else runs))
    return found


def table(
    wanted: Sequence[str], quick: bool, runs: int, say: Callable[[str], None]
) -> pd.DataFrame:
    """Return one row a comparison, size and side (columns ``rows.COLUMNS``)."""
    from tqdm import tqdm

    rows: list[dict[str, Any]] = []
    asked = asked_of(wanted, quick, runs)
    total = sum(one.processes for one in asked)
    bar = tqdm(total=total, unit="process", delay=SECONDS_UNSEEN, leave=False, disable=None)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, bar:
        for one in asked:
            bar.set_description(f"{one.name} {one.size:,}")
            rows.extend(compared(one, {**os.environ, FOLDER: folder}, bar.update))
            bar.clear()
            say(line_of(rows, one))
    return pd.DataFrame(rows, columns=COLUMNS)


def compared(
    one: Asked, environment: dict[str, str], tick: Callable[[], object] = lambda: None
) -> list[dict[str, Any]]:
    """Return the rows of one comparison at one size; ``tick`` is called after each process."""

    def ran(side: str, *more: str) -> dict[str, Any]:
        found = measured(one.name, side, one.size, environment, *more)
        tick()
        return found

    unavailable = getattr(load(f"{COMPARISONS}.{one.name}"), "unavailable", lambda: "")()
    sides = (OURS,) if unavailable else one.sides
    found: dict[str, list[dict[str, Any]]] = {side: [] for side in sides}
    for _ in range(one.runs):
        for side in sides:
            found[side].append(ran(side))
    cold = {side: ran(side, "cold") for side in sides}
    return rows_of(one.name, one.about, one.size, found, cold, unavailable)


def measured(
    name: str, side: str, size: int, environment: dict[str, str], *more: str
) -> dict[str, Any]:
    """Return what one process measured, or why it could not."""
    command = [sys.executable, "-m", "analysis.performance.measure", name, side, str(size), *more]
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True,
            timeout=LIMIT_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"failure": f"more than {LIMIT_SECONDS} s"}
    if done.returncode:
        return {"failure": _reason(done.returncode, done.stderr)}
    return json.loads(done.stdout.splitlines()[-1])


def _reason(code: int, said: str) -> str:
    """Return the last line of what a process said, or the signal that ended it (no memory)."""
    lines = said.strip().splitlines()
    if code < 0:
        return f"ended by signal {-code}"
    return lines[-1][:200] if lines else f"exit code {code}"
