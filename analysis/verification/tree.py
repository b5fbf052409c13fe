"""An empty tree to rebuild in: the code and the shipped raw data, no cache, no result."""

import os
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from analysis.paths import REPORTS, ROOT
from analysis.pipeline.plan import all_tasks

# what could make a rebuild differ from a stranger's
FORGOTTEN = ("JIELI_LANG", "JIELI_WORKERS", "JIELI_CLUSTER")
LAST_WORDS = 12


def empty_tree(folder: Path) -> Path:
    """Copy what a build starts from into ``folder``; return the tree's root."""
    tree = folder / ROOT.name
    for name in ("analysis", "data/raw"):
        shutil.copytree(ROOT / name, tree / name, ignore=_left_out)
    for path in (ROOT / "pyproject.toml", *committed_inputs()):
        target = tree / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    return tree


def _left_out(folder: str, names: list[str]) -> set[str]:
    """Name what stays behind: what a user adds is his; verify answers for what is shipped."""
    users = {"raw": {"surveys"}, "regions": {"private"}}
    return {"__pycache__"} | users.get(Path(folder).name, set())


def committed_inputs() -> Iterable[Path]:
    """Return files below reports/ that tasks read and none makes: long simulations, timings."""
    tasks = all_tasks()
    made = {path for task in tasks for path in task.products.values()}
    read = {path for task in tasks for path in task.inputs.values()}
    return sorted(p for p in read - made if p.is_relative_to(REPORTS) and p.is_file())


def rebuild(
    tree: Path,
    tell: Callable[[str], None],
    command: tuple[str, ...] = (sys.executable, "-m", "analysis", "reproduce"),
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> tuple[int, str]:
    """Build everything in ``tree`` in a process of its own; return its code and its last lines.

    Parameters
    ----------
    tell
        Gets every line that the build prints.
    command
        What is run; ``environment`` is added to this process's own, ``folder`` is where it is
        started (the tree itself unless said otherwise).
    """
    kept = {key: value for key, value in os.environ.items() if key not in FORGOTTEN}
    surroundings = {**kept, "PYTHONPATH": str(tree), "PYTHONIOENCODING": "utf-8"}
    lines: deque[str] = deque(maxlen=LAST_WORDS)
    with subprocess.Popen(
        command,
        cwd=folder or tree,
        env={**surroundings, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            tell(lines[-1])
    return process.returncode, "\n".join(lines)
