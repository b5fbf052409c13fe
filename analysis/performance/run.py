"""Comparisons run side by side: alternating, several times, medians, ratios, peak memory."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from importlib.metadata import version
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from analysis.loading import load, modules_in
from analysis.paths import ROOT
from analysis.performance.comparison import About
from analysis.performance.measure import COMPARISONS

OURS, PEER = "ours", "peer"
COLUMNS = [
    "comparison", "what", "rows", "side", "library", "version", "runs", "seconds_median",
    "seconds_min", "seconds_max", "peak_mib", "peer_share", "ratio", "largest_difference",
    "agrees", "failure", "machine", "python", "date",
]  # fmt: skip
LIMIT_SECONDS = 900


def names() -> list[str]:
    """Return the names of all comparisons."""
    return [name.rpartition(".")[2] for name in modules_in(COMPARISONS)]


def table(
    wanted: Sequence[str], quick: bool, runs: int, say: Callable[[str], None]
) -> pd.DataFrame:
    """Return one row a comparison, size and side (columns ``COLUMNS``).

    ``ratio`` is the peer's median for the whole work over ours, ``largest_difference`` that of the
    two sides' numbers relative to the larger; empty where one of them failed.
    """
    rows: list[dict[str, Any]] = []
    for name in wanted:
        about = load(f"{COMPARISONS}.{name}").ABOUT
        for size in about.quick if quick else about.full:
            rows.extend(_compared(name, about, size, runs))
            say(_line(rows[-2:] if about.peer else rows[-1:]))
    return pd.DataFrame(rows, columns=COLUMNS)


def _compared(name: str, about: About, size: int, runs: int) -> Iterator[dict[str, Any]]:
    sides = (OURS, PEER) if about.peer else (OURS,)
    found: dict[str, list[dict[str, Any]]] = {side: [] for side in sides}
    for _ in range(runs):
        for side in sides:
            found[side].append(_measured(name, side, size))
    comparison = _comparison(found, about)
    for side in sides:
        yield {
            **_about_run(name, about, size, side),
            **_summary(found[side]),
            **(comparison if side == OURS else {}),
        }


def _measured(name: str, side: str, size: int) -> dict[str, Any]:
    """Return what one process measured, or why it could not."""
    command = [sys.executable, "-m", "analysis.performance.measure", name, side, str(size)]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_SECONDS
        )
    except subprocess.TimeoutExpired:
        return {"failure": f"more than {LIMIT_SECONDS} s"}
    if done.returncode:
        return {"failure": done.stderr.strip().splitlines()[-1][:200]}
    return json.loads(done.stdout.splitlines()[-1])


def _summary(found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    failures = [one["failure"] for one in found if "failure" in one]
    seconds = [one["seconds"] for one in found if "seconds" in one]
    if failures or not seconds:
        return {"runs": len(seconds), "failure": failures[0] if failures else ""}
    peaks = [one["peak_mib"] for one in found if one["peak_mib"] is not None]
    return {
        "runs": len(seconds),
        "seconds_median": median(seconds),
        "seconds_min": min(seconds),
        "seconds_max": max(seconds),
        "peak_mib": max(peaks) if peaks else None,
        "failure": "",
    }


def _comparison(found: dict[str, list[dict[str, Any]]], about: About) -> dict[str, Any]:
    both = [found.get(side, [{"failure": ""}]) for side in (OURS, PEER)]
    if any("failure" in one for side in both for one in side):
        return {}
    ours, peer = (np.array(side[0]["numbers"]) for side in both)
    difference = float(np.max(np.abs(ours - peer) / np.maximum(np.abs(ours), np.abs(peer))))
    mine, theirs = (median(one["seconds"] for one in side) for side in both)
    return {
        "ratio": theirs / about.peer_share / mine,
        "largest_difference": difference,
        "agrees": "true" if difference <= about.tolerance else "false",
    }


def _about_run(name: str, about: About, size: int, side: str) -> dict[str, Any]:
    library = "jieli" if side == OURS else about.peer
    return {
        "comparison": name,
        "what": about.what,
        "peer_share": about.peer_share,
        "rows": size,
        "side": side,
        "library": library,
        "version": version(library),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "date": date.today().isoformat(),
    }


def _line(rows: Sequence[dict[str, Any]]) -> str:
    """Return one comparison's times, ratio and agreement in one line."""
    ours = rows[0]
    parts = [f"{ours['comparison']}, {ours['rows']:,} rows:"]
    for row in rows:
        failed = row.get("failure")
        parts.append(f"{row['library']} {failed or format(row['seconds_median'], '.3f') + ' s'}")
    if ours.get("ratio"):
        parts.append(
            f"ratio {ours['ratio']:.1f}, largest difference {ours['largest_difference']:.1e}"
        )
    return "  ".join(parts)
