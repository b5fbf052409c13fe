"""What the processes of one comparison measured, as rows of reports/results/performance.csv."""

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.performance.comparison import SIZES, About

if TYPE_CHECKING:
    from analysis.performance.run import Asked

OURS, PEER = "ours", "peer"
COLUMNS = [
    "comparison", "what", "rows", "side", "library", "version", "runs", "seconds_median",
    "seconds_min", "seconds_max", "peak_mib", "peer_share", "ratio", "largest_difference",
    "agrees", "failure", "machine", "python", "date", "cpu_seconds_median", "cpu_ratio",
    "process_seconds", "process_ratio", "size_name", "skipped", "load",
]  # fmt: skip
TOO_MANY = "not given so many rows: they do not fit into its memory"
Measured = Mapping[str, Any]


def rows_of(
    name: str,
    about: About,
    size: int,
    found: Mapping[str, Sequence[Measured]],
    cold: Mapping[str, Measured],
    unavailable: str = "",
) -> list[dict[str, Any]]:
    """Return one row a side.

    Parameters
    ----------
    found, cold
        By side, what each run measured, and what one process without a warm-up call did.
    unavailable
        Why the peer is not here; empty where it is.

    The ratios, on our side's row, are the peer's median for the whole work over ours: by the
    clock, in processor seconds, and for whole processes. They are empty where one side failed.
    """
    rows = [
        {
            **_about_run(name, about, size, side),
            **_summary(found[side]),
            "process_seconds": cold[side].get("process_seconds"),
        }
        for side in found
    ]
    if PEER in found:
        rows[0] |= _comparison(found, cold, about)
    elif about.peer:
        rows.append({**_about_run(name, about, size, PEER), "runs": 0, "failure": "",
                     "skipped": unavailable or TOO_MANY})  # fmt: skip
    return rows


def _summary(found: Sequence[Measured]) -> dict[str, Any]:
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
        "cpu_seconds_median": median(one["cpu_seconds"] for one in found),
        "peak_mib": max(peaks) if peaks else None,
        "failure": "",
    }


def _comparison(
    found: Mapping[str, Sequence[Measured]], cold: Mapping[str, Measured], about: About
) -> dict[str, Any]:
    both = [found[side] for side in (OURS, PEER)]
    if any("failure" in one for side in both for one in side):
        return {}
    ours, peer = (np.array(side[0]["numbers"]) for side in both)
    difference = float(np.max(np.abs(ours - peer) / np.maximum(np.abs(ours), np.abs(peer))))
    return {
        "ratio": _ratio(both, "seconds", about),
        "cpu_ratio": _ratio(both, "cpu_seconds", about),
        "process_ratio": _process_ratio(cold, about),
        "largest_difference": difference,
        "agrees": "true" if difference <= about.tolerance else "false",
    }


def _ratio(both: Sequence[Sequence[Measured]], key: str, about: About) -> float:
    mine, theirs = (median(one[key] for one in side) for side in both)
    return float(theirs / about.peer_share / mine)


def _process_ratio(cold: Mapping[str, Measured], about: About) -> float | None:
    """Return the ratio of whole processes; the peer's start counts once, its work for the whole."""
    mine, peer = cold[OURS], cold[PEER]
    if "failure" in mine or "failure" in peer:
        return None
    whole = peer["process_seconds"] - peer["seconds"] + peer["seconds"] / about.peer_share
    return float(whole / mine["process_seconds"])


def _about_run(name: str, about: About, size: int, side: str) -> dict[str, Any]:
    library = "jieli" if side == OURS else about.peer
    return {
        "comparison": name,
        "what": about.what,
        "peer_share": about.peer_share,
        "rows": size,
        "size_name": SIZES.get(size, ""),
        "side": side,
        "library": library,
        "version": _version(library),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "date": date.today().isoformat(),
        "load": _load(),
        "skipped": "",
    }


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def _load() -> float | None:
    """Return the machine's load: how many processes wanted a core over the last minute."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def line_of(rows: Sequence[Mapping[str, Any]], asked: "Asked") -> str:
    """Return the last comparison's times, ratio and agreement in one line."""
    mine = [r for r in rows if (r["comparison"], r["rows"]) == (asked.name, asked.size)]
    parts = [f"{asked.name}, {asked.size:,} rows:"]
    for row in mine:
        failed = row["failure"] or row["skipped"]
        parts.append(f"{row['library']} {failed or format(row['seconds_median'], '.3f') + ' s'}")
    if mine[0].get("ratio"):
        parts.append(
            f"ratio {mine[0]['ratio']:.1f}, largest difference {mine[0]['largest_difference']:.1e}"
        )
    return "  ".join(parts)
