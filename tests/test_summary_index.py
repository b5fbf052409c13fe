"""The summary index: Anderson's and the equal-weight one by hand, invariances, refusals."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.effects.fitting import data_of, estimates
from analysis.effects.multiplicity.index import equal_weight_index, inverse_covariance_index
from analysis.effects.study import After, Equation, Study, read_study
from analysis.messages import UserError

OUTCOMES = ("y0", "y1", "y2")


def workers(n=300, seed=6):
    rng = np.random.default_rng(seed)
    d, common = rng.integers(0, 2, n) * 1.0, rng.normal(size=n)
    frame = pd.DataFrame({"d": d, "x": rng.normal(size=n)})
    for j in range(3):
        frame[f"y{j}"] = 0.3 * d + (2 - j) * common + (j + 1) * rng.normal(size=n)
    return frame


def index(frame=None, options=None, outcomes=OUTCOMES, **more):
    request = {"treatments": ("d",), "controls": (), "estimator": "ols", "vcov": "HC1", **more}
    equation = Equation(id="e", outcomes=outcomes, after=(After("summary_index", options or {}),),
                        **request)  # fmt: skip
    rows = estimates(Study("s", "d", (equation,)), workers() if frame is None else frame)
    found = rows[rows["component"].str.startswith("summary_index")].set_index("component")
    return found.rename(index=lambda name: name.removeprefix("summary_index:"))


def by_hand(frame):
    values = frame[list(OUTCOMES)]
    control = values[frame["d"] == 0]
    return (values - control.mean()) / control.std()


def difference(values, d):
    return values[d == 1].mean() - values[d == 0].mean()


def test_the_inverse_covariance_index_is_andersons_formula():
    frame = workers()
    z = by_hand(frame)
    weights = np.linalg.inv(z.cov().to_numpy()).sum(axis=1)
    found = index(frame).loc["inverse_covariance"]
    assert found["estimate"] == pytest.approx(difference(z @ weights / weights.sum(), frame["d"]))
    printed = json.loads(found["extras"])["weights"]
    np.testing.assert_allclose(list(printed.values()), weights / weights.sum())
    assert list(printed) == list(OUTCOMES)


def test_the_equal_weight_index_is_the_mean_of_standardised_effects():
    frame = workers()
    found = index(frame).loc["equal"]
    assert found["estimate"] == pytest.approx(difference(by_hand(frame).mean(axis=1), frame["d"]))
    assert found["estimate"] == pytest.approx(
        np.mean([difference(by_hand(frame)[y], frame["d"]) for y in OUTCOMES])
    )
    assert found["quantity"] == "coefficient"


@pytest.mark.parametrize("kind", ["inverse_covariance", "equal"])
def test_units_do_not_matter_and_a_turned_outcome_is_turned_back(kind):
    plain = index(workers()).loc[kind]
    frame = workers().assign(y1=lambda f: -1000.0 * f["y1"] + 3, y2=lambda f: f["y2"] / 7)
    turned = index(frame, {"flip": ["y1"]}).loc[kind]
    for column in ("estimate", "std_error", "p_value"):
        assert turned[column] == pytest.approx(plain[column], rel=1e-9)
    one = index(frame, {"flip": "y1", "weights": kind})
    assert list(one.index) == [kind]


def test_uncorrelated_outcomes_of_one_variance_weigh_alike():
    rng = np.random.default_rng(0)
    q, _ = np.linalg.qr(np.column_stack([np.ones(50), rng.normal(size=(50, 3))]))
    found = inverse_covariance_index(q[:, 1:])
    np.testing.assert_allclose(found.weights, 1 / 3, rtol=1e-10)
    np.testing.assert_allclose(found.values, q[:, 1:].mean(axis=1))


def test_a_missing_outcome_leaves_the_mean_of_the_others_or_its_arms_mean():
    frame = workers()
    frame.loc[[0, 5], "y1"] = np.nan
    z = by_hand(frame)
    weights = np.linalg.inv(z.cov().to_numpy()).sum(axis=1)
    values = inverse_covariance_index(z.to_numpy()).values
    others = weights[[0, 2]]
    assert values[5] == pytest.approx(z.loc[5, ["y0", "y2"]] @ others / others.sum())
    arms = frame["d"].to_numpy(int)
    filled = z["y1"].where(z["y1"].notna(), z["y1"].groupby(frame["d"]).transform("mean"))
    expected = z.assign(y1=filled).mean(axis=1)
    np.testing.assert_allclose(equal_weight_index(z.to_numpy(), arms).values, expected)
    assert json.loads(index(frame).loc["equal", "extras"])["n_obs"] == 300


def test_a_row_without_any_outcome_is_left_out():
    frame = workers()
    frame.loc[:9, list(OUTCOMES)] = np.nan
    found = index(frame)
    assert {json.loads(text)["n_obs"] for text in found["extras"]} == {290}


def test_another_treatment_than_0_and_1_is_standardised_by_the_sample():
    with pytest.raises(UserError, match="treatments of 0 and 1"):
        index(treatments=("x",))
    found = index(treatments=("x",), options={"standardise": "sample", "weights": "equal"})
    frame = workers()
    z = frame[list(OUTCOMES)].apply(lambda y: (y - y.mean()) / y.std()).mean(axis=1)
    slope = np.cov(z, frame["x"])[0, 1] / frame["x"].var()
    assert found.loc["equal", "estimate"] == pytest.approx(slope)


@pytest.mark.parametrize(("changes", "message"), [
    ({"outcomes": ("y0",)}, "several outcomes"),
    ({"options": {"flip": ["y9"]}}, "did you mean y"),
    ({"options": {"weights": "pca"}}, "no weights pca"),
    ({"options": {"standardise": "no"}}, "no standardise no"),
    ({"options": {"signs": 1}}, "no option signs"),
])  # fmt: skip
def test_what_makes_no_index_is_refused(changes, message):
    with pytest.raises(UserError, match=message):
        index(**changes)


def test_collinear_or_constant_outcomes_are_refused():
    with pytest.raises(UserError, match="not collinear"):
        index(workers().assign(y2=lambda f: f["y0"] + f["y1"]))
    with pytest.raises(UserError, match="outcome y2 that varies"):
        index(workers().assign(y2=lambda f: f["d"]))


def test_a_study_file_asks_for_it(tmp_path):
    workers().to_csv(tmp_path / "d.csv", index=False)
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "d.csv"\n[derive]\nlow = "-y2"\n'
        '[[equation]]\nid = "e"\noutcomes = ["y0", "low"]\ntreatment = "d"\nestimator = "ols"\n'
        'where = "x > -1"\n[[equation.after]]\nname = "summary_index"\nflip = ["low"]\n'
    )
    study = read_study(path)
    rows = estimates(study, data_of(study))
    assert list(rows["component"])[-2:] == [
        "summary_index:inverse_covariance",
        "summary_index:equal",
    ]
    assert json.loads(rows.iloc[-1]["extras"])["n_obs"] == (workers()["x"] > -1).sum()
