"""The record of a trial: where and when it was made, and the README that repeats it."""

import os
import platform
import sys
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from analysis.exhibits.readme import filled
from analysis.files import read_text, write_all
from analysis.paths import ROOT

README = ROOT / "README.md"
LIBRARIES = ("numpy", "pandas", "scipy", "statsmodels", "linearmodels", "matplotlib")


def machine() -> str:
    """Return the system, the processor's kind and the number of cores."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"


def versions() -> str:
    """Return Python's version and those of the libraries that decide numbers, as one line."""
    named = [f"python {platform.python_version()}"]
    return "; ".join([*named, *(f"{name} {metadata.version(name)}" for name in LIBRARIES)])


def today() -> str:
    """Return the date in UTC (YYYY-MM-DD)."""
    return datetime.now(UTC).date().isoformat()


def children_peak_mib() -> float | None:
    """Return the most memory that one finished child process held; None where nobody counts."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak / 2.0 ** (20 if sys.platform == "darwin" else 10)


def keep(path: Path, content: bytes) -> None:
    """Write a trial's record, and the README's tables that are made from it.

    Raises
    ------
    UserError
        If one of them cannot be written.
    """
    write_all({path: content})
    if README.exists():
        write_all({README: filled(read_text(README), ROOT).encode("utf-8")})
