"""Staged files to data/processed: read again by the sidecar alone, joined, one figure in use a cell."""

import argparse

import pandas as pd
import pytest
from region_files import FIXTURES

from analysis.disputes.regional import in_base_units
from analysis.disputes.regional_checks import case_of, check
from analysis.messages import Text, UserError
from analysis.pipeline.commands import regions_template
from analysis.pipeline.commands.regions_entering import Newcomer, enter
from analysis.pipeline.commands.regions_said import add_options, said_of, typed_again
from analysis.pipeline.region_store import region, staging
from analysis.pipeline.region_store.sidecar import described
from analysis.pipeline.tasks import regions as task
from analysis.sources.regions import READING_FILES, names_by_code, understand
from analysis.tabular import as_bytes


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    """A store and tables of one's own."""
    for module in (region, staging):
        monkeypatch.setattr(module, "STAGED", tmp_path / "regions")
        monkeypatch.setattr(module, "PRIVATE", tmp_path / "regions" / "private")
    monkeypatch.setattr(task, "PROCESSED", tmp_path)
    monkeypatch.setattr(task, "PUBLIC", tmp_path / "regions.csv")
    monkeypatch.setattr(task, "ALL", tmp_path / "regions_private.csv")
    return tmp_path


def options(*words):
    parser = argparse.ArgumentParser()
    add_options(parser)
    return parser.parse_args(words)


def newcomer(file, *words):
    said = said_of(options(*words), file)
    found = understand(file, said.reading)
    frame = found.frame()
    called = dict(zip(frame["code"], frame["name"], strict=True))
    names = {code: Text(name, name) for code, name in called.items()} | dict(names_by_code())
    return Newcomer(file, file.read_bytes(), said, found, frame, names, ())


def build():
    """Run the tasks of what is staged; return the joined tables by name."""
    tables = {}
    for one in task.tasks():
        for key, content in one.run(one.inputs, one.arguments).items():
            one.products[key].write_bytes(as_bytes(content))
            tables[one.name] = task.read_region(one.products[key])
    return tables


# --- what enters is what was understood ---------------------------------------------------------


@pytest.mark.parametrize("name", FIXTURES)
def test_files_as_they_come_enter_and_read_back_by_their_sidecar_alone(store, name):
    new = newcomer(FIXTURES[name](store / name), "--source", "simulated")
    no_rows = pd.DataFrame(columns=["code", "year", "variable", "value", "status"])
    totals = new.frame.iloc[:0]
    findings = check(case_of(new.frame, totals, no_rows, no_rows, new.names))
    assert not [finding for finding in findings if finding.error]
    one, description = enter(new)
    assert one.private and described(one.file) == description
    table = build()[f"region {one.name}"]
    assert len(table) == len(new.found.figures) > 60
    keys = ["code", "year", "variable"]
    both = table.merge(new.frame, on=keys, suffixes=("", "_understood"))
    # to the last digit
    assert both["value"].equals(both["value_understood"])
    assert (both["missing_kind"] == both["missing_kind_understood"]).all()
    assert set(table["source"]) == {"simulated"}
    assert len(in_base_units(table)) == table["value"].notna().sum()


def tidy(path, *rows):
    lines = ["code,year,variable,value,unit", *(",".join(map(str, row)) for row in rows)]
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


CELL = ("320000", 2010, "union_members")


def test_values_keep_every_digit(store):
    enter(
        newcomer(
            tidy(
                store / "a.csv",
                (*CELL, 0.1234567890123, "万人"),
                (*CELL[:1], 2011, CELL[2], 7, "万人"),
            )
        )
    )
    assert build()["private regions"]["value"].tolist() == [0.1234567890123, 7.0]
    assert ",7," in (store / "regions_private.csv").read_text("utf-8")


def test_a_users_words_are_text_in_any_spreadsheet(store):
    file = store / "a.csv"
    file.write_text(
        "code,name,year,variable,value,unit\n320500,=1+1,2010,gdp,5,亿元\n", encoding="utf-8"
    )
    enter(newcomer(file, "--source", "@SUM(A1)"))
    row = build()["private regions"].iloc[0]
    assert (row["name"], row["source"]) == ("'=1+1", "'@SUM(A1)")


def test_private_figures_are_in_the_private_table_only(store):
    enter(newcomer(tidy(store / "a.csv", (*CELL, 1, "万人")), "--licence", "CC BY 4.0"))
    enter(newcomer(tidy(store / "b.csv", (*CELL, 2, "万人"))))
    tables = build()
    # among public files the public one is in use, among all the one added last
    assert tables["regions"][["value", "in_use"]].to_numpy().tolist() == [[1.0, True]]
    assert tables["private regions"][["value", "in_use"]].to_numpy().tolist() == [
        [1.0, False],
        [2.0, True],
    ]


def test_a_table_of_a_region_no_longer_staged_is_swept_away(store, monkeypatch):
    one, _ = enter(newcomer(tidy(store / "a.csv", (*CELL, 1, "万人"))))
    build()
    assert task.sweep() == []
    assert task.table_of(one).exists()
    staging.withdraw(one)
    task.sweep()
    assert not [*store.glob("region*.csv")]


def test_a_list_that_got_shorter_is_another_argument(store):
    for name in "ab":
        enter(newcomer(tidy(store / f"{name}.csv", (*CELL, ord(name), "万人"))))
    both = task.tasks()[-1].canonical_arguments()
    staging.withdraw(region.staged_regions()[0])
    assert task.tasks()[-1].canonical_arguments() != both


def test_every_file_that_reading_rests_on_is_an_input(store):
    enter(newcomer(tidy(store / "a.csv", (*CELL, 1, "万人"))))
    assert set(READING_FILES) <= set(task.tasks()[0].inputs.values())


# --- which region a file corrects ---------------------------------------------------------------


def test_a_file_of_the_same_name_corrects_only_if_it_shares_cells(store):
    enter(newcomer(tidy(store / "a" / "x.csv", (*CELL, 1, "万人"))))
    build()
    newer, corrects = enter(newcomer(tidy(store / "b" / "x.csv", (*CELL, 2, "万人"))))
    assert (newer.name, corrects.supersedes) == ("江苏-x-2", "江苏-x")
    build()
    other, nothing = enter(
        newcomer(tidy(store / "c" / "x.csv", ("320000", 2011, CELL[2], 3, "万人")))
    )
    assert (other.name, nothing.supersedes) == ("江苏-x-3", "")


def test_a_region_that_is_said_to_be_corrected_must_be_there(store):
    file = tidy(store / "a.csv", (*CELL, 1, "万人"))
    with pytest.raises(UserError, match="nobody"):
        enter(newcomer(file, "--supersedes", "nobody"))
    assert not (store / "regions").exists()


# --- what was said ------------------------------------------------------------------------------


def test_a_sidecar_beside_the_file_answers_and_the_command_overrides_it(store):
    file = tidy(store / "a.csv", (*CELL, 1, "万人"))
    file.with_name("a.csv.meta.toml").write_text(
        'producer = "书"\nlicence = "CC BY 4.0"\n[reading]\ndata_year = 2001\n', encoding="utf-8"
    )
    said = said_of(options(), file)
    assert (said.source, said.private, said.reading.data_year) == ("书", False, 2001)
    said = said_of(options("--private", "--source", "另一本", "--data-year", "2002"), file)
    assert (said.source, said.private, said.reading.data_year) == ("另一本", True, 2002)


def test_a_dry_run_is_given_every_word(store):
    words = [
        "--source=-a b",
        "--data-year=2001",
        "--symbols=-=none",
        "--means=结案数=cases_settled,件",
        "--private",
    ]
    assert options(*typed_again(options(*words))) == options(*words)


def test_a_new_variable_is_declared_by_its_label(store):
    file = store / "a.csv"
    file.write_text("地区,年份,结案数\n江苏,2010,5\n", encoding="utf-8")
    one, _ = enter(newcomer(file, "--means", "结案数=cases_settled,件"))
    assert build()[f"region {one.name}"][["variable", "unit", "value"]].to_numpy().tolist() == [
        ["cases_settled", "件", 5.0]
    ]


# --- the template -------------------------------------------------------------------------------


def test_a_template_overwrites_nothing(tmp_path, capsysbinary):
    wanted = argparse.Namespace(out=None, lang="zh")
    assert regions_template.run(wanted) == 0
    printed = capsysbinary.readouterr().out
    wanted.out = tmp_path / "t.csv"
    assert regions_template.run(wanted) == 0
    assert wanted.out.read_bytes() == printed
    for name in ("t.csv", "t.pdf"):
        wanted.out = tmp_path / name
        with pytest.raises(UserError, match="--out"):
            regions_template.run(wanted)
