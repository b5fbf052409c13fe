"""A small project in which regions are added, removed and built; its user's files are simulated."""

import shutil
from pathlib import Path

import pytest
from conftest import Project, build_shared, copy_project
from regional_twin import user_file

TASKS = {"raw_data", "regions", "regional", "growth"}
ONE, CORRECTED = "江苏-one", "江苏-one-2"


def with_regional_tasks(project: Project) -> Project:
    """Keep the tasks of regions and, as something unrelated, those of growth."""
    for path in project.path("analysis/pipeline/tasks").glob("[!_]*.py"):
        if path.stem not in TASKS:
            path.unlink()
    return project


@pytest.fixture(scope="session")
def regional_once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Project:
    """The small project, built once from nothing; do not change it."""
    return build_shared(tmp_path_factory, worker_id, "regional", with_regional_tasks)


@pytest.fixture
def regional(regional_once: Project, tmp_path: Path) -> Project:
    """A small built project of one's own, its engine's state included."""
    return copy_project(regional_once.folder, tmp_path / "project", ".jieli")


def one_province(folder: Path, name: str = "one.csv", **changed: float) -> Path:
    """Write ten simulated years of one province as a user has them; ``y2005=...`` changes a cell."""
    table = user_file()
    table = table[(table["地区"] == "江苏") & table["year"].between(2005, 2014)].copy()
    table["value"] = table["value"].round(2)
    for year, value in changed.items():
        cell = (table["year"] == int(year[1:])) & (table["variable"] == "disputes_accepted")
        table.loc[cell, "value"] = value
    folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(folder / name, index=False, encoding="utf-8")
    return folder / name


def state_of(project: Project) -> dict[str, bytes]:
    """Return every file of data and reports that a build answers for, by name."""
    return project.snapshot("data", "reports")


def pristine(project: Project, source: Project) -> None:
    """Bring a project back to another's data, reports and state."""
    for name in ("data", "reports", ".jieli"):
        shutil.rmtree(project.path(name))
        shutil.copytree(source.path(name), project.path(name))
