"""A user's surveys in the build: listed when their files are there, swept when they are gone."""

import subprocess
import sys

import pandas as pd
import pytest
from survey_raw import cfps2018, write_cfps2018, write_cgss

from analysis.files import write_all
from analysis.messages import UserError
from analysis.pipeline import manifest
from analysis.pipeline.surveys import made, places
from analysis.pipeline.tasks import surveys as task
from analysis.sources.surveys.raw_file import READERS
from analysis.sources.twins import write_raw, writing
from analysis.tabular import as_bytes

READY = {"gunderson_lee_wang_2016", "ma_2024", "ma_komatsu_2024"}


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder of surveys of one's own, with places for what is made of them."""
    monkeypatch.setenv("JIELI_LANG", "en")
    for name, folder in (("SURVEYS", "raw"), ("LOCAL", "local"), ("ROWS", "rows")):
        monkeypatch.setattr(places, name, tmp_path / folder)
    return tmp_path / "raw"


def named(name):
    return next(one for one in task.tasks() if one.name == name)


def run(one):
    """Run a task and write its products; return what it returned."""
    contents = one.run(one.inputs, one.arguments)
    assert set(contents) == {*one.products, *one.folders}
    write_all({one.products[key]: as_bytes(contents[key]) for key in one.products})
    return contents


def no_mark(monkeypatch):
    """Let twins pass as a real survey, which they are only here."""
    monkeypatch.setattr(writing, "MARK", "survey")


# --- which tasks there are --------------------------------------------------------------------


def test_without_files_there_is_no_task_and_a_line_on_what_one_would_add(place):
    assert task.tasks() == []
    (line,) = task.remarks()
    assert "CFPS, CGSS" in line.en and all(study in line.zh for study in READY)
    assert "数据文件" in line.zh


def test_a_survey_brings_its_reading_and_the_studies_on_it_and_no_other(place):
    write_cfps2018(place)
    names = {one.name for one in task.tasks()}
    ready = {f"survey cfps: {study}" for study in READY}
    assert names == {"survey cfps", "survey cfps: cfps-union-working-conditions"} | ready
    write_cgss(place)
    more = {one.name for one in task.tasks()} - names
    assert more == {"survey cgss", "survey cgss: cgss-union-working-conditions"}


def test_the_reading_rests_on_files_map_override_and_schema(place):
    path = write_cfps2018(place)
    override = path.with_name("override.toml")
    override.write_text("", encoding="utf-8")
    inputs = set(named("survey cfps").inputs.values())
    assert {path, override, places.MAPS / "cfps.toml", places.FIELDS} <= inputs
    before = named("survey cfps").canonical_arguments()
    write_cgss(place)
    assert named("survey cfps").canonical_arguments() == before
    write_cfps2018(place, name="cfps2018famconf.dta")
    assert named("survey cfps").canonical_arguments() != before


def test_nothing_of_a_survey_is_committed_and_rows_stay_out_of_reports(place):
    write_cfps2018(place)
    paths = [p for one in task.tasks() for p in (*one.products.values(), *one.folders.values())]
    outside = [path for path in paths if not path.is_relative_to(places.LOCAL)]
    assert outside == [places.ROWS / "cfps.parquet"]
    assert not set(paths) & set(manifest.listed_files())


def test_suffixes_are_the_readers():
    assert set(places.SUFFIXES) == set(READERS)


def test_listing_loads_no_data_library(place):
    code = (
        "import sys; from pathlib import Path; from analysis.pipeline.tasks import surveys as t; "
        f"t.places.SURVEYS = Path({str(place)!r}); assert t.tasks(); "
        "sys.exit('pandas' in sys.modules or 'numpy' in sys.modules)"
    )
    write_cfps2018(place)
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- what they make ---------------------------------------------------------------------------


def test_a_wave_that_is_refused_stops_no_other_and_is_named(place):
    write_cgss(place, 2015)
    path = write_cgss(place, 2013)
    path.write_bytes(path.read_bytes()[:2000])
    run(named("survey cgss"))
    used, refused = task.remarks()
    assert used.en.startswith("Used: cgss 2015 (6 rows, simulated)")
    assert path.name in refused.en and "cut short" in refused.en and "截断" in refused.zh


def test_a_folder_without_a_map_is_named_and_makes_nothing(place):
    write_cfps2018(place).parent.rename(place / "clds")
    contents = run(named("survey clds"))
    assert contents["description"].empty and contents["codebook_en"] == b""
    unused, reason = task.remarks()
    assert unused.en == "Not used: clds." and "clds" in reason.en


def test_what_under_ten_persons_share_is_in_no_table_of_a_real_survey(place):
    write_cfps2018(place, cfps2018(30), simulated=False)
    contents = run(named("survey cfps"))
    rows = contents["description"].set_index("field")
    # one member among thirty
    assert pd.isna(rows.loc["union_member", "mean"]) and rows.loc["age", "mean"] == 30.0
    page = contents["description_en"].decode()
    assert "fewer than 10 persons" in page and "Simulated" not in page


def test_simulated_rows_get_no_cited_name(place):
    write_cfps2018(place)
    run(named("survey cfps"))
    files = named("survey cfps: ma_2024")
    files = files.run(files.inputs, files.arguments)["files"]
    assert set(files) == {"not_made_en.md", "not_made_zh.md"}
    assert "simulated" in files["not_made_en.md"] and "模拟数据" in files["not_made_zh.md"]


def test_a_real_survey_gets_a_ready_study_s_estimates(place, monkeypatch):
    no_mark(monkeypatch)
    write_raw("cfps", place / "cfps", waves=[2010], size=700)
    run(named("survey cfps"))
    one = named("survey cfps: gunderson_lee_wang_2016")
    rows = one.run(one.inputs, one.arguments)["files"]["estimates.csv"]
    assert set(rows["equation"]) >= {"no_controls", "person", "decomposition", "quantiles"}
    person = rows[(rows["equation"] == "person") & (rows["term"] == "union_member")].iloc[0]
    assert person["estimate"] > 0 and person["n_clusters"] > 50
    hidden = rows[rows["note"].str.contains("under 10 persons")]
    assert hidden["estimate"].isna().all() and len(hidden)


def test_a_study_that_finds_no_rows_says_so(place, monkeypatch):
    no_mark(monkeypatch)
    write_raw("cfps", place / "cfps", waves=[2018], size=60)
    run(named("survey cfps"))
    one = named("survey cfps: gunderson_lee_wang_2016")
    rows = one.run(one.inputs, one.arguments)["files"]["estimates.csv"]
    # there is no wave of 2010
    assert rows["estimate"].isna().all() and rows["note"].str.len().gt(0).all()


# --- what is swept ----------------------------------------------------------------------------


def test_what_a_survey_s_files_made_goes_with_them_and_is_said(place):
    for path in (write_cfps2018(place), write_cgss(place)):
        run(named(f"survey {path.parent.name}"))
    assert list(task.sweep()) == []
    path.unlink()
    (line,) = task.sweep()
    assert "cgss" in line.en and "已删除" in line.zh
    assert not (places.LOCAL / "cgss").exists() and not (places.ROWS / "cgss.parquet").exists()
    assert (places.LOCAL / "cfps" / "files.csv").exists()


# --- the command ------------------------------------------------------------------------------


def test_a_survey_file_makes_its_own_tasks_stale_and_none_other(small):
    before = small.snapshot("reports")
    write_cgss(small.path("data/raw/surveys"))
    outcome = small.run("reproduce")
    assert outcome.returncode == 0, outcome.stderr
    ran = [line for line in outcome.stdout.splitlines() if line.endswith(" s)")]
    assert ran and all(line.startswith("  survey cgss") for line in ran)
    assert "Used: cgss 2015 (6 rows, simulated)" in outcome.stdout
    local = [name for name in small.snapshot("reports") if name not in before]
    assert local and all(name.startswith("reports/local/surveys/cgss/") for name in local)
    small.path("data/raw/surveys/cgss/cgss2015_14.dta").unlink()
    outcome = small.run("reproduce")
    assert "Removed reports/local/surveys/cgss" in outcome.stdout
    assert "No survey files here." in outcome.stdout
    assert small.snapshot("reports") == before


@pytest.mark.slow
def test_the_fingerprint_covers_all_that_a_paper_loads_by_name(place, monkeypatch):
    from analysis.effects import fitting
    from analysis.effects.paper import making
    from analysis.loading import load

    loaded = set()

    def recorded(name):
        loaded.add(name)
        return load(name)

    for module in (fitting, making):
        monkeypatch.setattr(module, "load", recorded)
    no_mark(monkeypatch)
    write_raw("cgss", place / "cgss", waves=[2015, 2017, 2018], size=1200)
    run(named("survey cgss"))
    one = named("survey cgss: cgss-union-working-conditions")
    files = one.run(one.inputs, one.arguments)["files"]
    assert len([name for name in files if name.startswith("table")]) == 8 * 2 * 6
    assert loaded and loaded <= set(one.code)


def test_a_broken_map_is_a_refusal_not_an_end(place):
    path = write_cfps2018(place)
    path.with_name("override.toml").write_text("[[override", encoding="utf-8")
    assert isinstance(made._read_softly("cfps").problems[0], UserError)
