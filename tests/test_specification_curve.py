"""The specification curve: each specification as ols fits it, the curve's numbers, its null."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.effects.estimators import specification_curve
from analysis.effects.fitting import data_of, estimates, fit_outcome
from analysis.effects.specifications.joint import joint_test
from analysis.effects.study import Equation, Study, read_study
from analysis.messages import UserError


def workers(n=300, seed=1, effect=0.3, groups=20):
    rng = np.random.default_rng(seed)
    g = np.arange(n) % groups
    frame = pd.DataFrame({
        "g": g, "x": rng.normal(size=n), "z": rng.normal(size=n), "k": rng.integers(0, 3, n),
        "female": rng.integers(0, 2, n), "e": rng.normal(size=n),
    })  # fmt: skip
    frame["d"] = (frame["x"] + rng.normal(size=n) > 0) * 1.0
    frame["member"] = np.where(rng.uniform(size=n) < 0.8, frame["d"], 1 - frame["d"])
    shock = rng.normal(size=groups)[g] * 0.4
    frame["y"] = 5 + effect * frame["d"] + 0.5 * frame["x"] + shock + frame["e"]
    frame["hours"] = 100 - 3 * frame["y"] + rng.normal(size=n)
    return frame


def study(options, vcov="HC1", cluster=(), **more):
    request = {"treatments": ("d",), "controls": ("x", "z", "C(k)"), "outcomes": ("y",), **more}
    equation = Equation(id="c", estimator="specification_curve", vcov=vcov, cluster=cluster,
                        options=options, draws=request.pop("draws", 99), seed=request.pop("seed", None),
                        **request)  # fmt: skip
    return Study("s", "d", (equation,))


def curve(options, frame=None, **more):
    rows = estimates(study(options, **more), workers() if frame is None else frame)
    return rows, json.loads(rows["extras"].iloc[0]) | joint(rows)


def joint(rows):
    """The three numbers of the curve and, behind each, its p value."""
    last = rows.set_index("component").loc[["median", "share_sign", "share_significant"]]
    p_values = {f"{name}_p": p for name, p in last["p_value"].astype(float).items()}
    return last["estimate"].astype(float).to_dict() | p_values


def specifications(rows):
    return rows[rows["component"].str.startswith("spec=")]


# --- each specification -------------------------------------------------------------------------


@pytest.mark.parametrize(("vcov", "cluster"), [("HC1", ()), ("classical", ()), ("cluster", ("g",))])
def test_every_specification_is_what_ols_gives(vcov, cluster):
    frame = workers()
    options = {"controls": "all_subsets", "samples": ["female == 1"], "treatments": ["member"],
               "outcomes": ["hours"]}  # fmt: skip
    fitted = fit_outcome(
        *(lambda s: (s, s.equations[0]))(study(options, vcov, cluster)), "y", frame
    )
    table = fitted.fit.material["specifications"]
    assert len(table) == 8 * 2 * 2 * 2
    for row in table.iloc[::5].to_dict("records"):
        controls = tuple(row["controls"].split("+")) if row["controls"] else ()
        where = "" if row["sample"] == "all" else row["sample"]
        equation = Equation("e", (row["outcome"],), (row["treatment"],), controls, "ols", vcov=vcov,
                            cluster=cluster, where=where)  # fmt: skip
        one = estimates(Study("s", "d", (equation,)), frame).set_index("term").loc[row["treatment"]]
        assert row["estimate"] == pytest.approx(one["estimate"], rel=1e-8)
        assert row["std_error"] == pytest.approx(one["std_error"], rel=1e-8)
        assert row["n_obs"] == one["n_obs"]


def test_rows_stand_in_order_of_the_estimate_and_name_their_choices():
    rows, extras = curve({"controls": [["x"], ["x", "C(k)"], []], "samples": ["female == 1"]})
    found = specifications(rows)
    assert found["estimate"].is_monotonic_increasing
    assert set(found["component"]) == {
        f"spec={3 * s + c + 1}; sample={sample}; controls={controls}"
        for s, sample in enumerate(("all", "female == 1"))
        for c, controls in enumerate(("x", "x+C(k)", "none"))
    }
    assert extras["specifications"] == 6
    assert list(rows["component"])[-3:] == ["median", "share_sign", "share_significant"]


def test_the_curves_numbers_are_those_of_its_rows():
    rows, extras = curve({"controls": "all_subsets"}, vcov="cluster", cluster=("g",))
    found = specifications(rows)
    assert extras["median"] == pytest.approx(found["estimate"].astype(float).median())
    assert extras["share_significant"] == (found["p_value"].astype(float) <= 0.05).mean()
    assert extras["share_sign"] == 1.0
    assert extras["n_clusters"] == 20
    assert set(found["cov_df"]) == {19}


def test_controls_may_be_always_in_and_vcovs_a_choice():
    rows, _ = curve({"controls": "all_subsets", "always": ["x"], "vcovs": ["HC1", "cluster"]},
                    cluster=("g",))  # fmt: skip
    words = specifications(rows)["component"]
    assert len(words) == 4 * 2
    assert words.str.contains("controls=x").all()
    estimate = specifications(rows)["estimate"].astype(float).round(12)
    assert estimate.nunique() == 4


def test_the_units_of_a_column_do_not_decide():
    options = {"controls": "all_subsets"}
    one, extras = curve(options)
    other, scaled = curve(
        options, workers().assign(y=lambda f: 1e6 * f["y"] + 1e9, x=lambda f: f["x"] * 1e-5)
    )
    np.testing.assert_allclose(
        other["estimate"].astype(float)[:-2], 1e6 * one["estimate"].astype(float)[:-2], rtol=1e-6
    )
    assert scaled["median_p"] == extras["median_p"]


# --- all together -------------------------------------------------------------------------------


def test_the_joint_test_is_its_definition():
    rng = np.random.default_rng(0)
    b, t = np.array([1.0, 2.0, -0.5, 1.5]), np.array([1.0, 2.5, -0.2, 2.1])
    drawn_b, drawn_t = rng.normal(size=(2, 50, 4))
    found = joint_test(b, t, drawn_b, drawn_t, 1.96, complete=True)
    np.testing.assert_allclose(found.values, [1.25, 0.75, 0.5])
    signs = np.maximum((drawn_b > 0).mean(axis=1), (drawn_b < 0).mean(axis=1))
    significant = np.maximum((drawn_t >= 1.96).mean(axis=1), (drawn_t <= -1.96).mean(axis=1))
    expected = [(np.abs(np.median(drawn_b, axis=1)) >= 1.25).mean(), (signs >= 0.75).mean(),
                (significant >= 0.5).mean()]  # fmt: skip
    np.testing.assert_allclose(found.p_values, expected)
    turned = joint_test(-b, -t, drawn_b, drawn_t, 1.96, complete=True)
    np.testing.assert_allclose(turned.p_values, found.p_values)
    assert turned.values[0] == -found.values[0]


def test_a_strong_effect_is_found_and_none_is_not():
    options = {"controls": "all_subsets", "always": ["x"]}
    _, strong = curve(options, workers(effect=0.8))
    assert strong["median_p"] == pytest.approx(1 / 100)
    assert strong["share_significant_p"] <= 0.05
    _, nothing = curve(options, workers(effect=0.0, seed=4))
    assert nothing["median_p"] > 0.05


def test_the_null_of_one_specification_is_the_wild_bootstraps():
    """Two copies of one specification: its median p is the bootstrap p of the estimate itself."""
    frame = workers(groups=8)
    _, extras = curve(
        {"treatments": ["d * 1"], "controls": [["x"]]}, frame, vcov="cluster", cluster=("g",)
    )
    assert extras["draws"] == 256
    x = np.column_stack([np.ones(300), frame["x"]])
    y, d, g = (frame[name].to_numpy() for name in ("y", "d", "g"))
    rest = d - x @ np.linalg.lstsq(x, d, rcond=None)[0]
    u = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    b = rest @ y / (rest @ rest)
    signs = 2.0 * ((np.arange(256)[:, None] >> np.arange(8)) & 1) - 1
    drawn = np.array([rest @ (x @ np.linalg.lstsq(x, y, rcond=None)[0] + v[g] * u) for v in signs])
    drawn = drawn / (rest @ rest)
    assert extras["median_p"] == (np.abs(drawn) >= abs(b) * (1 - 1e-9)).mean()


def test_many_rows_are_put_together_and_the_seed_decides():
    frame = workers(2500, effect=0.02)
    options = {"controls": "all_subsets"}
    one, first = curve(options, frame, seed=1)
    assert "Rademacher on 1000 rows" in one["note"].iloc[0]
    assert curve(options, frame, seed=1)[1] == first
    assert curve(options, frame, seed=2)[1] != first


# --- refusals, study file -----------------------------------------------------------------------


@pytest.mark.parametrize(("options", "more", "message"), [
    ({}, {}, "2 to 4096 specifications; these are 1"),
    ({"controls": "all_subsets"}, {"controls": tuple(f"x * {j}.5" for j in range(13))}, "2 to 4096"),
    ({"controls": [["x"], ["w"]]}, {}, "no control w"),
    ({"controls": ["x"]}, {}, "all_subsets"),
    ({"controls": "all_subsets", "always": ["w"]}, {}, "no control w"),
    ({"samples": ["female == 7"]}, {}, "rows where female == 7"),
    ({"samples": ["d == 1"]}, {}, "varies in spec=2"),
    ({"vcovs": ["HC1", "HC3"]}, {}, "no vcov HC3"),
    ({"vcovs": ["HC1", "cluster"]}, {}, "one cluster column"),
    ({"vcovs": ["HC1", "classical"], "outcomes": ["hours"]}, {"outcomes": ("y", "hours")}, "one outcome beside"),
    ({"controls": "all_subsets"}, {"treatments": ("d", "member")}, "one treatment of one column"),
    ({"controls": "all_subsets"}, {"treatments": ("C(k)",)}, "one treatment of one column"),
    ({"controls": "all_subsets"}, {"weights": "k"}, "no weights"),
    ({"control": "all_subsets"}, {}, "did you mean controls"),
    ({"controls": "all_subsets"}, {"vcov": "CRV3"}, "no vcov CRV3"),
])  # fmt: skip
def test_what_makes_no_curve_is_refused(options, more, message):
    with pytest.raises(UserError, match=message):
        curve(options, **more)


def test_a_study_file_asks_for_it(tmp_path):
    workers().to_csv(tmp_path / "d.csv", index=False)
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "d.csv"\n'
        '[[equation]]\nid = "e"\noutcome = "y"\ntreatment = "d"\ncontrols = ["x", "z"]\n'
        'estimator = "specification_curve"\n'
        '[equation.options]\ncontrols = "all_subsets"\nsamples = ["female == 1", "female == 0"]\n'
        "draws = 20\n"
    )
    asked = read_study(path)
    rows = estimates(asked, data_of(asked))
    assert len(specifications(rows)) == 12
    assert json.loads(rows["extras"].iloc[0])["draws"] == 20
    assert specification_curve.DRAWS == 500


@pytest.mark.slow
def test_curves_without_an_effect_are_rejected_in_five_percent():
    """The median's test on 200 samples of 16 clusters: inside the 99.9 % band."""
    rejected = 0
    options = {"controls": "all_subsets", "always": ["x"]}
    for seed in range(200):
        frame = workers(160, seed, effect=0.0, groups=16)
        rejected += curve(options, frame, vcov="cluster", cluster=("g",))[1]["median_p"] <= 0.05
    assert 1 <= rejected <= 22
