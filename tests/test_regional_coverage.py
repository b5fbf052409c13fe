"""What is not fitted for want of data, and the reason that is given, in both languages."""

import numpy as np
import pandas as pd
import pytest
from regional_twin import tidy_twin

from analysis.disputes.regional import in_base_units
from analysis.effects.regional import panel_of, plans, regional_results
from analysis.effects.regional.coverage import coverage_of
from analysis.effects.regional.plan import REGIONS
from analysis.pipeline.tasks.regional import ESTIMATORS


@pytest.fixture(scope="module")
def twin():
    return in_base_units(tidy_twin())


@pytest.fixture(scope="module")
def found(twin):
    return regional_results(twin)


@pytest.fixture(scope="module")
def adopting():
    return in_base_units(tidy_twin(adoption=True))


def planned(name):
    return next(one for one in plans() if one.equation.id == name)


def reasons(rows):
    coverage = regional_results(rows).coverage
    assert len(coverage) == len(plans())
    return coverage.set_index("exhibit")


def test_every_planned_equation_is_fitted_or_has_its_reason_in_both_languages(twin, found):
    coverage = found.coverage
    assert list(coverage["exhibit"]) == [one.equation.id for one in plans()]
    for one in coverage.to_dict("records"):
        fitted = (found.estimates["equation"] == one["exhibit"]).any()
        assert one["made"] == fitted == (one["reason_en"] == "") == (one["reason_zh"] == "")


def test_without_adoption_dates_no_event_study(found):
    events = found.coverage[found.coverage["family"].isin(["callaway_santanna", "sun_abraham"])]
    assert not events["made"].any()
    assert events["reason_en"].str.startswith("no figures").all()


def test_too_few_provinces_are_counted_in_the_reason(twin):
    few = twin[twin["code"].isin(sorted(set(twin["code"]))[: REGIONS - 1])]
    found = reasons(few)
    assert not found["made"].any()
    assert f"needs {REGIONS} provinces" in found.loc["fe_ln_wage_all", "reason_en"]
    assert f"there are {REGIONS - 1}" in found.loc["fe_ln_wage_all", "reason_en"]
    assert f"现有 {REGIONS - 1} 个" in found.loc["fe_ln_wage_all", "reason_zh"]


def test_too_few_years_are_counted_in_the_reason(twin):
    found = reasons(twin[twin["year"] > 2020])
    assert not found["made"].any()
    assert "there are 3" in found.loc["fe_ln_wage_all", "reason_en"]


def test_figures_that_never_meet_are_said_not_to(twin):
    apart = twin[(twin["year"] < 2000) | (twin["variable"] != "average_wage")]
    apart = apart[(apart["year"] >= 2000) | (apart["variable"] == "average_wage")]
    assert "no province and year" in reasons(apart).loc["fe_ln_wage_all", "reason_en"]


def test_what_one_figure_lacks_does_not_stop_the_others(twin):
    found = reasons(twin[twin["variable"] != "disputes_accepted"])
    assert not found.filter(like="ln_dispute_rate", axis=0)["made"].any()
    assert found.loc["fe_ln_wage_all", "made"]


def test_an_estimators_own_refusal_is_the_reason_given(twin):
    flat = twin.copy()
    members = flat["variable"] == "union_members"
    employed = flat[flat["variable"] == "employment"].set_index(["code", "year"])["value"]
    keys = pd.MultiIndex.from_frame(flat.loc[members, ["code", "year"]])
    flat.loc[members, "value"] = 0.5 * employed.reindex(keys).to_numpy()
    one = reasons(flat).loc["fe_ln_wage_all"]
    assert not one["made"]
    assert "density" in one["reason_en"]
    assert one["reason_zh"] != one["reason_en"]


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        (np.full(31, 0.0), "adopt after their first year"),
        (np.full(31, 2004.0), "different adoption years"),
        (np.where(np.arange(31) < 30, 2004.0, 2008.0), "never or later adopt"),
    ],
)
def test_event_studies_say_what_their_dates_lack(adopting, dates, words):
    rows = adopting.copy()
    known = rows["variable"] == "wage_deposit_year"
    rows.loc[known, "value"] = dates
    one = planned("callaway_santanna_wage_deposit_ln_wage")
    assert words in coverage_of(one, panel_of(rows)).reason.en


def test_the_tasks_code_names_the_estimators_that_are_used():
    assert {one.equation.estimator for one in plans()} == set(ESTIMATORS)
    assert {step.name for one in plans() for step in one.equation.after} == {"pre_trends"}


def test_no_two_equations_share_a_name():
    ids = [one.equation.id for one in plans()]
    assert len(set(ids)) == len(ids)
