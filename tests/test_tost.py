"""Equivalence by two one-sided tests: statsmodels, duality with the interval and the margin."""

import json

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.weightstats import ttost_ind

from analysis.effects.fitting import data_of, estimates
from analysis.effects.study import After, Equation, Study, read_study
from analysis.messages import UserError


def workers(n=400, seed=4, effect=0.1):
    rng = np.random.default_rng(seed)
    d = rng.integers(0, 2, n) * 1.0
    return pd.DataFrame({"d": d, "x": rng.normal(size=n), "y": effect * d + rng.normal(size=n),
                         "p": (rng.uniform(size=n) < 0.5 + 0.05 * d) * 1.0})  # fmt: skip


def tost(options, frame=None, outcomes=("y",), estimator="ols", vcov="classical", **more):
    request = {"treatments": ("d",), "controls": (), **more}
    equation = Equation(id="e", outcomes=outcomes, estimator=estimator, vcov=vcov,
                        after=(After("tost", options),), **request)  # fmt: skip
    rows = estimates(Study("s", "d", (equation,)), workers() if frame is None else frame)
    found = rows[rows["component"] == "tost"]
    return found, [json.loads(text) for text in found["extras"]]


@pytest.mark.parametrize("margin", [0.05, 0.25, 0.6])
def test_two_means_agree_with_statsmodels(margin):
    frame = workers()
    found, (extras,) = tost({"margin": margin}, frame)
    ones, zeros = (frame.loc[frame["d"] == d, "y"] for d in (1, 0))
    p, lower, upper = ttost_ind(ones, zeros, -margin, margin)
    assert found["p_value"].iloc[0] == pytest.approx(p, rel=1e-9)
    assert extras["p_lower"] == pytest.approx(lower[1], rel=1e-9)
    assert extras["p_upper"] == pytest.approx(upper[1], rel=1e-9)


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.2])
@pytest.mark.parametrize("margin", [0.05, 0.2, 0.4])
def test_equivalence_is_declared_where_the_interval_lies_inside_and_p_is_below_alpha(alpha, margin):
    found, (extras,) = tost({"margin": margin, "alpha": alpha})
    row = found.iloc[0]
    inside = -margin < row["ci_low"] and row["ci_high"] < margin
    assert extras["equivalent"] == int(inside) == int(row["p_value"] < alpha)


def test_the_smallest_margin_is_where_p_reaches_alpha():
    _, (extras,) = tost({"margin": 1.0})
    at, _ = tost({"margin": extras["smallest_margin"]})
    assert at["p_value"].iloc[0] == pytest.approx(0.05, abs=1e-9)
    _, (wider,) = tost({"margin": extras["smallest_margin"] * 1.0001})
    _, (narrower,) = tost({"margin": extras["smallest_margin"] * 0.9999})
    assert (wider["equivalent"], narrower["equivalent"]) == (1, 0)


def test_a_margin_in_control_group_deviations_is_the_same_in_any_units():
    frame = workers()
    deviation = frame.loc[frame["d"] == 0, "y"].std()
    one, (extras,) = tost({"margin": 0.3, "unit": "control_sd"}, frame)
    assert extras["margin"] == pytest.approx(0.3 * deviation)
    scaled, _ = tost({"margin": 0.3, "unit": "control_sd"}, frame.assign(y=frame["y"] * 1000))
    assert scaled["p_value"].iloc[0] == pytest.approx(one["p_value"].iloc[0], rel=1e-9)


def test_every_outcome_has_its_row_and_a_likelihood_fit_its_normal_law():
    found, _ = tost({"margin": 0.5}, outcomes=("y", "p"))
    assert list(found["outcome"]) == ["y", "p"]
    logit, (extras,) = tost({"margin": 0.5}, outcomes=("p",), estimator="logit")
    row = logit.iloc[0]
    reach = 1.6448536269514722 * row["std_error"]
    assert row["ci_high"] - row["estimate"] == pytest.approx(reach)
    assert extras["smallest_margin"] == pytest.approx(abs(row["estimate"]) + reach)


@pytest.mark.parametrize(("options", "message"), [
    ({}, "margin above zero"),
    ({"margin": 0.0}, "margin above zero"),
    ({"margin": -0.1}, "margin above zero"),
    ({"margin": "wide"}, "margin is wide"),
    ({"margin": 0.1, "alpha": 0.7}, "alpha is 0.7"),
    ({"margin": 0.1, "unit": "sd"}, "did you mean"),
    ({"margins": 0.1}, "did you mean margin"),
])  # fmt: skip
def test_what_cannot_be_tested_is_refused(options, message):
    with pytest.raises(UserError, match=message):
        tost(options)


def test_control_group_units_need_a_control_group():
    with pytest.raises(UserError, match="treatments of 0 and 1"):
        tost({"margin": 0.1, "unit": "control_sd"}, treatments=("x",))
    with pytest.raises(UserError, match="varies in the control group"):
        constant = workers().assign(y=lambda f: f["d"] * np.arange(len(f)))
        tost({"margin": 0.1, "unit": "control_sd"}, constant)


def test_a_study_file_asks_for_it(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\n[columns]\ny = [1.0, 2.0, 2.5, 4.0, 4.5, 3.0]\nd = [0, 0, 1, 1, 1, 0]\n'
        '[[equation]]\nid = "e"\noutcome = "y"\ntreatment = "d"\nestimator = "ols"\n'
        '[[equation.after]]\nname = "tost"\nmargin = 3\n'
    )
    study = read_study(path)
    rows = estimates(study, data_of(study))
    assert json.loads(rows.iloc[-1]["extras"])["margin"] == 3


@pytest.mark.slow
def test_at_the_margin_equivalence_is_declared_in_five_percent():
    """The effect lies on the margin: the size of the test, 99.9 % band of 200."""
    rng = np.random.default_rng(9)
    declared = 0
    for _ in range(200):
        d = np.arange(200) % 2 * 1.0
        frame = pd.DataFrame({"d": d, "x": d, "y": 0.5 * d + rng.normal(size=200)})
        declared += tost({"margin": 0.5}, frame)[1][0]["equivalent"]
    assert 1 <= declared <= 22
