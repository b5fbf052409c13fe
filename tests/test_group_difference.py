"""A coefficient in two groups: interaction, stacked fits, permuted labels."""

import json

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from analysis.effects.fit import Linear
from analysis.effects.fitting import data_of, estimates
from analysis.effects.multiplicity.assignments import Units
from analysis.effects.multiplicity.permuted_groups import permuted_differences
from analysis.effects.study import After, Equation, Study, read_study
from analysis.messages import UserError

METHODS = ("interaction", "stacked", "permutation")


def workers(n=240, seed=5, gap=0.0, groups=24):
    rng = np.random.default_rng(seed)
    g = np.arange(n) % groups
    frame = pd.DataFrame({
        "g": g, "i": np.arange(n) // 4, "t": np.arange(n) % 4, "d": rng.integers(0, 2, n) * 1.0,
        "x": rng.normal(size=n), "female": rng.integers(0, 2, n), "k": rng.integers(0, 3, n),
        "south": (g < groups // 2) * 1.0,
    })  # fmt: skip
    noise = rng.normal(size=n) + rng.normal(size=groups)[g] * 0.5
    frame["y"] = 0.4 * frame["d"] + gap * frame["d"] * frame["female"] + frame["x"] + noise
    frame["p"] = (frame["y"] > 0) * 1.0
    return frame


def difference(frame=None, by="female", draws=99, outcome="y", study=None, **more):
    request = {"treatments": ("d",), "controls": ("x",), "estimator": "ols", "vcov": "HC1", **more}
    step = After("group_difference", {"by": by, "draws": draws})
    equation = Equation(id="e", outcomes=(outcome,), after=(step,), **request)
    rows = estimates(Study("s", "d", (equation,), **(study or {})),
                     workers() if frame is None else frame)  # fmt: skip
    found = rows[rows["component"].str.startswith("group_difference")].set_index("component")
    return found.rename(index=lambda name: name.removeprefix("group_difference:"))


# --- three tests of one difference --------------------------------------------------------------


def test_the_interaction_is_that_of_statsmodels():
    frame = workers(gap=0.5)
    by_hand = smf.ols("y ~ (d + x) * female", frame).fit(cov_type="HC1", use_t=True)
    row = difference(frame).loc["interaction:1-0"]
    assert row["estimate"] == pytest.approx(by_hand.params["d:female"])
    assert row["std_error"] == pytest.approx(by_hand.bse["d:female"])
    assert row["p_value"] == pytest.approx(by_hand.pvalues["d:female"])


@pytest.mark.parametrize("vcov", ["HC1", "classical"])
def test_stacked_fits_of_separate_rows_add_their_variances(vcov):
    frame = workers(gap=0.5)
    kind = {"cov_type": "HC1"} if vcov == "HC1" else {"cov_type": "nonrobust"}
    apart = [smf.ols("y ~ d + x", frame[frame["female"] == f]).fit(**kind) for f in (1, 0)]
    row = difference(frame, vcov=vcov).loc["stacked:1-0"]
    assert row["estimate"] == pytest.approx(apart[0].params["d"] - apart[1].params["d"])
    assert row["std_error"] == pytest.approx(np.hypot(*(fit.bse["d"] for fit in apart)))


def test_stacked_fits_count_clusters_that_both_groups_share():
    """The stacked regression of statsmodels, clustered: small-sample factors differ by little."""
    frame = workers(2400, gap=0.5).assign(d=lambda f: f["g"] % 2)
    whole = smf.ols("y ~ (d + x) * female", frame).fit(
        cov_type="cluster", cov_kwds={"groups": frame["g"]}
    )
    row = difference(frame, cluster=("g",), vcov="cluster", draws=9).loc["stacked:1-0"]
    assert row["std_error"] == pytest.approx(whole.bse["d:female"], rel=2e-3)
    variances = [
        smf.ols("y ~ d + x", frame[frame["female"] == f])
        .fit(cov_type="cluster", cov_kwds={"groups": frame.loc[frame["female"] == f, "g"]})
        .bse["d"]
        ** 2
        for f in (0, 1)
    ]
    assert row["std_error"] < 0.8 * np.sqrt(sum(variances))


@pytest.mark.parametrize(("estimator", "outcome"), [("ols", "y"), ("logit", "p"), ("poisson", "p")])
def test_identical_groups_differ_by_nothing(estimator, outcome):
    half = workers(100).assign(female=0)
    both = pd.concat([half, half.assign(female=1)], ignore_index=True)
    found = difference(both, estimator=estimator, outcome=outcome, draws=19)
    assert found["estimate"].astype(float).abs().max() < 1e-6
    assert found.loc["permutation:1-0", "p_value"] == 1.0


def test_fixed_effects_are_interacted_too():
    frame = workers(gap=0.6)
    found = difference(frame, by="south", estimator="fixed_effects", absorb=("i", "t"),
                       cluster=("i",), vcov="cluster", draws=19,
                       study={"entity": "i", "time": "t"})  # fmt: skip
    apart = [
        smf.ols("y ~ d + x + C(i) + C(t)", frame.query(f"south == {s}")).fit().params["d"]
        for s in (1, 0)
    ]
    for method in ("interaction", "stacked"):
        assert found.loc[f"{method}:1-0", "estimate"] == pytest.approx(apart[0] - apart[1])


def test_an_estimator_that_takes_no_interaction_says_why():
    frame = workers().assign(g=lambda f: f["g"] % 4)
    found = difference(frame, estimator="mantel_haenszel", outcome="p", controls=(), vcov="classical",
                       absorb=("g",), draws=19)  # fmt: skip
    row = found.loc["interaction:1-0"]
    assert pd.isna(row["estimate"])
    assert "needs one treatment and no controls" in row["note"]
    assert np.isfinite(found.loc["permutation:1-0", "p_value"])


# --- permutation --------------------------------------------------------------------------------


def test_permuted_differences_are_those_of_two_regressions():
    rng = np.random.default_rng(3)
    x = np.column_stack([np.ones(60), rng.normal(size=(60, 2)) * [5, 0.01]])
    y, labels = rng.normal(size=60), np.arange(60) % 2
    rows = np.arange(60)
    units = Units(
        rows, np.zeros(60, dtype=int), np.array([[0.0], [1.0]]), labels, np.zeros(60, dtype=int)
    )
    found = permuted_differences(Linear(x, y), units, 5, 7, [1, 2])
    generator = np.random.default_rng(7)
    for drawn in found:
        group = generator.permutation(labels)
        slopes = [np.linalg.lstsq(x[group == j], y[group == j], rcond=None)[0] for j in (1, 0)]
        np.testing.assert_allclose(drawn, (slopes[0] - slopes[1])[1:], rtol=1e-8)


def test_a_fast_and_a_refitted_permutation_agree():
    """Absorbing a constant makes the same estimates the slow way."""
    frame = workers(gap=0.9).assign(one=1)
    fast = difference(frame, draws=199).loc["permutation:1-0"]
    slow = difference(frame, draws=30, estimator="fixed_effects", absorb=("one",)).loc[
        "permutation:1-0"
    ]
    assert slow["estimate"] == pytest.approx(fast["estimate"])
    spread = [json.loads(row["extras"])["permutation_sd"] for row in (fast, slow)]
    assert spread[1] == pytest.approx(spread[0], rel=0.35)


def test_labels_of_whole_clusters_move_together_and_others_within_them():
    clustered = {"cluster": ("g",), "vcov": "cluster"}
    for by, more, units in (
        ("south", clustered, "cluster"),
        ("female", clustered, "row within cluster"),
        ("female", {}, "row"),
    ):
        found = difference(by=by, **more)
        assert json.loads(found.loc["permutation:1-0", "extras"])["units"] == units


def test_the_seed_decides():
    step = {"by": "female", "draws": 49}
    rows = []
    for seed in (1, 1, 2):
        equation = Equation(id="e", outcomes=("y",), treatments=("d",), controls=("x",),
                            estimator="ols", vcov="HC1",
                            after=(After("group_difference", {**step, "seed": seed}),))  # fmt: skip
        rows.append(estimates(Study("s", "d", (equation,)), workers())["extras"].iloc[-1])
    assert rows[0] == rows[1] != rows[2]


# --- groups -------------------------------------------------------------------------------------


def test_every_value_is_held_against_the_lowest_and_swapping_turns_the_sign():
    found = difference(by="k")
    assert list(found.index) == [f"{m}:{v}-0" for v in (1, 2) for m in METHODS]
    turned = difference(by="1 - female").loc["stacked:1-0", "estimate"]
    assert turned == pytest.approx(-difference().loc["stacked:1-0", "estimate"])


def test_an_expression_may_divide_the_rows_and_where_still_holds():
    frame = workers()
    frame.loc[:20, "female"] = 0
    found = difference(frame, by="x > 0", where="female == 1")
    extras = json.loads(found.loc["stacked:True-False", "extras"])
    women = frame[frame["female"] == 1]
    assert extras == {"n_obs": (women["x"] > 0).sum(), "n_obs_reference": (women["x"] <= 0).sum()}


@pytest.mark.parametrize(("by", "message"), [
    ("0 * d", "2 to 10 values; .* has 1"),
    ("i", "has 60"),
    ("femal", "did you mean female"),
    ("", "by: an expression"),
    (3, "by: an expression"),
])  # fmt: skip
def test_what_makes_no_groups_is_refused(by, message):
    with pytest.raises(UserError, match=message):
        difference(by=by)


def test_an_unknown_option_and_a_group_without_treatment_are_refused():
    equation = Equation(id="e", outcomes=("y",), treatments=("d",), controls=(), estimator="ols",
                        vcov="HC1", after=(After("group_difference", {"group": "female"}),))  # fmt: skip
    with pytest.raises(UserError, match="no option group"):
        estimates(Study("s", "d", (equation,)), workers())
    with pytest.raises(UserError, match="d"):
        difference(workers().assign(d=lambda f: f["d"] * f["female"]))


def test_a_study_file_asks_for_it(tmp_path):
    workers().to_csv(tmp_path / "d.csv", index=False)
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "d.csv"\n'
        '[[equation]]\nid = "e"\noutcome = "y"\ntreatment = "d"\nestimator = "ols"\n'
        '[[equation.after]]\nname = "group_difference"\nby = "female"\ndraws = 19\n'
    )
    study = read_study(path)
    assert len(estimates(study, data_of(study))) == 2 + 3


@pytest.mark.slow
def test_no_difference_is_found_in_five_percent():
    """Equal effects, 100 samples: each of the three inside its 99.9 % band."""
    rejected = dict.fromkeys(METHODS, 0)
    for seed in range(100):
        found = difference(workers(120, seed), draws=99)
        for method in METHODS:
            rejected[method] += found.loc[f"{method}:1-0", "p_value"] <= 0.05
    assert all(count <= 14 for count in rejected.values()), rejected
