"""Whether tasks still stand as the engine recorded them, asked without the engine.

Importing pytask and walking its graph takes longer than hashing every file of the project. Its
lock file holds each node's state from when the task was last current: where all of them are the
same today there is nothing for it to do. Whatever is odd about the file sends the tasks to it.
"""

import os
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.paths import STATE
from analysis.pipeline.nodes import FileNode, Node

LOCK = STATE / "pytask.lock"
# what a build that was killed had written of its next lock file
JOURNAL = STATE / "pytask.lock.journal"
VERSION = "1"
Record = Mapping[str, Mapping[str, Any]]


def all_as_recorded(nodes: Sequence[Node]) -> bool:
    """Tell whether every task's dependencies and products have the states last recorded."""
    entries = _recorded()
    return bool(entries) and all(_is_as_recorded(node, entries.get(node.name)) for node in nodes)


def _recorded() -> Record:
    """Return the lock file's entries by the task's name; none where it cannot be relied on."""
    if JOURNAL.exists():
        return {}
    try:
        lock = tomllib.loads(LOCK.read_text(encoding="utf-8"))
        entries = {entry["id"]: entry for entry in lock["task"]}
        return entries if lock["lock-version"] == VERSION else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _is_as_recorded(node: Node, entry: Mapping[str, Any] | None) -> bool:
    if entry is None:
        return False
    depends_on = (*node.depends_on["inputs"].values(), node.depends_on["texts"])
    products = node.produces["products"]
    made = products.values() if isinstance(products, dict) else (products,)
    return entry.get("depends_on") == _states(depends_on) and entry.get("produces") == _states(made)


def _states(nodes: Iterable[Any]) -> dict[str, str | None]:
    return {_identity(node): node.state() for node in nodes}


def _identity(node: Any) -> str:
    """Return what the lock file calls a node: a file's path from its own folder, else the name."""
    if not isinstance(node, FileNode):
        return node.name
    try:
        return Path(os.path.relpath(node.path, STATE)).as_posix()
    except ValueError:
        # another drive of Windows
        return node.path.as_posix()
