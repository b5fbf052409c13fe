"""An empty tree to rebuild in: the code and the shipped raw data, no cache, no result."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from analysis.paths import REPORTS, ROOT
from analysis.pipeline.plan import all_tasks

# what could make a rebuild differ from a stranger's; JIELI_LANG and the like
FORGOTTEN = ("JIELI_LANG", "JIELI_WORKERS", "JIELI_CLUSTER")


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


def rebuild(tree: Path) -> int:
    """Build everything in ``tree`` in a process of its own, its lines shown; return its code."""
    environment = {k: v for k, v in os.environ.items() if k not in FORGOTTEN}
    return subprocess.run(
        [sys.executable, "-m", "analysis", "reproduce"],
        cwd=tree,
        env={**environment, "PYTHONPATH": str(tree)},
        check=False,
    ).returncode
