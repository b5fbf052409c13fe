"""Add, correct, remove a region as a user does: what is said, what is written, what stands still."""

import csv
import io
import os

import pytest
from regional_twin import HOSTILE
from regions_project import (
    CORRECTED,
    ONE,
    one_province,
    regional,
    regional_once,
    state_of,
)

pytestmark = pytest.mark.slow
__all__ = ["regional", "regional_once"]
LICENCE = ("--licence", "CC BY 4.0", "--source", "simulated")
UNRELATED = "reports/results/growth.csv"


def table(project, name):
    return list(csv.DictReader(io.StringIO(project.path(name).read_text("utf-8"))))


def changed(before, after):
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def test_a_public_region_from_first_to_last(regional, tmp_path):
    empty = state_of(regional)
    file = one_province(tmp_path / "mine")
    # in
    added = regional.run("regions", "add", str(file), *LICENCE)
    assert added.returncode == 0, added.stderr
    for words in (
        "disputes_accepted",
        "Jiangsu",
        "2005-2014",
        f"{ONE} is in",
        "rows added",
        "Not affected",
    ):
        assert words in added.stdout
    assert regional.path(f"data/raw/regions/{ONE}/one.csv").read_bytes() == file.read_bytes()
    assert "Jiangsu 2005, Labour disputes accepted" in added.stdout
    # only what rests on it was built, and all of that
    assert "  growth (" not in added.stdout
    assert "Up to date" in regional.run("status").stdout
    rates = table(regional, "reports/results/regional_rates.csv")
    assert sum(row["code"] == "320000" and row["measure"] == "density" for row in rates) == 10
    # the same file again
    first = state_of(regional)
    again = regional.run("regions", "add", str(file), *LICENCE)
    assert again.returncode == 0
    assert f"in already, as {ONE}" in again.stdout and "Nothing changed" in again.stdout
    assert state_of(regional) == first
    # a corrected version
    better = one_province(tmp_path / "newer", y2005=4000.0)
    corrected = regional.run("regions", "add", str(better), *LICENCE)
    assert f"It corrects {ONE}" in corrected.stdout
    assert "4,000 here, 3,294 so far" in corrected.stdout
    assert "disputes_accepted · value: 3293.650000 -> 4000.000000" in corrected.stdout
    vintages = [
        (row["region"], row["value"], row["in_use"]) for row in table(regional, "data/processed/regions.csv")
        if (row["year"], row["variable"]) == ("2005", "disputes_accepted")
    ]  # fmt: skip
    assert vintages == [(ONE, "3293.65", "false"), (CORRECTED, "4000", "true")]
    # out again
    assert regional.run("regions", "remove", CORRECTED).returncode == 0
    once = {name: content for name, content in first.items() if name.startswith("reports")}
    assert {n: c for n, c in state_of(regional).items() if n.startswith("reports")} == once
    removed = regional.run("regions", "remove", ONE)
    assert "gone: 8 files of reports/regional/measured/figures" in removed.stdout
    assert state_of(regional) == empty
    assert "Up to date" in regional.run("status").stdout


def test_a_private_region_changes_nothing_but_what_git_ignores(regional, tmp_path):
    empty = state_of(regional)
    file = one_province(tmp_path / "mine")
    added = regional.run("regions", "add", str(file), lang="zh")
    assert added.returncode == 0, added.stderr
    assert f"{ONE} 已加入：data/raw/regions/private/{ONE}（内部" in added.stdout
    new = changed(empty, state_of(regional))
    assert new
    places = ("data/raw/regions/private/", "data/processed/", "reports/local/")
    assert all(name.startswith(places) for name in new)
    page = regional.path("reports/local/regional/measured/tables/rates_and_ranks_zh.html")
    assert "含内部数据" in page.read_text("utf-8")
    # its page is marked too, and goes with it
    report = regional.run("regions", "report", "江苏")
    assert "private data" in report.stdout
    pages = sorted(regional.path("reports/local/regional/pages").iterdir())
    assert [path.name for path in pages] == [
        "320000_en.docx", "320000_en.html", "320000_zh.docx", "320000_zh.html"]  # fmt: skip
    assert all("含内部数据" in path.read_text("utf-8") for path in pages if path.suffix == ".html")
    assert regional.run("regions", "remove", ONE).returncode == 0
    assert state_of(regional) == empty
    assert not regional.path("reports/local").exists()


def test_a_dry_run_shows_all_and_writes_nothing(regional, tmp_path):
    before = regional.snapshot("data", "reports", ".jieli")
    file = one_province(tmp_path / "mine")
    shown = regional.run("regions", "add", str(file), *LICENCE, "--dry-run")
    assert shown.returncode == 0, shown.stderr
    for words in ("nothing here is written", f"{ONE} is in", "rows added", "nothing was written"):
        assert words in shown.stdout
    assert regional.snapshot("data", "reports", ".jieli") == before


def test_what_is_wrong_is_refused_and_nothing_is_written(regional, tmp_path):
    before = state_of(regional)
    file = one_province(tmp_path / "mine")
    text = file.read_text("utf-8")
    (tmp_path / "twice.csv").write_text(f"{text}江苏,2005,gdp,1,亿元\n", encoding="utf-8")
    (tmp_path / "name.csv").write_text(text.replace("江苏", "江苏剩"), encoding="utf-8")
    for arguments, words in (
        (("add", str(tmp_path / "twice.csv")), "errors listed above: 1"),
        (("add", str(tmp_path / "name.csv")), "name.csv"),
        (("add", str(file), "--name", "../x"), "no name for a region"),
        (("add", str(tmp_path / "none.csv")), "none.csv"),
        (("remove", "nobody"), "nobody"),
    ):
        refused = regional.run("regions", *arguments)
        assert refused.returncode == 2, (arguments, refused.stdout)
        assert words in refused.stderr and "Traceback" not in refused.stderr
    assert state_of(regional) == before
    assert not regional.path("data/raw/regions").exists()


def test_hostile_names_are_text_wherever_they_are_shown(regional, tmp_path):
    rows = [
        f'320500,"{HOSTILE}",{year},disputes_accepted,{year - 1990},件'
        for year in range(2000, 2012)
    ]
    file = tmp_path / "苏州 a'b$(x).csv"
    file.write_text("\n".join(["code,name,year,variable,value,unit", *rows]), encoding="utf-8")
    added = regional.run("regions", "add", str(file), "--source", "=1+1", "--licence", "x")
    assert added.returncode == 0, added.stderr
    for path in regional.path("reports/regional").rglob("*.html"):
        assert "<script>alert" not in path.read_text("utf-8")
    assert regional.run("regions", "report", "320500").returncode == 0
    page = regional.path("reports/local/regional_pages/320500_en.html").read_text("utf-8")
    assert "<script>alert" not in page and "&lt;script&gt;" in page


@pytest.mark.skipif(os.name == "nt", reason="holds the lock as this system does")
def test_two_commands_at_once_do_not_meet(regional, tmp_path):
    import fcntl

    file = one_province(tmp_path / "mine")
    before = state_of(regional)
    with regional.path(".jieli/regions.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        busy = regional.run("regions", "add", str(file))
        assert busy.returncode == 2 and "Another command" in busy.stderr
    assert state_of(regional) == before
