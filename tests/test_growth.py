"""Average growth: what growth.csv publishes, and what every definition must satisfy."""

import re
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disputes import (
    DEFINITIONS,
    compound_of_ends,
    growth_table,
    rates_by_definition,
    rounds_to,
    yearly_growth,
)
from analysis.disputes.growth import without_step, yearly_rates
from analysis.sources import process_raw, series_of, vintages_of
from analysis.status import STATUSES, weakest

ARTICLE = (1996, 2007)
WINDOWS = (ARTICLE, (1996, 2008), (2008, 2019))
PRINTED_ENDS = (ARTICLE, (1996, 2008))
COLUMNS = (
    "series,vintage,start_year,end_year,definition,dropped_year,value_percent,stated_percent,"
    "rounds_to_stated,inputs_status"
)
KEY = ["series", "vintage", "start_year", "end_year", "definition", "dropped_year"]
RATIOS = st.lists(st.floats(0.25, 4.0), min_size=1, max_size=15)
BASES = st.floats(10.0, 1e6)


def repeatedly(**strategies):
    """Give examples, the same on every run and however busy the machine."""
    return lambda test: settings(deadline=None, derandomize=True)(given(**strategies)(test))


@pytest.fixture(scope="module")
def growth(small_once) -> pd.DataFrame:
    path = small_once.path("reports/results/growth.csv")
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def vintages():
    return vintages_of(process_raw().tables["national_disputes"], "cases_accepted", 1996)


def chosen(table, definition, vintage="48121", dropped="", window=ARTICLE):
    rows = table[
        (table["definition"] == definition)
        & (table["vintage"] == vintage)
        & (table["dropped_year"] == dropped)
        & (table["start_year"] == str(window[0]))
        & (table["end_year"] == str(window[1]))
    ]
    assert len(rows) == 1
    return rows.iloc[0]


def levels_of(base, ratios):
    return base * np.cumprod([1.0, *ratios])


@pytest.mark.parametrize(
    ("definition", "vintage", "percent", "rounds"),
    [
        ("arithmetic_mean", "48121", 20.3461, "true"),
        ("arithmetic_mean", "47951", 20.3940, "false"),
        ("compound", "48121", 19.773, "false"),
        ("nbs_cumulative", "48121", 22.832, "false"),
        ("nbs_cumulative", "47951", 22.887, "false"),
        ("mean_log", "48121", 18.04, "false"),
        ("log_trend", "48121", 18.81, "false"),
        ("median", "48121", 19.08, "false"),
        ("rounded_inputs_compound", "48121", 19.80, "false"),
    ],
)
def test_published_average_of_the_articles_window(growth, definition, vintage, percent, rounds):
    row = chosen(growth, definition, vintage)
    decimals = len(f"{percent:g}".partition(".")[2])
    assert round(float(row["value_percent"]), decimals) == pytest.approx(percent, abs=1e-9)
    assert row["stated_percent"] == "20.3"
    assert row["rounds_to_stated"] == rounds


@pytest.mark.parametrize(("dropped", "percent"), [("1997", 17.52), ("2006", 22.27)])
def test_one_year_carries_the_average(growth, dropped, percent):
    row = chosen(growth, "arithmetic_mean", dropped=dropped)
    assert float(row["value_percent"]) == pytest.approx(percent, abs=0.005)
    assert row["rounds_to_stated"] == "false"


def test_growth_of_2008(small_once):
    yearly = pd.read_csv(small_once.path("reports/results/yearly_growth.csv")).set_index("year")
    assert yearly.loc[2008, "growth_percent"] == pytest.approx(98.030, abs=0.0005)


def test_no_growth_is_taken_across_missing_years(vintages):
    yearly = yearly_growth(vintages[0]).set_index("year")
    assert {1992, 1993}.isdisjoint(yearly.index)
    assert np.isnan(yearly.loc[1994, "growth_percent"])
    assert yearly["growth_percent"].isna().sum() == 2


def test_columns_are_the_contracts(growth):
    assert ",".join(growth.columns) == COLUMNS


def test_grid_is_complete_and_no_key_occurs_twice(growth):
    expected = {
        ("cases_accepted", vintage, str(start), str(end), name, dropped)
        for vintage, (start, end), name in product(("48121", "47951"), WINDOWS, DEFINITIONS)
        for dropped in ["", *map(str, range(start + 1, end + 1))]
    } | {
        ("cases_accepted", vintage, str(start), str(end), "rounded_inputs_compound", "")
        for vintage, (start, end) in product(("48121", "47951"), PRINTED_ENDS)
    }
    found = list(growth[KEY].itertuples(index=False, name=None))
    assert set(found) == expected
    assert len(found) == len(expected)


def test_values_have_six_decimals(growth):
    odd = [text for text in growth["value_percent"] if not re.fullmatch(r"-?\d+\.\d{6}", text)]
    assert odd == []


def test_only_the_articles_window_has_a_stated_rate(growth):
    inside = (growth["start_year"] == "1996") & (growth["end_year"] == "2007")
    assert set(growth.loc[inside, "stated_percent"]) == {"20.3"}
    assert set(growth.loc[inside, "rounds_to_stated"]) == {"true", "false"}
    assert set(growth.loc[~inside, "stated_percent"]) == {""}
    assert set(growth.loc[~inside, "rounds_to_stated"]) == {""}


@pytest.mark.parametrize(
    ("definition", "dropped", "status"),
    [
        ("compound", "", "verified_secondary"),
        ("mean_log", "", "verified_secondary"),
        ("arithmetic_mean", "", "unverified"),
        ("compound", "2007", "corroborated"),
        ("compound", "1999", "unverified"),
    ],
)
def test_status_is_that_of_the_years_the_average_rests_on(growth, definition, dropped, status):
    assert chosen(growth, definition, dropped=dropped)["inputs_status"] == status


def test_years_that_move_a_value_are_those_behind_its_status(vintages):
    series = vintages[0]

    def values(changed):
        table = growth_table([changed], [ARTICLE], {}, {})
        return table.assign(vintage=0).set_index(["definition", "dropped_year"])

    base = values(series)
    years = range(ARTICLE[0], ARTICLE[1] + 1)
    moved = {
        year: values(series.with_value(year, 1.1 * series.values[year]))["value_percent"]
        for year in years
    }
    for key, row in base.iterrows():
        behind = [y for y in years if abs(moved[y][key] - row["value_percent"]) > 1e-9]
        status = weakest(series.statuses[year] for year in behind)
        if key[0] == "median":  # a middle value rests on all, though few years move it
            assert STATUSES.index(status) <= STATUSES.index(row["inputs_status"])
        else:
            assert status == row["inputs_status"], key


@repeatedly(base=BASES, permille=st.integers(-600, 2000), steps=st.integers(1, 15))
def test_constant_growth_is_every_definitions_average(base, permille, steps):
    growth = permille / 1000.0
    rates = rates_by_definition(levels_of(base, [1.0 + growth] * steps))
    # the mean log change stays a log rate
    assert rates.pop("mean_log") == pytest.approx(np.log1p(growth), abs=1e-9)
    assert len(rates) == len(DEFINITIONS) - 1
    for name, rate in rates.items():
        assert rate == pytest.approx(growth, abs=1e-8), name


@repeatedly(base=BASES, ratios=RATIOS)
def test_cumulative_method_satisfies_its_defining_equation(base, ratios):
    levels = levels_of(base, ratios)
    rate = rates_by_definition(levels)["nbs_cumulative"]
    sums = sum(levels[0] * (1.0 + rate) ** t for t in range(1, len(levels)))
    assert sums == pytest.approx(levels[1:].sum(), rel=1e-9)


@repeatedly(base=BASES, ratios=RATIOS)
def test_arithmetic_mean_is_at_least_the_compound_rate(base, ratios):
    rates = rates_by_definition(levels_of(base, ratios))
    assert rates["arithmetic_mean"] >= rates["compound"] - 1e-12
    assert rates["compound"] >= rates["mean_log"] - 1e-12


@repeatedly(base=BASES, ratios=RATIOS, factor=st.floats(0.01, 100.0))
def test_scaling_all_levels_changes_no_average(base, ratios, factor):
    levels = levels_of(base, ratios)
    scaled = rates_by_definition(factor * levels)
    for name, rate in rates_by_definition(levels).items():
        # a yearly rate on the edge may round to either side of it
        slack = 1.1e-3 if name == "rounded_rates_mean" else 1e-8
        assert scaled[name] == pytest.approx(rate, abs=slack), name


@repeatedly(
    base=BASES, ratios=st.lists(st.floats(0.25, 4.0), min_size=2, max_size=12), data=st.data()
)
def test_leaving_out_a_step_removes_exactly_its_rate(base, ratios, data):
    step = data.draw(st.integers(1, len(ratios)))
    levels = levels_of(base, ratios)
    kept = without_step(levels, step)
    assert yearly_rates(kept) == pytest.approx(np.delete(yearly_rates(levels), step - 1), abs=1e-9)


@repeatedly(first=st.floats(1.0, 1e6), ratio=st.floats(0.1, 10.0), years=st.integers(1, 30))
def test_compound_rate_leads_from_the_first_to_the_last_level(first, ratio, years):
    rate = compound_of_ends(first, first * ratio, years)
    assert first * (1.0 + rate) ** years == pytest.approx(first * ratio, rel=1e-9)


@pytest.mark.parametrize(
    ("value", "stated", "expected"),
    [
        (20.25, "20.3", "true"),
        (20.249999, "20.3", "false"),
        (20.349999, "20.3", "true"),
        (20.35, "20.3", "false"),
        (97.5, "98", "true"),
        (98.5, "98", "false"),
    ],
)
def test_rounding_is_half_up_to_the_decimals_stated(value, stated, expected):
    assert rounds_to(value, stated) == expected


def test_both_printed_values_of_1996_are_kept_apart(vintages):
    assert [series.values[1996] for series in vintages] == [48121.0, 47951.0]
    others = [{y: v for y, v in series.values.items() if y != 1996} for series in vintages]
    assert others[0] == others[1]
    used = series_of(process_raw().tables["national_disputes"], "cases_accepted")
    assert used.values[1996] == 48121.0
