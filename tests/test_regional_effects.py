"""Provincial regressions: the planted truth, errors by hand, and what is refused for want of data.

The data are simulated; they say nothing of China.
"""

import numpy as np
import pandas as pd
import pytest
from regional_twin import (
    DISPUTES_ON_DENSITY,
    EFFECT_OF_DEPOSIT,
    WAGE_ON_DENSITY,
    tidy_twin,
)

from analysis.disputes.regional import in_base_units
from analysis.effects.fitting import estimates
from analysis.effects.inference.wild_bootstrap import weights
from analysis.effects.regional import panel_of, plans, regional_results, study_of
from analysis.effects.regional.panel import COLUMNS, from_year_means


@pytest.fixture(scope="module")
def twin():
    return in_base_units(tidy_twin())


@pytest.fixture(scope="module")
def found(twin):
    return regional_results(twin)


@pytest.fixture(scope="module")
def adopting():
    return in_base_units(tidy_twin(adoption=True))


@pytest.fixture(scope="module")
def events(adopting):
    return regional_results(adopting)


def planned(name):
    return next(one for one in plans() if one.equation.id == name)


def row(found, equation, term="density", component=""):
    table = found.estimates
    chosen = table[(table["equation"] == equation) & (table["term"] == term)]
    return chosen[chosen["component"].fillna("") == component].iloc[0]


# --- the panel --------------------------------------------------------------------------------


def test_the_panel_has_rates_from_figures_of_one_place_and_year(twin):
    panel = panel_of(twin)
    assert list(panel.columns) == COLUMNS
    wide = twin.pivot(index=["code", "year"], columns="variable", values="value").reset_index()
    assert np.allclose(panel["dispute_rate"], 1e4 * wide["disputes_accepted"] / wide["employment"])
    assert np.allclose(panel["density"], wide["union_members"] / wide["employment"])


def test_prefectures_and_the_nation_are_no_rows_of_it(twin):
    more = pd.concat([twin.assign(code="000000"), twin.assign(code="320500")]).drop_duplicates(
        ["code", "year", "variable"]
    )
    assert set(panel_of(pd.concat([twin, more]))["code"]) == set(twin["code"])


def test_an_unknown_adoption_date_is_missing_and_never_is_zero(adopting):
    known = adopting[~((adopting["variable"] == "wage_deposit_year")
                       & (adopting["code"] == "110000"))]  # fmt: skip
    dates = panel_of(known).groupby("code")["wage_deposit_year"].first()
    assert np.isnan(dates["110000"])
    assert (dates == 0.0).sum() > 0


def test_deviations_from_year_means_sum_to_zero_in_every_year(twin):
    columns = ("ln_wage", "density")
    moved = from_year_means(panel_of(twin), columns)
    assert np.allclose(moved.groupby("year")[list(columns)].mean(), 0.0, atol=1e-12)


# --- the planted truth ------------------------------------------------------------------------


@pytest.mark.parametrize("sample", ["all", "no_recount"])
@pytest.mark.parametrize(
    ("outcome", "truth"),
    [("ln_dispute_rate", DISPUTES_ON_DENSITY), ("ln_wage", WAGE_ON_DENSITY)],
)
def test_the_planted_coefficients_are_found(found, outcome, truth, sample):
    for family in ("fe", "fe_wild", "fe_gdp", "cre"):
        one = row(found, f"{family}_{outcome}_{sample}")
        assert abs(one["estimate"] - truth) < 3.0 * one["std_error"]
        assert one["std_error"] < 0.2
        assert one["n_clusters"] == 31
        assert one["data_kind"] == "regional"


def test_the_recount_years_are_out_where_the_row_says_so(found, twin):
    years = twin["year"].between(1999, 2003)
    left = len(twin[~years].drop_duplicates(["code", "year"]))
    assert row(found, "fe_ln_wage_no_recount")["n_obs"] == left
    assert row(found, "fe_ln_wage_all")["n_obs"] == len(twin.drop_duplicates(["code", "year"]))


def test_correlated_random_effects_repeat_the_within_estimate_and_show_why(found):
    within, cre = (row(found, f"{name}_ln_wage_all") for name in ("fe", "cre"))
    assert cre["estimate"] == pytest.approx(within["estimate"], rel=1e-6)
    # places with denser unions have higher wages in the simulation: the means say so
    assert row(found, "cre_ln_wage_all", "mean(density)")["p_value"] < 0.05


def test_the_planted_effect_of_adoption_is_found(events):
    for name in ("callaway_santanna", "sun_abraham"):
        one = row(events, f"{name}_wage_deposit_ln_dispute_rate", "att", "simple")
        assert abs(one["estimate"] - EFFECT_OF_DEPOSIT) < 3.0 * one["std_error"]
        nothing = row(events, f"{name}_wage_deposit_ln_wage", "att", "simple")
        assert abs(nothing["estimate"]) < 3.0 * nothing["std_error"]


def test_every_event_study_comes_with_a_test_of_the_years_before(events):
    ids = [one.equation.id for one in plans() if one.dates == "wage_deposit_year"]
    table = events.estimates
    tests = table[table["component"] == "pre_trends:event"].set_index("equation")
    assert set(tests.index) == set(ids)
    assert tests["p_value"].between(0.0, 1.0).all()


def test_the_dynamic_panel_finds_the_persistence_that_was_planted():
    rng = np.random.default_rng(3)
    codes, years = [f"{i:02d}0000" for i in range(11, 42)], range(1990, 2024)
    cells = []
    for code in codes:
        place, y, d = rng.normal(), 0.0, 0.3
        for year in (*range(1970, 1990), *years):
            d = 0.1 + 0.7 * d + 0.1 * rng.normal()
            y = 0.2 * place + 0.5 * y + 1.0 * d + 0.2 * rng.normal()
            if year in years:
                cells += [(code, year, "average_wage", np.exp(8.0 + y)),
                          (code, year, "union_members", d + 10.0),
                          (code, year, "employment", 1.0)]  # fmt: skip
    frame = pd.DataFrame(cells, columns=["code", "year", "variable", "value"])
    found = regional_results(frame.assign(status="verified", private=False))
    lag = row(found, "dynamic_ln_wage_all", "lag(ln_wage)")
    assert abs(lag["estimate"] - 0.5) < 3.0 * lag["std_error"]
    assert lag["std_error"] < 0.15
    density = row(found, "dynamic_ln_wage_all")
    assert abs(density["estimate"] - 1.0) < 3.0 * density["std_error"]


# --- errors -----------------------------------------------------------------------------------


def dummies(panel):
    """The design by hand: density, a dummy a province and, but for one, a year."""
    code = pd.get_dummies(panel["code"]).to_numpy(float)
    year = pd.get_dummies(panel["year"], drop_first=True).to_numpy(float)
    return np.column_stack([panel["density"], code, year]), code.shape[1]


def clustered_by_hand(design, response, codes, counted):
    inverse = np.linalg.inv(design.T @ design)
    estimate = inverse @ design.T @ response
    scores = pd.DataFrame(design * (response - design @ estimate)[:, None])
    sums = scores.groupby(codes).sum().to_numpy()
    n, groups = len(response), len(sums)
    factor = groups / (groups - 1) * (n - 1) / (n - counted)
    variance = factor * inverse @ (sums.T @ sums) @ inverse
    return estimate[0], np.sqrt(variance[0, 0])


def test_clustered_errors_are_those_of_the_dummies_by_hand(found, twin):
    panel = panel_of(twin)
    design, provinces = dummies(panel)
    # the provinces' effects are nested in the clusters: of them only the constant counts
    estimate, error = clustered_by_hand(
        design, panel["ln_wage"].to_numpy(), panel["code"].to_numpy(),
        design.shape[1] - (provinces - 1),
    )  # fmt: skip
    one = row(found, "fe_ln_wage_all")
    assert one["estimate"] == pytest.approx(estimate, rel=1e-8)
    assert one["std_error"] == pytest.approx(error, rel=1e-6)


def test_the_wild_bootstrap_is_the_restricted_one_refitted_draw_by_draw(found, twin):
    """Every draw refitted from the rows; the weights are the estimator's first 999."""
    panel = panel_of(twin)
    design, provinces = dummies(panel)
    counted, y = design.shape[1] - (provinces - 1), panel["ln_wage"].to_numpy()
    codes, groups = pd.factorize(panel["code"])
    estimate, error = clustered_by_hand(design, y, codes, counted)
    others = design[:, 1:]
    fitted = others @ np.linalg.lstsq(others, y, rcond=None)[0]
    drawn, _ = weights(len(groups), 299)
    beyond = 0
    for signs in drawn:
        again = clustered_by_hand(design, fitted + signs[codes] * (y - fitted), codes, counted)
        beyond += abs(again[0] / again[1]) >= abs(estimate / error)
    p_value = (1 + beyond) / (1 + len(drawn))
    one = row(found, "fe_wild_ln_wage_all")
    spread = np.sqrt(max(p_value * (1 - p_value), 0.01) / len(drawn))
    assert abs(one["p_value"] - p_value) < 4.0 * spread
    assert one["ci_low"] < one["estimate"] < one["ci_high"]
    assert one["std_error"] == row(found, "fe_ln_wage_all")["std_error"]


@pytest.mark.slow
def test_intervals_of_the_within_estimator_cover_the_truth_as_often_as_they_say():
    equation = planned("fe_ln_wage_all").equation
    covered = 0
    for seed in range(200):
        panel = panel_of(in_base_units(tidy_twin(seed)))
        table = estimates(study_of((equation,)), panel)
        one = table[table["term"] == "density"].iloc[0]
        covered += one["ci_low"] <= WAGE_ON_DENSITY <= one["ci_high"]
    # the binomial band of 99.9 % around 95 % in 200
    assert 178 <= covered <= 198
