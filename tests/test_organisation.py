"""Organisation rate and member density of 2004: shares, places, and what is left out."""

import numpy as np
import pandas as pd
import pytest

from analysis.effects.evidence.organisation import COLUMNS, organisation_table
from analysis.exhibits.figures import organisation_rate as figure
from analysis.exhibits.style import look
from analysis.loading import load
from analysis.messages import Text
from analysis.paths import RAW
from analysis.pipeline.tasks import organisation as task
from analysis.sources.reading import read_table

CENSUS = load("analysis.sources.tables.census2004_unions")


@pytest.fixture(scope="module")
def census() -> pd.DataFrame:
    return CENSUS.tidy(read_table(RAW / "census2004_unions.csv", CENSUS.SCHEMA))


@pytest.fixture(scope="module")
def table(census) -> pd.DataFrame:
    return organisation_table(census)


def of(table, code):
    return table.set_index("gb2260_code").loc[code]


def test_columns_are_the_contracts(table):
    assert list(table.columns) == COLUMNS


def test_one_country_and_twenty_six_provinces_as_the_note_says(table):
    assert table["is_national"].sum() == 1
    assert (~table["is_national"]).sum() == 26
    assert not table["gb2260_code"].duplicated().any()
    assert "26" in figure.ABOUT.note.en
    assert "26" in figure.ABOUT.note.zh


def test_the_remainder_is_no_place(table, census):
    remainder = census.loc[census["gb2260_code"].isna(), "name_en"].item()
    assert remainder not in set(table["name_en"])
    assert "derived" not in set(table["inputs_status"])


@pytest.mark.parametrize(
    ("code", "rate", "density"),
    [("000000", 22.5636, 57.8073), ("310000", 11.2733, 45.5310), ("530000", 42.1311, 72.6484)],
)
def test_shares_of_three_places_computed_by_hand(table, code, rate, density):
    row = of(table, code)
    assert row["organisation_rate_percent"] == pytest.approx(rate, abs=5e-5)
    assert row["member_density_percent"] == pytest.approx(density, abs=5e-5)


def test_shares_agree_with_those_of_the_processed_table(table, census):
    shares = census.set_index("gb2260_code").loc[table["gb2260_code"]]
    assert np.allclose(table["organisation_rate_percent"], 100 * shares["organisation_rate"])
    assert np.allclose(table["member_density_percent"], 100 * shares["member_density"])


def test_provinces_and_the_remainder_add_up_to_the_country(census):
    parts = census[census["gb2260_code"] != "000000"]
    whole = census[census["gb2260_code"] == "000000"].iloc[0]
    for column in ("legal_units", "legal_units_with_union", "employed_10k", "union_members_10k"):
        assert parts[column].sum() == pytest.approx(whole[column], abs=0.05)


def test_a_second_country_or_none_is_refused(census):
    country = census[census["gb2260_code"] == "000000"]
    for wrong in (pd.concat([census, country]), census.drop(country.index)):
        with pytest.raises(ValueError, match="national"):
            organisation_table(wrong)


def test_a_zero_base_is_refused(census):
    with pytest.raises(ValueError, match="employed_10k"):
        organisation_table(census.assign(employed_10k=0.0))


def test_the_task_names_its_file_and_its_product():
    (only,) = task.tasks()
    assert only.inputs["census"].name == "census2004_unions.csv"
    assert only.products["organisation"].name == "organisation.csv"


def test_provinces_are_drawn_in_order_of_their_rate(table):
    rates = figure.rows(table)["organisation_rate_percent"]
    assert rates.is_monotonic_increasing


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_finding_follows_the_data(table, language):
    rows = figure.rows(table)
    names = dict(zip(rows["name_en"], rows[f"name_{language}"], strict=True))
    lowest = Text("11.3 ({name})", "11.3%（{name}）").in_language(language)
    assert lowest.format(name=names["Shanghai"]) in figure.finding(rows, language)
    changed = rows.assign(
        organisation_rate_percent=rows["organisation_rate_percent"].where(
            rows["name_en"] != "Beijing", 1.0
        )
    )
    assert names["Beijing"] in figure.finding(changed, language)


def test_the_figure_has_two_marks_a_province_and_no_fitted_line(table):
    with look("en"):
        axes = figure.draw(figure.rows(table), "en").axes[0]
        marks = [len(group.get_offsets()) for group in axes.collections]
        lines = [line for line in axes.lines if len(set(line.get_xdata())) > 1]
    assert marks == [26, 26]
    # pale guides across the whole width are the only lines that are not upright
    assert all(len(set(line.get_ydata())) == 1 for line in lines)
