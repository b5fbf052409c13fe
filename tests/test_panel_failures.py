"""Panel estimators: what must not change an estimate, counts of parameters, and refusals."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from linearmodels import RandomEffects
from test_panel import VARYING, did, exog, fitted, outcome, unbalanced, wage, wages

from analysis.effects.estimators.fixed_effects import nested_in_clusters, parameters_of
from analysis.messages import UserError

WITHIN = ("fixed_effects", "first_difference", "random_effects", "correlated_random_effects")


def panel(seed=1, persons=40, periods=5):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {"i": np.repeat(np.arange(persons), periods), "t": np.tile(np.arange(periods), persons)}
    )
    frame["u"] = rng.normal(size=persons)[frame["i"]]
    frame["d"] = (rng.normal(size=len(frame)) + frame["u"] > 0.3) * 1.0
    frame["x"] = rng.normal(size=len(frame)) + frame["u"]
    frame["z"] = rng.normal(size=persons)[frame["i"]]
    frame["y"] = frame["d"] + 0.5 * frame["x"] + 2 * frame["u"] + rng.normal(size=len(frame))
    return frame


def fit(frame, estimator, controls=("x",), treatment=("d",), **more):
    return fitted(frame, "y", estimator, controls, treatment, entity="i", time="t", **more)


@pytest.mark.parametrize("frame", [wages(), unbalanced()], ids=["balanced", "unbalanced"])
def test_mundlak_is_fixed_effects(frame):
    fixed, _ = wage("fixed_effects", VARYING, frame=frame)
    mundlak, extras = wage("correlated_random_effects", VARYING, frame=frame)
    for term in ("union", *VARYING):
        assert mundlak.loc[term, "estimate"] == pytest.approx(
            fixed.loc[term, "estimate"], abs=1e-10
        )
    assert extras["wald_df"] == sum(term.startswith("mean(") for term in mundlak.index) >= 3


def test_mundlak_test_is_linearmodels_wald():
    x = exog(wages(), VARYING, True).assign(const=1.0)
    means = x[["union", *VARYING]].groupby(level=0).transform("mean").add_prefix("m_")
    model = RandomEffects(outcome(wages()), pd.concat([x, means], axis=1))
    for settings_, reference in (
        ({"vcov": "classical"}, model.fit()),
        (
            {"vcov": "cluster", "cluster": ("nr",)},
            model.fit(cov_type="clustered", cluster_entity=True, group_debias=True),
        ),
    ):
        rows, extras = wage("correlated_random_effects", VARYING, **settings_)
        test = reference.wald_test(formula=[f"{name} = 0" for name in means])
        assert extras["wald_chi2"] == pytest.approx(test.stat, rel=1e-8)
        assert extras["wald_df"] == 3
        assert extras["wald_p"] == pytest.approx(test.pval, rel=1e-6)
        assert rows.loc["mean(union)", "estimate"] == pytest.approx(reference.params["m_union"])


def test_hausman_leaves_year_dummies_out_and_says_when_it_has_no_law():
    _, extras = wage("fixed_effects", VARYING, options={"hausman": True})
    assert extras["hausman_df"] == 3 and 0 < extras["hausman_p"] < 1
    for seed in range(50):
        rows, extras = fit(panel(seed, 12, 3), "fixed_effects", options={"hausman": True})
        if "hausman_p" not in extras:
            assert "not positive definite" in rows["note"].iloc[0]
            return
    pytest.fail("no panel without a positive definite difference was drawn")


def test_leave_one_entity_out_is_brute_force():
    frame = panel(persons=20)
    for estimator in ("fixed_effects", "first_difference"):
        rows, _ = fit(frame, estimator, vcov="CRV3", cluster=("i",))
        without = [
            fit(frame[frame["i"] != i], estimator)[0].loc["d", "estimate"] for i in range(20)
        ]
        spread = np.square(np.array(without) - rows.loc["d", "estimate"]).sum() * 19 / 20
        assert rows.loc["d", "std_error"] == pytest.approx(np.sqrt(spread), rel=1e-9)


def test_two_periods_make_differences_and_fixed_effects_one():
    frame = panel(periods=2)
    frame["later"] = (frame["t"] == 1).astype(float)
    several = {"vcov": "cluster", "cluster": ("i",)}
    fixed, _ = fit(frame, "fixed_effects", ("x", "later"), **several)
    changed, _ = fit(frame, "first_difference", ("x", "later"), **several)
    # k counts the constant that deviations from means have and differences have not
    factor = np.sqrt((80 - 3) / (80 - 3 - 1))
    for term in ("d", "x"):
        assert fixed.loc[term, "estimate"] == pytest.approx(changed.loc[term, "estimate"])
        errors = fixed.loc[term, "std_error"], changed.loc[term, "std_error"] * factor
        assert errors[0] == pytest.approx(errors[1], rel=1e-10)


def test_coarser_clusters_do_not_count_the_persons_nested_in_them():
    frame = panel()
    frame["city"], frame["mixed"] = frame["i"] % 10, (frame["i"] + frame["t"]) % 10
    for cluster, k in (("city", 2 + 1), ("mixed", 2 + 40)):
        rows, _ = fit(frame, "fixed_effects", vcov="cluster", cluster=(cluster,))
        demeaned = frame[["y", "d", "x"]] - frame.groupby("i")[["y", "d", "x"]].transform("mean")
        reference = sm.OLS(demeaned["y"], demeaned[["d", "x"]]).fit(
            cov_type="cluster", cov_kwds={"groups": frame[cluster], "use_correction": False}
        )
        factor = np.sqrt(10 / 9 * 199 / (200 - k))
        assert rows.loc["d", "std_error"] == pytest.approx(reference.bse["d"] * factor, rel=1e-9)


def test_leverages_and_inexact_jackknives_are_refused():
    frame = panel()
    frame["mixed"] = (frame["i"] + frame["t"]) % 10
    with pytest.raises(UserError, match="leverage"):
        fit(frame, "fixed_effects", vcov="HC3")
    for more in ({"cluster": ("mixed",)}, {"cluster": ("i",), "absorb": ("i", "t")}):
        with pytest.raises(UserError, match="CRV3"):
            fit(frame, "fixed_effects", vcov="CRV3", **more)
    with pytest.raises(UserError, match="one row an entity"):
        fit(frame, "between", vcov="cluster", cluster=("i",))
    with pytest.raises(UserError, match="one cluster column"):
        fit(frame, "first_difference", vcov="cluster", cluster=("i", "t"))


@pytest.mark.parametrize("seed", range(8))
def test_two_effects_hold_the_rank_of_their_dummies(seed):
    rng = np.random.default_rng(seed)
    effects = pd.DataFrame({"a": rng.integers(0, 12, 25), "b": rng.integers(0, 15, 25)})
    effects = effects.apply(lambda column: pd.factorize(column)[0])
    dummies = pd.get_dummies(effects.astype(str)).to_numpy(float)
    assert parameters_of(effects) == np.linalg.matrix_rank(dummies)


def test_nested_effects_hold_no_more_than_the_finer():
    worker = np.arange(40) // 2
    year = np.arange(40) % 2
    effects = pd.DataFrame({"worker": worker, "year": year, "city": worker % 5, "all": 0})
    assert parameters_of(effects) == 20 + 2 - 1
    clusters = pd.DataFrame({"city": worker % 5, "row": np.arange(40)})
    assert nested_in_clusters(effects[["worker", "city"]], clusters) == {"city": 20}


@pytest.mark.parametrize("estimator", [*WITHIN, "between", "pooled_ols"])
@settings(max_examples=8, deadline=None)
@given(st.floats(-6, 6), st.integers(0, 10**6))
def test_units_and_row_order_do_not_matter(estimator, power, seed):
    frame = panel()
    moved = frame.assign(x=frame["x"] * 10.0**power).sample(frac=1, random_state=seed)
    one, _ = fit(frame, estimator)
    other, _ = fit(moved, estimator)
    for term, unit in (("d", 1.0), ("x", 10.0**power)):
        for column in ("estimate", "std_error"):
            assert other.loc[term, column] * unit == pytest.approx(one.loc[term, column], rel=1e-8)


@pytest.mark.parametrize("estimator", ["fixed_effects", "first_difference"])
def test_what_an_entity_keeps_does_not_matter(estimator):
    frame = panel()
    one, _ = fit(frame, estimator, ("x", "z"))
    other, _ = fit(frame.assign(y=frame["y"] + 1000.0 * frame["z"]), estimator)
    assert other.loc["d", "estimate"] == pytest.approx(one.loc["d", "estimate"], rel=1e-9)
    assert np.isnan(one.loc["z", "estimate"])


def test_gaps_are_not_bridged():
    frame = panel(persons=30)
    gap = frame[~((frame["i"] < 3) & (frame["t"] == 2))]
    _, extras = fit(gap, "first_difference")
    assert (extras["n_differences"], extras["n_gaps"]) == (30 * 4 - 3 * 2, 3)


def test_a_trend_is_set_aside_beside_persons_and_years():
    rows, _ = wage("fixed_effects", ("exper", *VARYING), years=False, absorb=("nr", "year"))
    assert "set aside" in rows.loc["exper", "note"]
    assert rows.loc["union", "estimate"] == pytest.approx(0.0800018541, abs=1e-9)


def test_no_spread_between_entities_makes_random_effects_pooled():
    frame = panel()
    frame["y"] = np.random.default_rng(2).normal(size=len(frame))
    frame["y"] -= frame.groupby("i")["y"].transform("mean")
    rows, extras = fit(frame, "random_effects")
    pooled, _ = fit(frame, "pooled_ols")
    assert extras["theta"] == 0.0 and "pooled least squares" in rows["note"].iloc[0]
    assert rows.loc["d", "std_error"] == pytest.approx(pooled.loc["d", "std_error"], rel=1e-12)


@pytest.mark.parametrize("estimator", ["fixed_effects", "first_difference"])
def test_a_treatment_that_no_entity_changes_is_refused(estimator):
    frame = panel().assign(d=lambda f: (f["z"] > 0).astype(float))
    with pytest.raises(UserError, match=r"d .* never varies"):
        fit(frame, estimator)


@pytest.mark.parametrize("estimator", [*WITHIN, "between"])
def test_missing_needs_are_named(estimator):
    with pytest.raises(UserError, match="needs entity"):
        fitted(panel(), "y", estimator, ("x",), ("d",), entity="", time="t")
    with pytest.raises(UserError, match="no weights"):
        fit(panel(), estimator, weights="t")
    with pytest.raises(UserError, match="no option hausmann"):
        fit(panel(), estimator, options={"hausmann": True})
    with pytest.raises(UserError, match="never varies"):
        fit(panel().assign(d=1.0), estimator)


def test_wrong_panels_are_refused():
    frame = panel()
    with pytest.raises(UserError, match="one row for each i and t"):
        fit(pd.concat([frame, frame[:1]]), "first_difference")
    with pytest.raises(UserError, match="consecutive"):
        fit(
            frame[(frame["t"] + frame["i"]) % 5 == 0].assign(t=lambda f: f["i"]), "first_difference"
        )
    with pytest.raises(UserError, match="rows for"):
        fit(frame[frame["t"] == 0], "random_effects")
    with pytest.raises(UserError, match="more than 3 entities"):
        fit(frame[frame["i"] < 3], "random_effects")
    with pytest.raises(UserError, match="both within and between"):
        fit(frame.assign(d=frame["z"]), "correlated_random_effects", ())
    with pytest.raises(UserError, match="absorb"):
        fit(frame, "fixed_effects", absorb=("i", "t"), options={"hausman": True})
    with pytest.raises(UserError, match="true or false"):
        fit(frame, "fixed_effects", options={"hausman": "no"})


def test_collinear_terms_are_set_aside_by_name():
    frame = panel().assign(twice=lambda f: f["x"] + f["d"])
    for estimator, absorb in (*((name, ()) for name in WITHIN), ("fixed_effects", ("i", "t"))):
        rows, _ = fit(frame, estimator, ("x", "twice"), absorb=absorb)
        assert "set aside" in rows.loc["twice", "note"], estimator
        assert np.isfinite(rows.loc["d", "std_error"])


def test_difference_in_differences_is_refused_without_its_four_cells():
    frame = panel().assign(group=lambda f: (f["i"] > 20) * 1.0, post=lambda f: (f["t"] > 2) * 1.0)
    rows, extras = did(frame, "y", "group", "post")
    cells = frame.groupby(["group", "post"])["y"].mean()
    expected = cells[1, 1] - cells[1, 0] - cells[0, 1] + cells[0, 0]
    assert rows.loc["did", "estimate"] == pytest.approx(expected, rel=1e-10)
    assert extras["n_treated_after"] == ((frame["group"] == 1) & (frame["post"] == 1)).sum()
    for post, said in (("t", "of 0 and 1 only"), ("1 - group", "four cells")):
        with pytest.raises(UserError, match=said):
            did(frame, "y", "group", post)
    with pytest.raises(UserError, match="in place of a treatment"):
        options = {"treated": "group", "post": "post"}
        fit(frame, "difference_in_differences", options=options)
