"""What the tests share: a temporary copy of the project, and commands run inside it."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PARTS = ("analysis", "data", "reports", "pyproject.toml", "requirements.lock", "start.py")


def left_out(folder: str, names: list[str]) -> set[str]:
    """Name what is not copied: caches, and what a user added to data/raw."""
    users = {"surveys", "regions"} if Path(folder).name == "raw" else set()
    return {"__pycache__", ".jieli"} | users


class Project:
    """A copy of the project in a folder of its own, with commands to run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Return a file of the copy by its name from the root."""
        return self.folder / name

    def run(self, *arguments: str, lang: str = "en", **environment: str):
        """Run ``python -m analysis`` with the arguments; return the finished process."""
        return subprocess.run(
            [sys.executable, "-m", "analysis", *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=900,
            env={**os.environ, "JIELI_LANG": lang, "PYTHONUTF8": "1", **environment},
        )

    def replace(self, name: str, old: str, new: str) -> None:
        """Replace a text that occurs in a file of the copy."""
        path = self.path(name)
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")

    def snapshot(self, *folders: str) -> dict[str, bytes]:
        """Return every file's bytes below the folders, by name."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for folder in folders
            for path in sorted(self.path(folder).rglob("*"))
            if path.is_file()
        }


def copy_project(source: Path, target: Path, *more: str) -> Project:
    """Copy the parts of a project that a build needs."""
    target.mkdir(parents=True, exist_ok=True)
    for part in (*PARTS, *more):
        origin = source / part
        if origin.is_dir():
            shutil.copytree(origin, target / part, ignore=None if part in more else left_out)
        elif origin.exists():
            shutil.copy2(origin, target / part)
    return Project(target)


# a project of the first rooms only: tasks and exhibits are found by their place, so fewer files
# are a smaller project, which builds in seconds and serves the tests of engine and commands
FEW = {
    "pipeline/tasks": {"raw_data", "growth", "composition", "counterfactual", "breaks", "rates",
                       "institutions", "organisation", "claims", "surveys", "exhibits"},
    "exhibits/figures": {"growth", "settlement_outcome"},
    "exhibits/tables": {"growth_averages", "claims_ledger"},
}  # fmt: skip


def with_few_tasks(project: Project) -> Project:
    """Delete what the small project does without."""
    for place, kept in FEW.items():
        for path in project.path(f"analysis/{place}").glob("[!_]*.py"):
            if path.stem not in kept:
                path.unlink()
    return project


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Project:
    """A copy that was built from nothing, once for all tests; do not change it.

    Processes of one test run share it: the first builds, the others wait.
    """
    return build_shared(tmp_path_factory, worker_id, "built", lambda project: project)


@pytest.fixture(scope="session")
def small_once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Project:
    """The small project, built from nothing once for all tests; do not change it."""
    return build_shared(tmp_path_factory, worker_id, "small", with_few_tasks)


def build_shared(factory: pytest.TempPathFactory, worker_id: str, name: str, chosen) -> Project:
    """Return the build that every process of this test run shares; make it if no other does."""
    base = factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    folder, done = shared / name / "项目 copy", shared / name / "done"
    try:
        folder.parent.mkdir()
    except FileExistsError:
        wait_for(done)
        return Project(folder)
    project = chosen(copy_project(ROOT, folder))
    shutil.rmtree(project.path("reports"))
    outcome = project.run("reproduce")
    done.write_text(outcome.stderr if outcome.returncode else "", encoding="utf-8")
    wait_for(done)
    return project


def wait_for(done: Path, seconds: float = 900.0) -> None:
    """Wait for another process's build; an error in it is one in every process."""
    end = time.monotonic() + seconds
    while not done.exists():
        assert time.monotonic() < end, "the build that the tests share did not end"
        time.sleep(0.2)
    error = done.read_text(encoding="utf-8")
    assert not error, error


@pytest.fixture
def built(built_once: Project, tmp_path: Path) -> Project:
    """A built copy of one's own, its engine's state included."""
    return copy_project(built_once.folder, tmp_path / "project", ".jieli")


@pytest.fixture
def small(small_once: Project, tmp_path: Path) -> Project:
    """A small built copy of one's own, its engine's state included."""
    return copy_project(small_once.folder, tmp_path / "project", ".jieli")


@pytest.fixture
def fresh(tmp_path: Path) -> Project:
    """A copy of one's own in which nothing has been built: no reports, no state."""
    project = copy_project(ROOT, tmp_path / "project")
    shutil.rmtree(project.path("reports"), ignore_errors=True)
    return project


@pytest.fixture
def raw_folder(tmp_path: Path) -> Path:
    """A copy of data/raw alone, for reading in this process."""
    return Path(shutil.copytree(ROOT / "data" / "raw", tmp_path / "raw"))


@pytest.fixture(scope="session")
def shared_facts() -> Path:
    """The folder of expected values: claims, published estimates, NIST's certified values."""
    return ROOT / "tests" / "data"
