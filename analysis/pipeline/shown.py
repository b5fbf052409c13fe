"""Which exhibits there are to show, found by the tasks that make their files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from analysis.loading import load, modules_in
from analysis.messages import LANGUAGES
from analysis.paths import REPORTS
from analysis.pipeline.task import Task

if TYPE_CHECKING:
    import pandas as pd

TASKS = "analysis.pipeline.tasks"
# these read what the others make, so they are not asked what they make
READERS = ("report", "paper_pdf")
PACKAGES = tuple(
    f"analysis.exhibits.{name}"
    for name in ("figures", "tables", "simulated", "regional.shipped", "regional.measured")
)
REGIONAL = "analysis.exhibits.regional."
LOCAL = REPORTS / "local"


@dataclass(frozen=True)
class Found:
    """An exhibit that a task makes.

    Attributes
    ----------
    inputs
        The file of its rows under "rows", or the results that its ``rows`` takes.
    files
        By language, then by suffix: what the task writes.
    """

    module: ModuleType
    inputs: Mapping[str, Path]
    files: Mapping[str, Mapping[str, Path]]

    @property
    def id(self) -> str:
        """Its name: that of its module."""
        return self.module.__name__.rpartition(".")[2]

    @property
    def is_figure(self) -> bool:
        """Whether it is drawn, and not printed."""
        return hasattr(self.module, "draw")

    def paths(self) -> set[Path]:
        """Return its files and those of its rows."""
        made = (path for forms in self.files.values() for path in forms.values())
        return {*self.inputs.values(), *made}

    def rows(self) -> "pd.DataFrame":
        """Return what it draws or prints."""
        tables = {key: self._read(path) for key, path in self.inputs.items()}
        return tables["rows"] if "rows" in tables else self.module.rows(**tables)

    def _read(self, path: Path) -> "pd.DataFrame":
        from analysis.sources import read_processed

        if not self.module.__name__.startswith(REGIONAL):
            return read_processed(path)
        from analysis.pipeline.tasks.regional import read_regional

        return read_regional(path)


def other_tasks() -> list[Task]:
    """Return every task but those that read what all others make."""
    names = (name for name in modules_in(TASKS) if name.rpartition(".")[2] not in READERS)
    return [task for name in names for task in load(name).tasks()]


def found_exhibits(tasks: Iterable[Task], *, local: bool = False) -> dict[str, Found]:
    """Return the exhibits that tasks make, by name: everybody's, or those below reports/local."""
    known = {name for package in PACKAGES for name in modules_in(package)}
    return {
        found.id: found
        for task in tasks
        if known & set(task.code) and all(is_local(p) == local for p in task.products.values())
        if (found := _found(task, known)).files
    }


def is_local(path: Path) -> bool:
    """Tell whether a file may hold what is the user's own."""
    return path.is_relative_to(LOCAL)


def _found(task: Task, known: set[str]) -> Found:
    (module, *_) = [name for name in task.code if name in known]
    files = {
        language: {
            key.partition("_")[2]: path
            for key, path in task.products.items()
            if key.startswith(f"{language}_")
        }
        for language in LANGUAGES
    }
    return Found(load(module), task.inputs, files if files[LANGUAGES[0]] else {})
