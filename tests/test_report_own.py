"""A user's own data are shown on pages of their own, and on no other."""

from pathlib import Path

import pytest

from analysis.loading import load
from analysis.messages import LANGUAGES
from analysis.paths import REPORTS
from analysis.pipeline import shown
from analysis.pipeline.task import Task
from analysis.pipeline.tasks import report

LOCAL = REPORTS / "local"
MODULE = "analysis.exhibits.regional.measured.rate_maps"


def exhibit_task(folder: Path) -> Task:
    """The task of a regional figure, as tasks/regional.py lists it."""
    return Task(
        name=f"rate maps in {folder}",
        group="figures",
        run=lambda inputs, arguments: {},
        code=("analysis.pipeline.tasks.regional", MODULE),
        inputs={"rows": folder / "plotted" / "rate_maps.csv"},
        products={
            f"{x}_{suffix}": folder / "figures" / f"rate_maps_{x}.{suffix}"
            for x in LANGUAGES
            for suffix in ("svg", "png")
        },
        bundled=True,
    )


def survey_task() -> Task:
    return Task("survey", "local", lambda inputs, arguments: {}, (), {}, {},
                folders={"files": LOCAL / "surveys" / "cfps" / "paper"})  # fmt: skip


@pytest.fixture
def listed(monkeypatch):
    """Return the report's tasks, by name, when the other tasks are these."""

    def tasks_beside(*others: Task) -> dict[str, Task]:
        monkeypatch.setattr(report, "other_tasks", lambda: list(others))
        return {task.name: task for task in report.tasks()}

    return tasks_beside


def test_without_own_data_there_is_one_report_and_nothing_local_in_it(listed):
    (task,) = listed(exhibit_task(REPORTS / "regional" / "measured")).values()
    assert not any(map(shown.is_local, (*task.inputs.values(), *task.products.values())))


def test_own_data_are_read_by_the_own_pages_alone_which_stay_in_local(listed):
    tasks = listed(
        exhibit_task(REPORTS / "regional"), exhibit_task(LOCAL / "regional"), survey_task()
    )
    public, own = tasks["report"], tasks["own report"]
    assert all(map(shown.is_local, own.products.values()))
    assert any(map(shown.is_local, own.inputs.values()))
    assert not any(map(shown.is_local, (*public.inputs.values(), *public.products.values())))
    assert "own" not in str(public.arguments["own"])
    assert set(public.products) - set(own.products) == {"in_text"}


def test_the_own_pages_begin_with_the_own_chapter_and_link_to_all_of_it(listed, monkeypatch):
    others = [exhibit_task(LOCAL / "regional"), survey_task()]
    pages = report.own_pages(others)
    assert pages.chapters[0].id == "own"
    assert pages.chapters[0].mark
    assert pages.chapters[0].shown == ["rate_maps"]
    # the figure links to its own files
    assert list(pages.own) == ["surveys/cfps/paper"]
    links = listed(*others)["own report"].arguments["own"]
    assert links["surveys/cfps/paper"] == "../surveys/cfps/paper"


def test_a_private_exhibit_is_marked_in_its_title(tmp_path, monkeypatch):
    monkeypatch.setattr(shown, "LOCAL", tmp_path)
    rows = tmp_path / "rate_maps.csv"
    rows.write_text("code,year\n110000,2004\n", encoding="utf-8")
    found = shown.Found(load(MODULE), {"rows": rows}, {"en": {}, "zh": {}})
    exhibit = report._exhibit(found, tmp_path / "report")
    assert "含内部数据" in exhibit.about.title.en
    assert exhibit.id == "rate_maps"


def test_the_own_pages_go_when_the_data_go(tmp_path, monkeypatch):
    own = tmp_path / "local" / "report"
    own.mkdir(parents=True)
    monkeypatch.setattr(report, "OWN", own)
    monkeypatch.setattr(report, "LOCAL", own.parent)
    monkeypatch.setattr(report, "_own_results", lambda others: {"kept": own})
    assert not [*report.sweep()]
    assert own.exists()
    monkeypatch.setattr(report, "_own_results", lambda others: {})
    (line,) = report.sweep()
    assert "Removed" in line.en
    assert not own.parent.exists()
