"""Do a command in a throwaway copy of the project: what it would do, and nothing done."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from analysis.messages import Text
from analysis.paths import ROOT

# what a build needs and may change; the environment stays where it is
COPIED = ("analysis", "data", "reports", ".jieli", "pyproject.toml")
OF_SURVEYS = ("raw", "local", ".jieli")
BEGUN = Text(
    "Dry run: all of it happens in a copy that is thrown away; nothing here is written.",
    "试运行：以下全部在临时副本中进行，用后即弃；此处不写入任何内容。",
)
DONE = Text("Dry run: nothing was written.", "试运行结束：未写入任何内容。")


def rehearse(arguments: Sequence[str], language: str) -> int:
    """Run ``python -m analysis`` with ``arguments`` in a copy, its output shown; return its code.

    Paths among the arguments must be absolute. The copy is removed whatever happens.
    """
    print(BEGUN.in_language(language), flush=True)
    with tempfile.TemporaryDirectory(prefix="jieli-rehearsal-") as folder:
        copy = Path(folder) / ROOT.name
        for name in COPIED:
            _copy(ROOT / name, copy / name)
        code = subprocess.run(
            [sys.executable, "-m", "analysis", *arguments],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy)},
            check=False,
        ).returncode
    print(DONE.in_language(language), flush=True)
    return code


def _left_out(folder: str, names: list[str]) -> set[str]:
    """Name what a rehearsal does without: caches, and what is of surveys, which may be large."""
    return {"__pycache__", "scratch"} | ({"surveys"} if Path(folder).name in OF_SURVEYS else set())


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=_left_out)
    elif source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
