"""The report as a task: stale when what it shows or says changes, and right with whatever is there."""

import shutil

import pytest
from conftest import ROOT

TASK = "analysis/pipeline/tasks/report.py"


@pytest.fixture
def reported(small):
    """The small project with its report built."""
    shutil.copy(ROOT / TASK, small.path(TASK))
    outcome = small.run("report")
    assert outcome.returncode == 0, outcome.stderr
    assert "index.html" in outcome.stdout
    return small


def stale(project) -> dict[str, str]:
    """Return what ``status`` lists, by task."""
    lines = project.run("status").stdout.splitlines()
    pairs = (line.strip().partition(":") for line in lines if line.startswith(" "))
    return {task: why for task, _, why in pairs}


def test_a_project_of_few_results_has_a_report_of_few_chapters(reported):
    page = reported.path("reports/index_en.html").read_text(encoding="utf-8")
    assert 'id="ledger"' in page
    assert 'id="figure-growth"' in page
    for absent in ("simulated", "proof", "evidence"):
        assert f'<section id="{absent}"' not in page
    assert "up to date" in reported.run("report").stdout


def test_a_figure_edited_by_hand_makes_the_report_stale_too(reported):
    svg = reported.path("reports/figures/growth_en.svg")
    svg.write_bytes(svg.read_bytes().replace(b"</svg>", b"<g/></svg>"))
    found = stale(reported)
    assert "growth_en.svg" in found["figure growth"]
    assert "report" in found
    assert reported.run("reproduce").returncode == 0
    assert not stale(reported)


def test_a_changed_sentence_rebuilds_the_report_and_nothing_else(reported):
    reported.replace(
        "analysis/exhibits/report/chapters/20_disputes.toml", "Which average?", "Which <mean>?"
    )
    assert set(stale(reported)) == {"report"}
    assert reported.run("report").returncode == 0
    page = reported.path("reports/index_en.html").read_text(encoding="utf-8")
    assert "Which &lt;mean&gt;?" in page
