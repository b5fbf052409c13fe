"""Determinism: each condition changes what it says, and a result that depends on it is named."""

import csv
import io
import random
import subprocess
import sys
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.loading import load
from analysis.messages import Text
from analysis.sources import process_raw
from analysis.sources.provenance import check_folder
from analysis.verification.comparison import Exhibit, Finding, Verdict
from analysis.verification.determinism import __main__ as command
from analysis.verification.determinism import rebuilding
from analysis.verification.determinism import table as record
from analysis.verification.determinism.condition import BUILD, NotHereError
from analysis.verification.determinism.conditions import other_python, shuffled_rows, two_threads

SAME = Exhibit(Text("figure a", "图 a"), 4, Finding("figures/a.png", Verdict.REPRODUCED))
OTHER = Exhibit(
    Text("results b", "结果 b"), 1,
    Finding("results/b.csv", Verdict.DIFFERS, 0.5, Text("row x", "行 x")),
)  # fmt: skip


def prepared(condition, folder):
    return load(f"{rebuilding.CONDITIONS}.{condition}").prepare(folder)


@pytest.mark.parametrize("condition", command.names())
def test_every_condition_says_in_both_languages_what_it_changes(condition):
    about = load(f"{rebuilding.CONDITIONS}.{condition}").ABOUT
    assert about.en and about.zh and about.en != about.zh


@pytest.mark.parametrize(
    ("condition", "variable", "value"),
    [
        ("hash_seed", "PYTHONHASHSEED", "1"),
        ("c_locale", "LC_ALL", "C"),
        ("chinese_locale", "JIELI_LANG", "zh"),
        ("time_zone", "TZ", "Pacific/Kiritimati"),
    ],
)
def test_a_condition_of_the_environment_changes_it_alone(tmp_path, condition, variable, value):
    plan = prepared(condition, tmp_path)
    assert plan.environment[variable] == value
    assert plan.command == BUILD
    assert not (plan.tree / "reports" / "results" / "growth.csv").exists()


def test_two_threads_are_let_loose_in_the_copy(tmp_path):
    engine = prepared("two_threads", tmp_path).tree / "analysis" / "pipeline" / "engine.py"
    text = engine.read_text(encoding="utf-8")
    assert two_threads.HELD_TO_ONE not in text
    assert 'os.environ[name] = "2"' in text


def test_the_path_holds_spaces_and_chinese_and_the_working_folder_is_another(tmp_path):
    tree = str(prepared("chinese_path", tmp_path / "a").tree)
    assert " " in tree and "借力" in tree
    (tmp_path / "b").mkdir()
    plan = prepared("working_folder", tmp_path / "b")
    assert plan.folder != plan.tree and plan.folder.is_dir()


def test_rows_are_shuffled_and_sealed(tmp_path):
    tree = prepared("shuffled_rows", tmp_path).tree
    raw = tree / "data" / "raw"
    assert check_folder(raw), "a sidecar does not describe its shuffled file"
    name = "national_disputes.csv"
    ours = (rebuilding.REPORTS.parent / "data" / "raw" / name).read_text("utf-8").splitlines()
    theirs = (raw / name).read_text("utf-8").splitlines()
    assert theirs != ours and theirs[0] == ours[0] and sorted(theirs) == sorted(ours)


def test_what_is_read_does_not_depend_on_the_order_of_rows(tmp_path):
    shuffled = process_raw(prepared("shuffled_rows", tmp_path).tree / "data" / "raw")
    listed = process_raw()
    for name, table in listed.tables.items():
        again = shuffled.tables[name].reset_index(drop=True)
        pd.testing.assert_frame_equal(table.reset_index(drop=True), again, obj=name)


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r")), min_size=2, max_size=2)),
       st.integers(0, 99))  # fmt: skip
def test_shuffling_keeps_header_and_rows_whatever_they_hold(rows, seed):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows([["a", "b"], *rows])
    found = shuffled_rows.shuffled(buffer.getvalue(), random.Random(seed))
    header, *after = csv.reader(io.StringIO(found, newline=""))
    assert header == ["a", "b"]
    assert sorted(after) == sorted(rows)


def test_without_another_python_the_condition_is_skipped_with_its_reason(monkeypatch, tmp_path):
    monkeypatch.setattr(other_python, "_candidates", lambda: iter(()))
    with pytest.raises(NotHereError, match="no other supported Python"):
        other_python.prepare(tmp_path)
    outcome = rebuilding.tried("other_python")
    (row,) = record.rows_of(outcome)
    assert row["verdict"] == "skipped" and "no other supported Python" in row["note"]
    assert "跳过" in record.line_of(outcome, "zh")


def test_an_environment_that_cannot_be_made_skips_and_a_failed_build_does_not(
    monkeypatch, tmp_path
):
    plan = SimpleNamespace(
        tree=tmp_path, command=("python3.99", "start.py"), environment={}, folder=None
    )
    said = "Making the environment\nno wheel for this Python"
    monkeypatch.setattr(rebuilding, "rebuild", lambda *arguments: (2, said))
    with pytest.raises(NotHereError, match="no wheel"):
        rebuilding._build("other_python", Text("a", "b"), plan)
    plan.command = BUILD
    with pytest.raises(rebuilding.UserError, match="no wheel"):
        rebuilding._build("again", Text("a", "b"), plan)


def test_conditions_not_tried_anew_keep_their_rows():
    old = [{"condition": "again", "exhibit": "x"}, {"condition": "hash_seed", "exhibit": "y"}]
    outcome = rebuilding.Outcome(
        "again", Text("nothing", "无"), (SAME, OTHER), seconds=3.0, python="3.13.0"
    )
    rows = record.renewed(old, [outcome])
    assert [(r["condition"], r["exhibit"]) for r in rows] == [
        ("again", "figure a"), ("again", "results b"), ("hash_seed", "y"),
    ]  # fmt: skip
    assert rows[1]["largest_change"] == "0.5" and rows[1]["place"] == "row x"
    assert rows[0]["python"] == "3.13.0"
    assert "1 beyond it" in record.line_of(outcome, "en")
    assert list(record.lines_beyond(outcome, "zh")) == ["    结果 b; results/b.csv: 行 x"]


@pytest.mark.slow
def test_a_result_that_depends_on_the_time_zone_is_named(small):
    small.replace(
        "analysis/disputes/growth.py",
        "    return float(yearly_rates(levels).mean())",
        "    import os\n\n    moved = 0.01 * ('Kiritimati' in os.environ.get('TZ', ''))\n"
        "    return float(yearly_rates(levels).mean()) + moved",
    )
    assert small.run("reproduce").returncode == 0
    module = "analysis.verification.determinism"
    outcome = subprocess.run(
        [sys.executable, "-m", module, "--lang", "en", "--only", "again", "time_zone"],
        cwd=small.folder, capture_output=True, text=True, encoding="utf-8", timeout=600,
    )  # fmt: skip
    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    content = small.path("reports/results/determinism.csv").read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(content)))
    differs = {(r["condition"], r["exhibit"]) for r in rows if r["verdict"] == "differs"}
    assert ("time_zone", "results growth") in differs
    assert all(condition == "time_zone" for condition, _ in differs)
    assert "differs: time zone UTC+14" in outcome.stdout
