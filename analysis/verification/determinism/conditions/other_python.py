"""Another supported Python, in an environment made from the lock by the project's own door."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from analysis.messages import Text
from analysis.paths import ROOT
from analysis.verification.determinism.condition import NotHereError, Plan
from analysis.verification.tree import empty_tree

ABOUT = Text("another supported Python, environment made anew", "另一受支持的 Python，环境重新安装")
NONE = Text(
    "no other supported Python (3.11 or newer, with pip) was found on this machine",
    "本机没有其他受支持且带 pip 的 Python（3.11 及以上）",
)
OLDEST, NEWEST = 11, 14
DOOR = ("start.py", "requirements.lock", "README.md", "LICENSE")


def prepare(folder: Path) -> Plan:
    """Copy the door beside the tree and knock with the other Python.

    Raises
    ------
    NotHereError
        If there is no other supported Python.
    """
    python = other_python()
    if python is None:
        raise NotHereError(NONE)
    tree = empty_tree(folder)
    for name in DOOR:
        shutil.copy2(ROOT / name, tree / name)
    return Plan(tree, command=(str(python), "start.py", "reproduce"))


def other_python() -> Path | None:
    """Return the newest supported Python that is not of this one's minor version."""
    return next(filter(_can_make_environments, _candidates()), None)


def _candidates() -> Iterator[Path]:
    for minor in range(NEWEST, OLDEST - 1, -1):
        if minor == sys.version_info.minor:
            continue
        if found := shutil.which(f"python3.{minor}"):
            yield Path(found)
        yield from sorted((Path.home() / ".pyenv" / "versions").glob(f"3.{minor}.*/bin/python"))


def _can_make_environments(python: Path) -> bool:
    command = [str(python), "-c", "import ensurepip, ssl"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
