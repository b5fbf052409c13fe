"""Published tables: measured in the same run, moved by the data, compared digit by digit."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from analysis.effects import benchmarking
from analysis.effects.benchmarking import FOLDER, agree, benchmark_table
from analysis.effects.fitting import data_of
from analysis.effects.study import read_study

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def published():
    return pd.read_csv(ROOT / "data" / "raw" / "published_benchmarks.csv", dtype=str)


@pytest.fixture(scope="module")
def table(published):
    return benchmark_table(published)


def test_every_published_number_is_refitted_and_agrees(table):
    assert len(table) == 359
    assert (table["agrees"] == "true").all(), table[table["agrees"] != "true"]


def test_measured_agrees_with_another_library_to_six_digits(table, shared_facts):
    reference = pd.read_csv(shared_facts / "published_benchmarks.csv", dtype=str)
    both = table.merge(reference, on=["benchmark", "quantity"])
    both = both[both["agrees"] == "true"]
    expected = both["reference_value"].astype(float)
    relative = (both["measured"].astype(float) - expected).abs() / expected.abs()
    assert (relative < 2e-5).all(), both[relative >= 2e-5]


def test_measured_moves_when_one_row_of_the_data_moves(published, table, monkeypatch):
    def one_row_changed(study, data=None):
        frame = data_of(study, data).copy()
        frame.loc[frame.index[0], "lwage"] += 10.0
        return frame

    monkeypatch.setattr(benchmarking, "data_of", one_row_changed)
    rows = published[published["benchmark"] == "C1f"]
    moved = benchmark_table(rows).set_index("quantity")["measured"]
    before = table[table["benchmark"] == "C1f"].set_index("quantity")["measured"]
    assert ((moved - before).abs() > 1e-6).all()


def test_the_nearest_wrong_covariance_would_be_noticed(table):
    assert (table["agrees_otherwise"] == "false").sum() > 100


@pytest.mark.parametrize(
    ("printed", "measured", "verdict"),
    [
        (".091", 0.0914999, "true"),
        (".091", 0.0915001, "false"),
        ("-.139", -0.1385, "true"),
        ("5", 4.51, "true"),
        (".091", None, ""),
    ],
)
def test_a_number_agrees_when_it_rounds_to_the_printed_digits(printed, measured, verdict):
    assert agree(printed, measured) == verdict


def test_every_label_names_a_printed_quantity(published):
    for path in FOLDER.glob("*.toml"):
        printed = set(published.loc[published["benchmark"] == path.stem, "quantity"])
        assert set(read_study(path).labels) <= printed, path.stem


def test_titles_say_whose_data_they_are():
    words = (
        "United States",
        "imulated",
        "textbook",
        "teaching",
        "Puerto Rico",
        "countries",
        "Belgian",
        "chemical paste",
        "p values",
    )
    for path in FOLDER.glob("*.toml"):
        title = tomllib.loads(path.read_text(encoding="utf-8"))["study"]["title_en"]
        assert any(word in title for word in words), f"{path.stem}: {title}"
