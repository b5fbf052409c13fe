"""Do a command in a throwaway copy of the project: what it would do, and nothing done."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from analysis.paths import ROOT

# what a build needs and may change; the environment stays where it is
COPIED = ("analysis", "data", "reports", ".jieli", "pyproject.toml")


def rehearse(arguments: Sequence[str]) -> int:
    """Run ``python -m analysis`` with ``arguments`` in a copy, its output shown; return its code.

    Paths among the arguments must be absolute. The copy is removed whatever happens.
    """
    with tempfile.TemporaryDirectory(prefix="jieli-rehearsal-") as folder:
        copy = Path(folder) / ROOT.name
        for name in COPIED:
            _copy(ROOT / name, copy / name)
        return subprocess.run(
            [sys.executable, "-m", "analysis", *arguments],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy)},
            check=False,
        ).returncode


def _left_out(folder: str, names: list[str]) -> set[str]:
    """Name what a rehearsal does without: caches, and survey files, which may be large."""
    return {"__pycache__", "scratch"} | ({"surveys"} if Path(folder).name == "raw" else set())


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=_left_out)
    elif source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
