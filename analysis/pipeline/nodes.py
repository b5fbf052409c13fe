"""Tasks, files and texts as pytask sees them: states are hashes of content, never times or ids.

pytask's own nodes leave plain arguments unhashed, give -1 and -2 one state, and trust a file's
modification time; these do none of that.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.files import sha256


def _signature(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


@dataclass
class TextNode:
    """A dependency on texts by name: canonical arguments, a code fingerprint, library versions."""

    name: str
    texts: dict[str, str]
    attributes: dict[Any, Any] = field(default_factory=dict)

    @property
    def signature(self) -> str:
        """The node's identity in the graph: its name."""
        return _signature(self.name)

    def state(self) -> str:
        """Return the sha256 of each text, by its name."""
        hashes = (
            (key, hashlib.sha256(text.encode()).hexdigest()) for key, text in self.texts.items()
        )
        return joined(hashes)

    def load(self, is_product: bool = False) -> dict[str, str]:
        """Return the texts."""
        return self.texts

    def save(self, value: Any) -> None:
        """Refuse: a text is an input only."""
        raise TypeError("a text node is never a product")


@dataclass
class FileNode:
    """A file, as dependency or product."""

    name: str
    path: Path
    attributes: dict[Any, Any] = field(default_factory=dict)

    @property
    def signature(self) -> str:
        """The node's identity in the graph: its name from the project's root."""
        return _signature(self.name)

    def state(self) -> str | None:
        """Return the sha256 of the file's bytes; None where there is no file."""
        try:
            return sha256(self.path)
        except OSError:
            return None

    def load(self, is_product: bool = False) -> Path:
        """Return the path."""
        return self.path

    def save(self, value: Any) -> None:
        """Refuse: the engine writes all products of a task together."""
        raise TypeError("the engine writes files")


@dataclass
class FilesNode:
    """Files that one task makes, watched as one: fewer nodes, a faster engine."""

    name: str
    paths: dict[str, Path]
    attributes: dict[Any, Any] = field(default_factory=dict)

    @property
    def signature(self) -> str:
        """The node's identity in the graph: its name."""
        return _signature(self.name)

    def state(self) -> str | None:
        """Return the sha256 of each file's bytes, by its name; None where one is missing."""
        try:
            return joined((name, sha256(path)) for name, path in self.paths.items())
        except OSError:
            return None

    def load(self, is_product: bool = False) -> dict[str, Path]:
        """Return the paths."""
        return self.paths

    def save(self, value: Any) -> None:
        """Refuse: the engine writes all products of a task together."""
        raise TypeError("the engine writes files")


@dataclass
class FolderNode:
    """A folder that one task fills and whose files it alone knows before."""

    name: str
    path: Path
    attributes: dict[Any, Any] = field(default_factory=dict)

    @property
    def signature(self) -> str:
        """The node's identity in the graph: its name from the project's root."""
        return _signature(self.name)

    def state(self) -> str | None:
        """Return the sha256 of each file's bytes, by its place; None where there is no file."""
        files = sorted(path for path in self.path.rglob("*") if path.is_file())
        names = (path.relative_to(self.path).as_posix() for path in files)
        return joined(zip(names, map(sha256, files), strict=True)) if files else None

    def load(self, is_product: bool = False) -> Path:
        """Return the path."""
        return self.path

    def save(self, value: Any) -> None:
        """Refuse: the engine writes all products of a task together."""
        raise TypeError("the engine writes files")


def joined(hashes: Iterable[tuple[str, str]]) -> str:
    """Return one state for several: lines of name and hash."""
    return "\n".join(f"{name}\t{value}" for name, value in hashes)


def changed(old: str, new: str) -> list[str]:
    """Return the names whose hashes differ between two joined states, in the new one's order."""
    before = dict(line.split("\t") for line in old.splitlines() if "\t" in line)
    after = dict(line.split("\t") for line in new.splitlines())
    return [name for name, value in after.items() if before.get(name) != value]


@dataclass
class Node:
    """A task as pytask runs it: ``function`` takes no arguments and writes the products."""

    name: str
    function: Callable[[], None]
    depends_on: dict[str, Any]
    produces: dict[str, Any]
    markers: list[Any] = field(default_factory=list)
    report_sections: list[tuple[str, str, str]] = field(default_factory=list)
    attributes: dict[Any, Any] = field(
        default_factory=lambda: {"collection_id": None, "after": [], "is_generator": False}
    )

    @property
    def signature(self) -> str:
        """The task's identity in the graph: its name."""
        return _signature(f"task {self.name}")

    def state(self) -> str:
        """Return a constant: the code is a dependency of its own."""
        return "task"

    def execute(self, **dependencies: Any) -> None:
        """Run the task; what pytask has loaded for it is known to the task already."""
        self.function()
