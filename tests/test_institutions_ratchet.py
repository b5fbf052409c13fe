"""The target game against closed forms and brute force, its signs, and the bunching estimator."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.institutions.ratchet import simulated, statics
from analysis.institutions.ratchet.bunching import (
    Setting,
    bootstrap_masses,
    counts_by_county,
    estimate_bunching,
    excess_z,
    in_excess,
    outside_window,
    predictor,
)
from analysis.institutions.ratchet.counties import read_county_years
from analysis.institutions.ratchet.target_game import (
    Game,
    bunching_share,
    over_collection,
    solve,
)
from analysis.institutions.signs import sign_of
from analysis.messages import UserError

TARGETS = np.linspace(0.3, 1.0, 71)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("JIELI_LANG", "en")


# --- the game -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kappa", [0.8, 1.0, 1.3])
def test_without_a_future_the_solution_is_the_static_one(kappa):
    """Closed form: rho / kappa where the target is lower, the target up to where giving up pays."""
    game = Game(kappa=kappa, discount=0.0)
    found = solve(game, 201)
    free = game.rho / kappa
    loss = 0.5 * kappa * np.maximum(0.0, found.targets - free) ** 2
    expected = np.where(
        found.targets <= free, free, np.where(loss <= game.penalty, found.targets, free)
    )
    step = found.targets[1] - found.targets[0]
    clear = np.abs(loss - game.penalty) > kappa * step
    assert np.abs(found.collection - expected)[clear].max() <= step


def test_the_solution_satisfies_the_bellman_equation_written_out():
    game = Game(shock=0.2, growth=0.05, ratchet=0.4)
    found = solve(game, 61)
    grid, value = found.targets, found.value
    nodes, weights = np.polynomial.hermite_e.hermegauss(7)
    weights = weights / weights.sum()
    for i in (3, 12, 20, 35):
        best = -np.inf
        for x in grid:
            now = game.rho * x - game.kappa * x**2 / 2 - game.penalty * (x < grid[i])
            y = (grid[i] * (1 + game.growth) + game.ratchet * max(0.0, x - grid[i])) / (
                1 + game.capacity_growth
            )
            # the value after the shock is read on the grid twice, as the solution does
            ahead = np.interp(
                y, grid,
                [sum(w * np.interp(g / np.exp(0.2 * e - 0.02), grid, value)
                     for w, e in zip(weights, nodes, strict=True)) for g in grid],
            )  # fmt: skip
            best = max(best, now + game.discount * (1 + game.capacity_growth) * ahead)
        assert best == pytest.approx(value[i], abs=1e-6)


def test_a_higher_target_is_never_worth_more():
    assert np.diff(solve(Game(), 161).value).max() <= 1e-9


def test_the_ratchet_moves_collection_from_above_to_the_target():
    with_it, without = solve(Game()), solve(replace(Game(), ratchet=0.0))
    assert over_collection(with_it, TARGETS) < over_collection(without, TARGETS)
    assert bunching_share(with_it, TARGETS) > bunching_share(without, TARGETS) + 0.1


def test_nothing_bunches_without_a_penalty_and_the_ratchet_is_then_without_effect():
    free = solve(replace(Game(), penalty=0.0))
    assert bunching_share(free, TARGETS) < 0.05
    assert np.array_equal(
        free.collection, solve(replace(Game(), penalty=0.0, ratchet=0.0)).collection
    )


@pytest.mark.parametrize("change", [{"rho": 0.0}, {"penalty": -1.0}, {"discount": 0.99}])
def test_parameters_without_sense_are_refused(change):
    with pytest.raises(ValueError, match=r"=|below"):
        solve(replace(Game(), **change))


def test_signs_hold_and_vanish_with_their_assumption():
    table = statics.statics_table().set_index(["outcome", "parameter", "assumption"])
    assert table.loc[("over_collection", "ratchet", "penalty"), "sign"] == "-"
    assert table.loc[("over_collection", "discount", "ratchet"), "sign"] == "-"
    assert table.loc[("bunching", "penalty", "hard_targets"), "sign"] == "+"
    assert set(table["sign_without"]) == {"0"}
    assert (table["strict"] > 0).all()


def test_a_sign_is_read_from_the_numbers():
    assert [sign_of(v) for v in ([1.0, 0.0], [-1.0, 0.0], [0.0], [1.0, -1.0])] == [
        "+",
        "-",
        "0",
        "mixed",
    ]
    with pytest.raises(ValueError, match="no value"):
        sign_of([])


# --- bunching -----------------------------------------------------------------------------------


def counties_with_excess(share, n=8000, seed=1):
    rng = np.random.default_rng(seed)
    ratio, county = rng.normal(1.0, 0.25, n), rng.integers(0, n // 5, n)
    moved = rng.random(n) < share
    ratio[moved] = 1.0 + 0.03 * rng.random(moved.sum())
    return county, ratio, moved.sum()


def test_the_counterfactual_is_an_ordinary_polynomial_fit():
    setting = Setting()
    counts = np.random.default_rng(0).poisson(80, setting.bins).astype(float)
    outside = outside_window(setting)
    fitted = np.polynomial.Polynomial.fit(setting.middles[outside], counts[outside], setting.degree)
    assert predictor(setting) @ counts == pytest.approx(fitted(setting.middles), rel=1e-9)


def test_excess_and_counterfactual_agree_with_r():
    """Counts and window of this test given to R 4 (k = 0:49 - 25, out = k < -3 | k >= 2):

    fit <- lm(c ~ poly(m, 4), data = data.frame(c = counts[out], m = mid[out]))
    c0 <- predict(fit, data.frame(m = mid)); B <- sum((counts - c0)[k >= 0 & k < 2])
    c(B, B / mean(c0[k >= 0 & k < 2]))
    """
    setting = Setting()
    mid = setting.middles
    counts = np.round(60 + 25 * np.sin(3 * mid) + 10 * np.cos(11 * mid))
    counts[25:27] += (40, 12)
    # one county holds every year, another none, so that there are two
    ratio = np.repeat(mid, counts.astype(int))
    found = estimate_bunching(np.where(np.arange(len(ratio)) % 2, "a", "b"), ratio, draws=50)
    assert found.excess_count == pytest.approx(54.6511170185, abs=1e-8)
    assert found.excess_mass == pytest.approx(0.8650827095, abs=1e-8)


def test_a_known_excess_is_found():
    county, ratio, moved = counties_with_excess(0.05)
    found = estimate_bunching(county, ratio)
    error_of_count = found.std_error * found.excess_count / found.excess_mass
    assert found.excess_count == pytest.approx(moved, abs=4 * error_of_count)
    assert found.ci_low < found.excess_mass < found.ci_high
    assert found.ci_low > 0.5


def test_no_excess_is_found_where_there_is_none():
    found = estimate_bunching(*counties_with_excess(0.0)[:2])
    assert found.ci_low < 0.0 < found.ci_high


def test_bootstrap_and_closed_form_agree_on_the_error():
    county, ratio, _ = counties_with_excess(0.05, n=20_000)
    found = estimate_bunching(county, ratio, draws=999)
    codes = np.unique(county, return_inverse=True)[1]
    z = excess_z(codes, ratio, codes.max() + 1, found.setting)
    assert z == pytest.approx(found.excess_mass / found.std_error, rel=0.08)


def test_counties_not_rows_are_drawn():
    """Doubling every county's rows leaves b and its error as they are."""
    county, ratio, _ = counties_with_excess(0.05)
    once = estimate_bunching(county, ratio)
    twice = estimate_bunching(np.tile(county, 2), np.tile(ratio, 2))
    assert twice.excess_mass == pytest.approx(once.excess_mass)
    assert twice.std_error == pytest.approx(once.std_error)


def test_draws_are_the_seeds():
    county, ratio, _ = counties_with_excess(0.05)
    first, again, other = (estimate_bunching(county, ratio, seed=s).std_error for s in (1, 1, 2))
    assert first == again != other


def test_blocks_do_not_change_the_draws(monkeypatch):
    setting = Setting()
    counts = np.random.default_rng(0).poisson(2, (40, setting.bins)).astype(float)
    whole = bootstrap_masses(counts, predictor(setting), setting, 20, 7)
    monkeypatch.setattr("analysis.institutions.ratchet.bunching.BLOCK", 80)
    assert bootstrap_masses(counts, predictor(setting), setting, 20, 7) == pytest.approx(whole)


def test_exactly_the_target_counts_as_reached():
    setting = Setting()
    counts = counts_by_county(np.zeros(3, int), np.array([1.0, 0.1 * 3 / 0.3, 0.999]), 1, setting)
    assert counts[0, in_excess(setting)].tolist() == [2.0, 0.0]
    assert counts[0, setting.first - 1] == 1.0


def test_a_hundred_thousand_rows_take_seconds():
    import time

    county, ratio, _ = counties_with_excess(0.03, n=100_000)
    started = time.perf_counter()
    estimate_bunching(county, ratio, draws=199)
    assert time.perf_counter() - started < 10.0


@pytest.mark.parametrize(
    ("county", "ratio", "expected"),
    [
        (np.zeros(50), np.linspace(0.6, 1.4, 50), "two counties"),
        (np.arange(50), np.full(50, 1.01), "both sides"),
        (np.arange(50), np.linspace(1.1, 1.4, 50), "both sides"),
    ],
)
def test_ratios_that_allow_no_counterfactual_are_refused(county, ratio, expected):
    with pytest.raises(UserError, match=expected):
        estimate_bunching(county, ratio)


# --- a user's file ------------------------------------------------------------------------------

GOOD = "county,year,collected,target\nA,2014,370,350\nB,2014,90,100\nA,2015,380,375\n"


def test_a_file_of_counties_is_read(tmp_path):
    path = tmp_path / "counties.csv"
    path.write_text(GOOD)
    data = read_county_years(path)
    assert data.county.tolist() == ["A", "B", "A"]
    assert data.ratio == pytest.approx([370 / 350, 0.9, 380 / 375])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("target", "task", "missing target"),
        ("B,2014,90,100", "B,2014,-90,100", "row 3, column collected"),
        ("B,2014,90,100", "B,2014,90,0", "row 3, column target"),
        ("B,2014,90,100", "B,2014,many,100", "row 3, column collected"),
        ("B,2014,90,100", "B,2014,,100", "row 3, column collected"),
        ("B,2014,90,100", ",2014,90,100", "row 3, column county"),
        ("B,2014,90,100", "B,20.5,90,100", "row 3, column year"),
        ("A,2015,380,375", "A,2014,380,375", "row 4, columns county, year"),
        (GOOD[29:], "", "no rows"),
    ],
)
def test_a_bad_file_is_refused_with_what_was_expected(tmp_path, old, new, told):
    path = tmp_path / "counties.csv"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(UserError) as refused:
        read_county_years(path)
    assert told in str(refused.value)
    assert "counties.csv" in str(refused.value)


# --- simulated ----------------------------------------------------------------------------------


def test_simulated_panels_bunch_only_where_somebody_plays():
    rng = np.random.default_rng(3)
    shares = {}
    for regime in simulated.REGIMES:
        ratio = simulated.simulate(regime, 3000, 2, 0.5, rng).ratio
        shares[regime] = np.mean((ratio >= 1.0) & (ratio < 1.02))
    assert shares["neither"] < 0.05
    assert shares["penalty_only"] > 0.15
    assert shares["penalty_and_ratchet"] > shares["penalty_only"]


def test_power_is_reproducible_and_false_alarms_are_rare():
    table = simulated.power_table([300], [1, 3], [0.2], 20, 20170101)
    again = simulated.power_table([300], [1, 3], [0.2], 20, 20170101)
    pd.testing.assert_frame_equal(table, again)
    cell = table.set_index(["regime", "years"])
    assert cell.loc[("neither", 3), ["bunching_percent", "rule_percent"]].max() <= 20.0
    assert cell.loc[("penalty_and_ratchet", 3), "bunching_percent"] > 80.0
    assert cell.loc[("penalty_and_ratchet", 3), "rule_percent"] > 80.0
    assert cell.loc[("penalty_only", 3), "rule_percent"] <= 25.0
    assert pd.isna(cell.loc[("penalty_only", 1), "rule_percent"])
