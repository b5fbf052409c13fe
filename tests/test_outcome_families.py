"""Families of outcomes: metrics by hand, errors by simulation, signs, classifications, refusals."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.effects.fitting import data_of, estimates
from analysis.effects.multiplicity.classifications import FOLDER, read_classification, shipped
from analysis.effects.multiplicity.metrics import METRICS, Solved, effects_of, placements
from analysis.effects.study import After, Equation, Study, read_study
from analysis.messages import UserError

INLINE = {"bottom_line": ["floor", "safe"], "growth": ["wage"]}


def workers(n=500, seed=8, groups=25):
    rng = np.random.default_rng(seed)
    g, d, common = np.arange(n) % groups, rng.integers(0, 2, n) * 1.0, rng.normal(size=n)
    shock = rng.normal(size=groups)[g] * 0.3
    return pd.DataFrame({
        "g": g, "d": d, "x": rng.normal(size=n),
        "floor": (common + 0.5 * d + rng.normal(size=n) > -0.5) * 1.0,
        "safe": (common + 0.4 * d + shock + rng.normal(size=n) > 0) * 1.0,
        "wage": 8 + 0.05 * d + 0.3 * common + shock + 0.4 * rng.normal(size=n),
    })  # fmt: skip


def families(frame=None, options=None, outcomes=("floor", "safe", "wage"), study=None, **more):
    request = {"treatments": ("d",), "controls": (), "estimator": "ols", "vcov": "HC1", **more}
    chosen = {"families": INLINE, "logs": ["wage"]} if options is None else options
    equation = Equation(id="e", outcomes=outcomes, after=(After("outcome_families", chosen),),
                        **request)  # fmt: skip
    rows = estimates(
        Study("s", "d", (equation,), **(study or {})), workers() if frame is None else frame
    )
    found = rows[rows["component"].str.startswith("outcome_families")].set_index("component")
    return found.rename(index=lambda name: name.removeprefix("outcome_families:"))


def test_a_logarithm_derived_in_the_study_counts_as_one():
    frame = workers().assign(pay=lambda f: np.exp(f["wage"])).drop(columns="wage")
    found = families(frame, {"families": INLINE}, study={"derive": {"wage": "log(pay)"}})
    named = families()
    assert found.loc["share_of_base:growth", "estimate"] == pytest.approx(
        named.loc["share_of_base:growth", "estimate"]
    )


# --- the three metrics --------------------------------------------------------------------------


def test_effects_in_control_group_deviations_and_in_shares_of_the_base_rate():
    frame = workers()
    found = families(frame)
    ones, zeros = (frame[frame["d"] == d] for d in (1, 0))
    b = ones.mean() - zeros.mean()
    names = ["floor", "safe"]
    assert found.loc["control_sd:bottom_line", "estimate"] == pytest.approx(
        (b / zeros.std())[names].mean()
    )
    assert found.loc["share_of_base:bottom_line", "estimate"] == pytest.approx(
        (b / zeros.mean())[names].mean()
    )
    assert found.loc["share_of_base:growth", "estimate"] == pytest.approx(np.exp(b["wage"]) - 1)


def test_the_probability_of_superiority_is_mann_and_whitneys():
    frame = workers()
    ones, zeros = (frame.loc[frame["d"] == d, "wage"] for d in (1, 0))
    u = stats.mannwhitneyu(ones, zeros).statistic / (len(ones) * len(zeros))
    assert families(frame).loc["superiority:growth", "estimate"] == pytest.approx(u - 0.5)
    np.testing.assert_allclose(
        placements(np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0])), [0, 0.5, 1]
    )


def test_without_controls_superiority_has_the_placement_variance():
    """DeLong, DeLong and Clarke-Pearson 1988: S10 / n1 + S01 / n0, here with n in place of n - 1."""
    frame = workers()
    y, d = frame["wage"].to_numpy(), frame["d"].to_numpy()
    v10, v01 = placements(y[d == 1], y[d == 0]), 1 - placements(y[d == 0], y[d == 1])
    expected = v10.var() / len(v10) + v01.var() / len(v01)
    found = families(frame).loc["superiority:growth", "std_error"] ** 2
    assert found == pytest.approx(expected * 500 / 499, rel=1e-9)


def one_draw(rng, n=300):
    x = rng.normal(size=n)
    d = (rng.normal(size=n) + 0.5 * x > 0) * 1.0
    y = np.round(3 + 0.5 * d + 0.5 * x + rng.normal(size=n), 1)
    design = np.column_stack([np.ones(n), d, x])
    bread = np.linalg.inv(design.T @ design)
    b = bread @ design.T @ y
    found = effects_of(Solved(design, bread, 1, y, b[1], y - design @ b, d == 0), logarithm=False)
    return [(found[m].value, np.sqrt((found[m].influence ** 2).sum())) for m in METRICS]


def test_errors_are_the_spread_over_samples():
    rng = np.random.default_rng(0)
    drawn = np.array([one_draw(rng) for _ in range(800)])
    np.testing.assert_allclose(drawn[:, :, 1].mean(axis=0), drawn[:, :, 0].std(axis=0), rtol=0.09)


# --- families and their difference --------------------------------------------------------------


def test_the_difference_is_of_means_and_turns_its_sign_when_families_are_swapped():
    found = families()
    swapped = families(
        options={"families": INLINE, "logs": ["wage"], "compare": ["growth", "bottom_line"]}
    )
    for metric in METRICS:
        one, other = (
            found.loc[f"{metric}:bottom_line-growth"],
            swapped.loc[f"{metric}:growth-bottom_line"],
        )
        parts = [found.loc[f"{metric}:{name}", "estimate"] for name in INLINE]
        assert one["estimate"] == pytest.approx(parts[0] - parts[1])
        assert other["estimate"] == pytest.approx(-one["estimate"])
        assert other["std_error"] == pytest.approx(one["std_error"])


def test_the_same_answers_give_a_difference_of_zero_without_error():
    frame = workers().assign(copy=lambda f: f["wage"])
    found = families(frame, {"families": {"a": ["wage"], "b": ["copy"]}}, outcomes=("wage", "copy"))
    assert found.loc["control_sd:a-b", "estimate"] == 0.0
    assert found.loc["control_sd:a-b", "note"] == "no error"
    independent = np.hypot(*found.loc[["control_sd:a", "control_sd:b"], "std_error"].astype(float))
    assert independent > 0


def test_an_outcome_of_which_more_is_worse_is_turned_round():
    frame = workers().assign(hurt=lambda f: 1 - f["safe"])
    plain = families(frame)
    flipped = families(frame, {"families": {"bottom_line": ["floor", "hurt"], "growth": ["wage"]},
                               "flip": ["hurt"], "logs": ["wage"]},
                       outcomes=("floor", "hurt", "wage"))  # fmt: skip
    for metric in ("control_sd", "superiority"):
        name = f"{metric}:bottom_line-growth"
        assert flipped.loc[name, "estimate"] == pytest.approx(plain.loc[name, "estimate"])
        assert flipped.loc[name, "std_error"] == pytest.approx(plain.loc[name, "std_error"])


def test_a_sign_that_depends_on_the_unit_is_said_not_to_survive():
    rng = np.random.default_rng(1)
    d = np.arange(1000) % 2 * 1.0
    frame = pd.DataFrame({
        "d": d, "x": d,
        # a rare outcome doubled, against a tight one moved by a whole deviation
        "rare": np.concatenate([np.zeros(960), d[:40]]) + (np.arange(1000) % 97 == 0),
        "tight": 100 + rng.normal(size=1000) + d,
    })  # fmt: skip
    found = families(
        frame, {"families": {"a": ["rare"], "b": ["tight"]}}, outcomes=("rare", "tight")
    )
    assert found.loc["control_sd:a-b", "estimate"] < 0 < found.loc["share_of_base:a-b", "estimate"]
    assert found.loc["same_sign:a-b", "estimate"] == 0.0
    assert families().loc["same_sign:bottom_line-growth", "estimate"] in (0.0, 1.0)
    signs = json.loads(found.loc["same_sign:a-b", "extras"])["signs"]
    assert (signs["control_sd"], signs["share_of_base"]) == (-1, 1)


def test_clusters_join_the_answers_of_their_workers():
    rows, clustered = families(), families(cluster=("g",), vcov="cluster")
    name = "control_sd:bottom_line-growth"
    assert json.loads(clustered.loc[name, "extras"])["units"] == 25
    assert json.loads(rows.loc[name, "extras"])["units"] == 500
    assert clustered.loc[name, "estimate"] == pytest.approx(rows.loc[name, "estimate"])
    doubled = pd.concat([workers()] * 2, ignore_index=True)
    doubled["g"] = np.tile(np.arange(500), 2)
    twice = families(doubled, cluster=("g",), vcov="cluster")
    assert twice.loc[name, "std_error"] == pytest.approx(rows.loc[name, "std_error"], rel=2e-3)


def test_a_base_rate_that_is_not_positive_leaves_that_unit_empty():
    frame = workers().assign(wage=lambda f: f["wage"] - 9)
    found = families(frame, {"families": INLINE})
    assert pd.isna(found.loc["share_of_base:bottom_line-growth", "estimate"])
    assert "above zero" in found.loc["share_of_base:growth", "note"]
    assert pd.isna(found.loc["same_sign:bottom_line-growth", "estimate"])


# --- classifications ----------------------------------------------------------------------------


def test_every_shipped_classification_is_bilingual_and_sourced():
    assert {"sun_he_2012", "three_tier_2019"} <= set(shipped())
    for name in shipped():
        text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
        assert read_classification(FOLDER / f"{name}.toml").id == name
        for key in ("title_en", "title_zh", "source_en", "source_zh"):
            assert f"\n{key} = " in text


def test_minimum_wage_compliance_changes_families_between_classifications():
    one, other = (
        read_classification(FOLDER / f"{name}.toml") for name in ("sun_he_2012", "three_tier_2019")
    )
    where = [
        {family.id for family in c.families if "minimum_wage_compliance" in family.outcomes}
        for c in (one, other)
    ]
    assert where == [{"bottom_line"}, {"basic_rights"}]


def test_generic_names_are_mapped_to_the_studys_outcomes():
    found = families(options={
        "families": "sun_he_2012",
        "outcomes": {"minimum_wage_compliance": "floor", "ln_wage": "wage"},
    })  # fmt: skip
    extras = json.loads(found.loc["control_sd:bottom_line", "extras"])
    assert extras["outcomes"] == ["floor"]
    assert set(extras["not_observed"]) == {"social_insurance", "no_rights_violation"}
    frame = workers()
    b = frame.groupby("d")["wage"].mean().diff().iloc[1]
    # ln_ says that it is a logarithm
    assert found.loc["share_of_base:growth", "estimate"] == pytest.approx(np.expm1(b))
    equal = workers().rename(columns={"floor": "minimum_wage_compliance", "wage": "ln_wage"})
    named = families(
        equal, {"families": "sun_he_2012"}, outcomes=("minimum_wage_compliance", "ln_wage")
    )
    assert named.loc["control_sd:growth", "estimate"] == pytest.approx(
        found.loc["control_sd:growth", "estimate"]
    )


def test_a_classification_of_the_users_own_stands_beside_the_study_file(tmp_path):
    workers().to_csv(tmp_path / "d.csv", index=False)
    (tmp_path / "mine.toml").write_text(
        '[classification]\nid = "mine"\n[[family]]\nid = "a"\noutcomes = ["floor"]\n'
        '[[family]]\nid = "b"\noutcomes = ["wage"]\n'
    )
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "d.csv"\n'
        '[[equation]]\nid = "e"\noutcomes = ["floor", "wage"]\ntreatment = "d"\nestimator = "ols"\n'
        '[[equation.after]]\nname = "outcome_families"\nfamilies = "mine.toml"\n'
    )
    study = read_study(path)
    rows = estimates(study, data_of(study))
    assert "outcome_families:superiority:a-b" in set(rows["component"])
    (tmp_path / "mine.toml").write_text('[classification]\nid = "mine"\n[[family]]\nid = "a"\n')
    with pytest.raises(UserError, match="family a: outcomes"):
        estimates(study, data_of(study))


@pytest.mark.parametrize(("options", "message"), [
    ({}, "families: one of"),
    ({"families": "sun_he"}, "did you mean sun_he_2012"),
    ({"families": {"a": [], "b": ["wage"]}}, "outcomes in family a"),
    ({"families": {"a": ["wage"]}}, "two families or more"),
    ({"families": {"a": ["wage"], "b": ["wage", "safe"]}}, "wage in one family only"),
    ({"families": {"a": ["wge"], "b": ["safe"]}}, "did you mean wage"),
    ({"families": "sun_he_2012"}, "an outcome of family bottom_line"),
    ({"families": "sun_he_2012", "outcomes": {"ln_wages": "wage"}}, "did you mean ln_wage"),
    ({"families": "sun_he_2012", "outcomes": {"ln_wage": "wages"}}, "did you mean wage"),
    ({"families": INLINE, "compare": ["growht"]}, "did you mean growth"),
    ({"families": INLINE, "flip": ["wages"]}, "did you mean wage"),
    ({"families": INLINE, "logs": ["wages"]}, "did you mean wage"),
    ({"family": INLINE}, "did you mean families"),
])  # fmt: skip
def test_what_is_no_classification_is_refused(options, message):
    with pytest.raises(UserError, match=message):
        families(options=options)


def test_other_fits_than_least_squares_and_other_treatments_are_refused():
    with pytest.raises(UserError, match="least squares"):
        panel = {"estimator": "first_difference", "study": {"entity": "i", "time": "t"}}
        families(workers().assign(i=lambda f: f.index // 5, t=lambda f: f.index % 5), **panel)
    with pytest.raises(UserError, match="least squares"):
        families(
            estimator="logit",
            outcomes=("floor", "safe"),
            options={"families": {"a": ["floor"], "b": ["safe"]}},
        )
    with pytest.raises(UserError, match="treatments of 0 and 1"):
        families(treatments=("x",))


@pytest.mark.slow
def test_a_true_difference_of_zero_is_rejected_in_five_percent():
    """Two families moved by the same shift, correlated answers: the 99.9 % band of 200."""
    rng, rejected = np.random.default_rng(2), 0
    for _ in range(200):
        d, common = np.arange(400) % 2 * 1.0, rng.normal(size=400)
        a, b = (0.3 * d + common + rng.normal(size=400) for _ in range(2))
        frame = pd.DataFrame({"d": d, "x": d, "a": a, "b": b})
        found = families(frame, {"families": {"one": ["a"], "two": ["b"]}}, outcomes=("a", "b"))
        rejected += found.loc["control_sd:one-two", "p_value"] < 0.05
    assert 1 <= rejected <= 22
