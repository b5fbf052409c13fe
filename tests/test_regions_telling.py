"""What is said of a file and of what a build changed; which tasks rest on which; what is swept."""

import pytest
from region_files import FIXTURES

from analysis.disputes.regional_checks import Finding
from analysis.messages import Text
from analysis.paths import REPORTS
from analysis.pipeline import plan
from analysis.pipeline.changes import changed_products, shorten, told
from analysis.pipeline.commands.regions_building import own_tasks, results, touched
from analysis.pipeline.commands.regions_understood import finding_lines, spans, understood_lines
from analysis.pipeline.plan import all_tasks
from analysis.pipeline.task import Task, needed_for, resting_on
from analysis.sources.regions import VARIABLES, Answers, names_by_code, understand

# --- what was understood ------------------------------------------------------------------------


@pytest.mark.parametrize(("years", "shown"), [
    ([], ""), ([2001], "2001"), ([2003, 2001, 2002], "2001-2003"), ([1999, 2001, 2002], "1999, 2001-2002"),
])  # fmt: skip
def test_years_are_told_as_runs(years, shown):
    assert spans(years) == shown


@pytest.mark.parametrize(("language", "words"), [
    ("en", ["places (31)", "Beijing", "2018", "Collective disputes accepted", 'symbol "…": below one unit', "东部地区"]),
    ("zh", ["地区（31 个）", "北京", "2018", "集体劳动争议受理案件数", "符号“…”：不足一个单位", "东部地区"]),
])  # fmt: skip
def test_everything_understood_is_told_in_either_language(tmp_path, language, words):
    found = understand(FIXTURES["book.xlsx"](tmp_path / "book.xlsx"), Answers())
    labels = {name: variable.label for name, variable in VARIABLES.items()}
    said = "\n".join(understood_lines(found, names_by_code(), labels, language))
    assert all(word in said for word in words)


def test_of_each_check_five_findings_are_told_and_errors_come_first():
    many = [Finding(Text(f"found {n}", ""), check="a") for n in range(7)]
    wrong = Finding(Text("wrong", ""), error=True, check="b")
    lines = finding_lines([wrong, *many], "en")
    assert lines[0] == "Errors:" and lines[1].endswith("wrong")
    assert sum("  ! found" in line for line in lines) == 5 and lines[-1].endswith("2 more")
    assert len(finding_lines([], "en")) == 1


# --- what changed -------------------------------------------------------------------------------


def task(name, *inputs, group="results", bundled=False, product=None):
    path = product or REPORTS / f"{name}.csv"
    return Task(name, group, lambda i, a: {}, (), {p: REPORTS / f"{p}.csv" for p in inputs}, {"p": path},
                bundled=bundled)  # fmt: skip


def test_estimates_are_told_before_and_after_and_other_tables_cell_by_cell():
    head = "equation,outcome,term,component,estimate,std_error\n"
    one, two = task("regional_estimates"), task("rates")
    before = {one.products["p"]: f"{head}fe,y,density,,0.1,0.01\ncre,y,density,,0.3,\n".encode(),
              two.products["p"]: b"code,value\n110000,1\n"}  # fmt: skip
    after = {one.products["p"]: f"{head}fe,y,density,,0.2,0.01\nnew,y,density,,0.5,\n".encode(),
             two.products["p"]: b"code,value\n110000,2\n"}  # fmt: skip
    said = "\n".join(told([one, two], before, after, "en"))
    for words in ("fe, y, density: 0.1 (0.01) -> 0.2 (0.01)", "cre, y, density: 0.3 -> –",
                  "new, y, density: – -> 0.5", "110000 · value: 1 -> 2"):  # fmt: skip
        assert words in said


def test_what_is_the_same_is_not_told_and_what_is_gone_is():
    one = task("growth")
    there = {one.products["p"]: b"a\n"}
    assert changed_products(one, there, there) == []
    gone = {REPORTS / "regional" / "measured" / "x.png": b""}
    said = "\n".join(told([one], there | gone, there, "en"))
    assert "gone: 1 files of reports/regional/measured" in said


def test_exhibits_are_told_by_their_files_and_tables_on_the_way_are_not():
    # a file that is there: what is not counts as gone
    there = REPORTS / "manifest.csv"
    figure, data = task("figure x", bundled=True, product=there), task("raw", group="data")
    after = {figure.products["p"]: b"1", data.products["p"]: b"a\n1\n"}
    assert told([figure, data], {}, after, "en")[1:] == ["  figure x: 1 new files"]
    anew = told([figure], {figure.products["p"]: b"0"}, after, "en")
    assert anew[1:] == ["  figure x: 1 files anew"]


def test_long_cells_are_cut():
    assert shorten("a" * 50, 40) == "a" * 39 + "…"
    assert shorten("a" * 40, 40) == "a" * 40


# --- which tasks --------------------------------------------------------------------------------


def test_what_rests_on_a_task_is_found_whatever_the_order():
    tasks = [task("d", "c"), task("c", "b"), task("b", "a"), task("a"), task("e", "x")]
    assert [one.name for one in resting_on([tasks[2]], tasks)] == ["d", "c", "b"]
    assert [one.name for one in needed_for([tasks[2]], tasks)] == ["b", "a"]


def test_a_region_touches_no_study_and_no_claim():
    tasks = all_tasks()
    names = {one.name for one in own_tasks(tasks)}
    assert {"regional results"} <= names
    groups = {one.group for one in touched(tasks) if one.name not in names}
    assert groups <= {"report"}
    assert {one.name for one in results(tasks)} - names == {"raw data"}


def test_sweeping_says_what_every_room_of_tasks_has_to_say(monkeypatch):
    from types import SimpleNamespace

    rooms = {"a": SimpleNamespace(sweep=lambda: [Text("one", "一")]), "b": SimpleNamespace()}
    monkeypatch.setattr(plan, "modules_in", lambda package: list(rooms))
    monkeypatch.setattr(plan, "load", rooms.__getitem__)
    assert plan.swept() == [Text("one", "一")]
