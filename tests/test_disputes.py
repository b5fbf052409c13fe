"""Breaks, counterfactuals, rates, and the inconsistencies that are reported and not mended."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.regression.linear_model import OLS
from statsmodels.tsa.statespace.exponential_smoothing import ExponentialSmoothing
from statsmodels.tsa.statespace.sarimax import SARIMAX

from analysis.disputes import (
    breaks_table,
    composition_table,
    consistency_table,
    counterfactual,
    counterfactual_table,
    rates_table,
)
from analysis.disputes.breaks import zivot_andrews_test
from analysis.sources import YearlySeries, process_raw, series_of
from analysis.status import weakest

URBAN = (
    "urban_employed_10k_before_2000_census",
    "urban_employed_10k_before_2010_census",
    "urban_employed_10k_rev",
)
PARTS = {
    "settlement": ("settled_mediation", "settled_award", "settled_other"),
    "outcome": ("won_worker", "won_both_partial", "won_employer"),
}
GAPS = {
    "parts_settlement": {1998: -261, 2003: -10, 2004: -20},
    "parts_outcome": {1998: -4336, 1999: -5126, 2000: -9198, 2003: -200, 2004: -5690},
}


@pytest.fixture(scope="module")
def tables():
    return process_raw().tables


@pytest.fixture(scope="module")
def disputes(tables) -> dict[str, YearlySeries]:
    frame = tables["national_disputes"]
    return {name: series_of(frame, name) for name in set(frame["variable"])}


@pytest.fixture(scope="module")
def denominators(tables) -> dict[str, YearlySeries]:
    return {n: series_of(tables["national_denominators"], n) for n in (*URBAN, "union_members_10k")}


@pytest.fixture(scope="module")
def rates(disputes, denominators) -> pd.DataFrame:
    return rates_table(disputes["cases_accepted"], disputes["collective_cases"], denominators)


@pytest.fixture(scope="module")
def paths(disputes) -> pd.DataFrame:
    return counterfactual_table(disputes["cases_accepted"])


@pytest.fixture(scope="module")
def logs(disputes):
    return np.log(disputes["cases_accepted"].levels(1996, 2007).to_numpy())


def expected_cases(paths, method):
    return paths.loc[paths["method"] == method, "expected_cases"].to_numpy()


@pytest.mark.parametrize("check", GAPS)
def test_parts_that_do_not_add_up_are_reported_and_no_others(disputes, check):
    table = consistency_table(disputes)
    rows = table[(table["check"] == check) & (table["difference"] != 0)]
    assert dict(zip(rows["year"], rows["difference"], strict=True)) == GAPS[check]


def test_sums_that_were_made_to_fit_prove_nothing(disputes):
    table = consistency_table(disputes).set_index(["check", "year"])
    assert [y for c, y in table.index[~table["proves"]] if c == "parts_settlement"] == [1996, 1997]
    assert table.loc["parts_outcome", "proves"].all()


def test_workers_a_case_of_1996_exceed_what_the_definition_allows(disputes):
    table = consistency_table(disputes)
    rows = table[table["check"] == "workers_per_individual_case"].set_index("year")
    assert rows.loc[1996, "implied"] == pytest.approx(96917 / 44971)
    assert rows.loc[1996, "implied"] == pytest.approx(2.16, abs=0.005)
    assert list(rows.index[rows["difference"] != 0]) == [1996]
    assert max(rows.index) < 2008


def test_carry_over_of_1999_does_not_lead_to_that_of_2001(disputes):
    table = consistency_table(disputes).set_index(["check", "year"])
    row = table.loc[("carry_over", 2001)]
    flow_of_2000 = disputes["cases_accepted"].values[2000] - disputes["cases_settled"].values[2000]
    assert row["printed"] == 8739
    assert row["implied"] == pytest.approx(2742 + flow_of_2000)
    assert row["difference"] == pytest.approx(2742 + flow_of_2000 - 8739)


def test_nothing_published_is_mended(tables, disputes, small_once):
    raw = tables["national_disputes"]
    printed = raw[raw["in_use"]].set_index(["variable", "year"])["value"]
    table = pd.read_csv(small_once.path("reports/results/composition.csv"))
    assert [printed[row.part, row.year] for row in table.itertuples()] == list(table["cases"])
    for (breakdown, year), mine in table.groupby(["breakdown", "year"]):
        gap = sum(printed[part, year] for part in PARTS[breakdown]) - printed["cases_settled", year]
        assert set(mine["gap"]) == {gap}
        total = 100.0 * (1.0 + gap / printed["cases_settled", year])
        assert mine["share_percent"].sum() == pytest.approx(total, abs=1e-5)
    assert len(composition_table(disputes)) == len(table)


def test_no_rate_mixes_vintages_of_a_denominator(tables, rates, disputes):
    raw = tables["national_denominators"]
    accepted = disputes["cases_accepted"]
    for name in (*URBAN, "union_members_10k"):
        persons = raw[(raw["variable"] == name) & raw["in_use"]].set_index("year")
        mine = rates[rates["denominator"] == name].set_index("year")
        assert set(mine.index) == set(persons.index) & set(accepted.values)
        for year, row in mine.iterrows():
            cases = accepted.values[year]
            assert row["value"] == pytest.approx(cases / persons.loc[year, "value"])
            statuses = (accepted.statuses[year], persons.loc[year, "status"])
            assert row["inputs_status"] == weakest(statuses)
    assert not rates.duplicated(["rate", "denominator", "year"]).any()


def test_urban_rates_of_one_year_differ_by_vintage(rates):
    both = rates[(rates["year"] == 1996) & rates["denominator"].isin(URBAN)]
    assert both["value"].nunique() == len(both) == 2


def test_collective_share_marks_the_period_of_its_definition(rates, disputes):
    share = rates[rates["rate"] == "collective_share"].set_index("year")
    before, after = (
        set(share.loc[m, "definition_period"]) for m in (share.index < 2008, share.index >= 2008)
    )
    assert before == {"3 or more workers"}
    assert after == {"10 or more workers (unverified)"}
    ratio = disputes["collective_cases"].values[2007] / disputes["cases_accepted"].values[2007]
    assert share.loc[2007, "value"] == pytest.approx(100.0 * ratio)


@pytest.mark.parametrize(
    ("method", "cases", "percent"),
    [("log_linear_trend", 493953, 40.4), ("arithmetic_growth_path", 421430, 64.6)],
)
def test_deterministic_paths_of_2008(paths, method, cases, percent):
    row = paths[(paths["method"] == method) & (paths["year"] == 2008)].iloc[0]
    assert round(row["expected_cases"]) == cases
    assert row["excess_percent"] == pytest.approx(percent, abs=0.05)
    assert np.isnan(row["low_95"]) and np.isnan(row["high_95"])


def test_all_four_paths_are_shown_for_every_year(paths):
    methods = {"log_linear_trend", "arithmetic_growth_path", "ets_a_ad_n", "arima_110_drift"}
    assert set(paths["method"]) == methods
    assert all(set(mine["year"]) == set(range(2008, 2013)) for _, mine in paths.groupby("method"))


@pytest.mark.parametrize("method", ["ets_a_ad_n", "arima_110_drift"])
def test_prediction_intervals_hold_their_own_expectation_and_widen(paths, method):
    mine = paths[paths["method"] == method]
    assert (mine["low_95"] < mine["expected_cases"]).all()
    assert (mine["expected_cases"] < mine["high_95"]).all()
    assert np.log(mine["high_95"] / mine["low_95"]).is_monotonic_increasing


def test_arima_forecast_is_that_of_an_ar1_on_the_differences(paths, logs):
    fitted = SARIMAX(np.diff(logs), order=(1, 0, 0), trend="c").fit(disp=False, maxiter=500)
    forecast = np.exp(logs[-1] + np.cumsum(fitted.forecast(5)))
    assert expected_cases(paths, "arima_110_drift") == pytest.approx(forecast, rel=5e-4)


def test_the_arima_path_does_not_depend_on_where_the_search_stops(disputes, monkeypatch):
    """Another processor stops elsewhere; here the search is cut short after two steps."""
    from statsmodels.tsa.arima.model import ARIMA

    fit, levels = ARIMA.fit, disputes["cases_accepted"].levels(1996, 2007)
    whole = counterfactual._arima(levels)
    short = {"method_kwargs": {"maxiter": 2, "disp": 0}}
    monkeypatch.setattr(ARIMA, "fit", lambda self: fit(self, **short))
    assert np.allclose(counterfactual._arima(levels), whole, rtol=1e-7)


def test_ets_forecast_is_that_of_the_state_space_form(paths, logs):
    model = ExponentialSmoothing(logs, trend=True, damped_trend=True)
    forecast = np.exp(model.fit(disp=False, maxiter=2000).forecast(5))
    assert expected_cases(paths, "ets_a_ad_n") == pytest.approx(forecast, rel=2e-3)


def test_paths_are_fitted_on_1996_to_2007_only(disputes, paths):
    changed = disputes["cases_accepted"]
    for year in (1995, *range(2008, 2013)):
        changed = changed.with_value(year, 3.0 * changed.values[year])
    again = counterfactual_table(changed)
    assert again["expected_cases"].tolist() == paths["expected_cases"].tolist()
    assert again["actual_cases"].tolist() != paths["actual_cases"].tolist()


def test_chow_statistic_is_the_f_test_of_a_dummy_and_its_trend(disputes):
    series = disputes["cases_accepted"]
    levels = series.levels(start=1994)
    late, trend = (levels.index >= 2008).astype(float), levels.index - 1994.0
    design = np.column_stack([np.ones(len(levels)), trend, late, late * trend])
    test = OLS(np.log(levels.to_numpy()), design).fit().f_test("x2 = 0, x3 = 0")
    row = breaks_table(series).set_index("test").loc["chow_2008"]
    assert row["statistic"] == pytest.approx(float(test.fvalue), rel=1e-8)
    assert row["p_value"] == pytest.approx(float(test.pvalue), rel=1e-6)
    assert row["n_obs"] == 26


@pytest.mark.parametrize("missing", [1995, 2008, 2018])
def test_breaks_refuse_a_series_with_a_missing_year(disputes, missing):
    series = disputes["cases_accepted"]
    values = {year: value for year, value in series.values.items() if year != missing}
    with pytest.raises(ValueError, match="missing year"):
        breaks_table(YearlySeries("cases_accepted", values, series.statuses))


def simulated(first_of_new: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    draw, years = np.random.default_rng(seed), np.arange(1994, 2020)
    after = years >= first_of_new
    return 10.0 + 0.05 * (years - 1994) + after + draw.normal(0.0, 0.05, 26), years


@pytest.mark.parametrize("first_of_new", [2005, 2008])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_zivot_andrews_names_the_first_year_of_the_new_regime(first_of_new, seed):
    assert zivot_andrews_test(*simulated(first_of_new, seed))["break_year"] == first_of_new


def test_zivot_andrews_answers_whatever_lags_the_series_calls_for(disputes):
    levels = disputes["cases_accepted"].levels(start=1994)
    years, failed = levels.index.to_numpy(), []
    for seed in range(200):
        noise = np.random.default_rng(seed).normal(0.0, 0.03, len(levels))
        try:
            zivot_andrews_test(np.log(levels.to_numpy()) + noise, years)
        except ValueError as error:
            failed.append(f"{seed}: {error}")
    assert failed == []
