"""Twins: the same by seed, in the schema, with the published marginals, and true to their truth."""

import numpy as np
import pandas as pd
import pytest

from analysis.messages import UserError
from analysis.sources.surveys import violations
from analysis.sources.twins import simulate, twin_names
from analysis.sources.twins.draws import effect_on_share
from analysis.sources.twins.people import INSURANCES
from analysis.sources.twins.world import read_world

HARMONISED = ["worker_panel", "repeated_cross_section", "migrants_in_firms"]
SMALL = {"worker_panel": 300, "repeated_cross_section": 100, "province_panel": 10}
OWN = ["city", "minimum_wage", "violations"]


@pytest.mark.parametrize("name", twin_names())
def test_a_seed_gives_the_same_twin_and_another_seed_another(name):
    size = SMALL.get(name, 400)
    first, again, other = (simulate(name, seed, size) for seed in (5, 5, 6))
    pd.testing.assert_frame_equal(first.frame, again.frame)
    pd.testing.assert_frame_equal(first.truth, again.truth)
    assert not first.frame.equals(other.frame)


@pytest.mark.parametrize("name", twin_names())
def test_every_row_says_that_it_is_simulated(name):
    assert simulate(name, size=SMALL.get(name, 400)).frame["simulated"].all()


@pytest.mark.parametrize("name", HARMONISED)
def test_a_twin_of_persons_keeps_the_schema(name):
    frame = simulate(name, size=SMALL.get(name, 400)).frame
    assert violations(frame.drop(columns=OWN, errors="ignore")) == []


@pytest.mark.parametrize("name", twin_names())
def test_every_number_of_a_world_names_its_source(name):
    world = read_world(name)
    assert all(source for part in world.sources.values() for source in part.values())


def test_unknown_twins_and_empty_ones_are_refused():
    with pytest.raises(UserError, match=r"worker_panle.*worker_panel"):
        simulate("worker_panle")
    with pytest.raises(UserError, match="not 0"):
        simulate("worker_panel", size=0)


# --- published marginals of CFPS 2018 (official codebook, release 202012, unweighted) -----------


@pytest.fixture(scope="module")
def last():
    frame = simulate("worker_panel", size=20_000).frame
    return frame[frame["wave"] == 2018]


@pytest.mark.parametrize(("field", "share"), [
    ("union_member", 2420 / 30204), ("rural_hukou", 22585 / 30549), ("married", 23938 / 30592),
    ("female", 16550 / 33097),
])  # fmt: skip
def test_shares_of_persons_are_the_published_ones_within_a_point(last, field, share):
    assert last[field].mean() == pytest.approx(share, abs=0.01)


@pytest.mark.parametrize(("field", "share"), [
    ("contract", 5435 / 11208), ("pension", 4298 / 13537), ("medical_insurance", 4369 / 13537),
    ("unemployment_insurance", 3402 / 13537), ("injury_insurance", 3942 / 13537),
    ("maternity_insurance", 3061 / 13537), ("housing_fund", 2676 / 9628),
])  # fmt: skip
def test_shares_of_employees_are_the_published_ones_within_two_points(last, field, share):
    assert last[field].mean() == pytest.approx(share, abs=0.02)


def test_the_mean_wage_and_hours_are_the_published_ones(last):
    assert last["wage_month_yuan"].mean() == pytest.approx(3775.93, rel=0.02)
    assert last["hours_week"].mean() == pytest.approx(46.35, abs=0.5)


@pytest.mark.parametrize(("field", "counts", "tolerance"), [
    ("education", {"none": 9486, "primary": 7961, "junior": 10216, "senior": 5400, "college": 2196,
                   "bachelor": 1640, "postgraduate": 136}, 0.01),
    ("ownership", {"state_organ": 649, "public_institution": 953, "state_enterprise": 1479,
                   "private": 7769, "foreign": 337, "other": 1236}, 0.015),
])  # fmt: skip
def test_categories_have_the_published_shares(last, field, counts, tolerance):
    published = pd.Series(counts) / sum(counts.values())
    drawn = last[field].value_counts(normalize=True).reindex(published.index)
    np.testing.assert_allclose(drawn, published, atol=tolerance)


def test_employees_are_the_published_share_of_persons(last):
    assert last["employee"].mean() == pytest.approx(10457 / 30398, abs=0.015)


# --- truth ------------------------------------------------------------------------------------


def test_membership_is_selected_so_that_the_raw_gap_is_no_effect():
    twin = simulate("worker_panel", size=20_000)
    working = twin.frame[twin.frame["employee"] == 1]
    log_wage = np.log(working["wage_month_yuan"]) - 0.08 * (working["wave"] - 2018)
    gap = log_wage.groupby(working["union_member"]).mean().diff().iloc[-1]
    assert gap > twin.truth.set_index("outcome")["effect"]["ln_wage"] + 0.1


def test_the_truth_of_a_share_is_what_switching_membership_does():
    rng = np.random.default_rng(3)
    index, noise = rng.normal(size=400_000), rng.normal(size=400_000)
    on = index > 0.5
    switched = (index + 0.4 + noise > 0).mean(where=on) - (index + noise > 0).mean(where=on)
    assert effect_on_share(index, 0.4, on) == pytest.approx(switched, abs=0.002)


def test_insurances_and_contract_have_a_true_effect():
    truth = simulate("worker_panel").truth.set_index("outcome")["effect"]
    assert (truth[["contract", *INSURANCES]] > 0.02).all()


def test_members_of_migrants_differ_from_covered_ones_by_the_truth():
    twin = simulate("migrants_in_firms", size=40_000)
    truth = twin.truth.set_index(["outcome", "contrast"])["effect"]
    hours = twin.frame.groupby("union_status")["hours_week"].mean()
    assert hours["member"] - hours["uncovered"] == pytest.approx(
        truth["hours_week", "member_vs_uncovered"], abs=0.35)  # fmt: skip
    fewer = twin.frame.groupby("union_status")["violations"].mean()
    assert fewer["member"] - fewer["uncovered"] == pytest.approx(
        truth["violations", "member_vs_uncovered"], abs=0.04)  # fmt: skip


def test_firms_are_as_many_as_the_survey_in_as_many_cities():
    frame = simulate("firms_in_cities").frame
    assert len(frame) == 1268 and frame["city"].nunique() == 12


def test_provinces_have_every_year():
    frame = simulate("province_panel").frame
    assert len(frame) == 31 * 15 and frame["province"].str.fullmatch(r"\d{2}0000").all()
