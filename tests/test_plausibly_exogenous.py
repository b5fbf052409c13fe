"""Nearly exogenous instruments: fits of y - Z g one by one, the union, the local prior."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.effects.fitting import estimates
from analysis.effects.study import After, Equation, Study, read_study
from analysis.messages import UserError


def request(outcome="y", vcov="HC1", instruments=("z",), cluster=(), weights="", absorb=(),
            after=(), estimator="two_stage_least_squares", where=""):  # fmt: skip
    return Equation(id="e", outcomes=(outcome,), treatments=(), controls=("x",), endogenous=("d",),
                    instruments=instruments, estimator=estimator, vcov=vcov, cluster=cluster,
                    weights=weights, absorb=absorb, after=after, where=where)  # fmt: skip


def rows_of(frame, **more):
    return estimates(Study("s", "d", (request(**more),)), frame)


def nearly(frame, options, **more):
    rows = rows_of(frame, after=(After("plausibly_exogenous", options),), **more)
    rows = rows[rows["component"].str.startswith("plausibly")]
    return rows.assign(part=rows["component"].str.partition(":")[2]).set_index("part")


def market(n=500, seed=1, direct=0.0):
    rng = np.random.default_rng(seed)
    z, v, x, u = rng.normal(size=(4, n))
    d = 0.6 * z + 0.4 * v + 0.3 * x + u + rng.normal(size=n)
    y = 0.5 * d + direct * z + 0.2 * x + u + rng.normal(size=n) * (1 + 0.5 * abs(z))
    return pd.DataFrame({"y": y, "d": d, "z": z, "v": v, "x": x, "g": np.arange(n) % 40,
                         "w": rng.uniform(0.5, 2, n)})  # fmt: skip


CASES = [
    {"vcov": "classical"}, {"vcov": "HC0"}, {"vcov": "HC1"},
    {"vcov": "cluster", "cluster": ("g",)}, {"vcov": "HC1", "weights": "w"},
    {"vcov": "cluster", "cluster": ("g",), "absorb": ("g",)},
]  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_union_is_that_of_fits_with_the_direct_effect_taken_out(case):
    frame = market()
    found = nearly(frame, {"gamma": [-0.1, 0.25]}, **case).loc["union"]
    lows, highs = [], []
    for g in np.linspace(-0.1, 0.25, 8):
        rows = rows_of(frame.assign(y=frame["y"] - g * frame["z"]), **case).set_index("term")
        lows.append(rows.loc["d", "ci_low"])
        highs.append(rows.loc["d", "ci_high"])
    assert found["ci_low"] == pytest.approx(min(lows), rel=1e-8)
    assert found["ci_high"] == pytest.approx(max(highs), rel=1e-8)


def test_two_instruments_have_a_box_whose_corners_decide():
    frame = market()
    both = {"instruments": ("z", "v")}
    ranges = {"z": [-0.1, 0.1], "v": [0.0, 0.2]}
    found = nearly(frame, {"gamma": ranges}, **both).loc["union"]
    lows, highs = [], []
    for g in np.linspace(-0.1, 0.1, 5):
        for h in np.linspace(0.0, 0.2, 5):
            y = frame["y"] - g * frame["z"] - h * frame["v"]
            rows = rows_of(frame.assign(y=y), **both).set_index("term")
            lows.append(rows.loc["d", "ci_low"])
            highs.append(rows.loc["d", "ci_high"])
    assert found["ci_low"] == pytest.approx(min(lows), rel=1e-8)
    assert found["ci_high"] == pytest.approx(max(highs), rel=1e-8)
    only = nearly(frame, {"gamma": {"z": [-0.1, 0.1]}}, **both).loc["union"]
    assert found["ci_high"] >= only["ci_high"] or found["ci_low"] <= only["ci_low"]


def test_at_zero_it_is_the_equation_and_gamma_zero_takes_the_estimate_away():
    frame = market()
    plain = rows_of(frame).set_index("term").loc["d"]
    rows = nearly(frame, {"gamma": [0, 0], "gamma_sd": 0})
    for part in ("union", "local_to_zero"):
        for column in ("estimate", "ci_low", "ci_high"):
            assert rows.loc[part, column] == pytest.approx(plain[column], rel=1e-9)
    zero = json.loads(rows.loc["union", "extras"])["gamma_zero"]
    away = rows_of(frame.assign(y=frame["y"] - zero * frame["z"])).set_index("term")
    assert away.loc["d", "estimate"] == pytest.approx(0.0, abs=1e-10)


def test_local_to_zero_adds_the_priors_variance():
    frame = market()
    plain = rows_of(frame).set_index("term").loc["d"]
    found = nearly(frame, {"gamma_sd": 0.05, "gamma_mean": 0.1}).loc["local_to_zero"]
    moved = rows_of(frame.assign(y=frame["y"] - 0.1 * frame["z"])).set_index("term").loc["d"]
    slope = (plain["estimate"] - moved["estimate"]) / 0.1
    assert found["estimate"] == pytest.approx(moved["estimate"], rel=1e-9)
    expected = np.hypot(plain["std_error"], 0.05 * slope)
    assert found["std_error"] == pytest.approx(expected, rel=1e-9)
    wider = nearly(frame, {"gamma_sd": 0.05, "level": 0.99}).loc["local_to_zero"]
    assert wider["ci_high"] - wider["estimate"] > found["ci_high"] - found["estimate"]


@pytest.mark.slow
def test_a_direct_effect_in_the_range_is_covered_and_one_drawn_from_the_prior_is_at_95():
    from analysis.effects.sensitivity.near_exogeneity import (
        Shifted,
        local_to_zero,
        union_of_intervals,
    )

    rng, draws = np.random.default_rng(11), 1000
    hits = np.zeros(3)
    for seed in range(draws):
        g = rng.normal(0.1, 0.15)
        for j, direct in enumerate((g, 0.2, None)):
            if direct is None:
                continue
            frame = market(400, seed, direct)
            x = np.column_stack([np.ones(400), frame["x"]])
            out = lambda c: c - x @ np.linalg.lstsq(x, c, rcond=None)[0]  # noqa: E731, B023
            z, d, y = (out(frame[c].to_numpy()) for c in ("z", "d", "y"))
            b, a = z @ y / (z @ d), z @ z / (z @ d)
            f = np.column_stack([z * (y - d * b), z * (z - d * a)]) / (z @ d)
            shifted = Shifted(b, np.array([a]), f.T @ f)
            value, error = local_to_zero(shifted, np.array([0.1]), np.array([0.15]))
            if j == 0:
                hits[0] += abs(value - 0.5) < 1.96 * error
            else:
                ends = union_of_intervals(shifted, np.array([0.0]), np.array([0.2]), 1.96)
                hits[1] += ends[0] <= 0.5 <= ends[1]
                hits[2] += abs(b - 0.5) < 1.96 * shifted.at(np.zeros(1))[1]
    low, high = stats.binom.ppf([0.0005, 0.9995], draws, 0.95)
    assert low <= hits[0] <= high, hits
    assert hits[1] >= low, hits
    assert hits[2] < 0.9 * draws, hits  # the interval that trusts the instrument does not cover


@pytest.mark.parametrize(("options", "more", "text"), [
    ({}, {}, "gamma or gamma_sd"),
    ({"gamma": 0.1}, {}, r"gamma = \[low, high\]"),
    ({"gamma": [0.2, 0.1]}, {}, r"gamma = \[low, high\]"),
    ({"gamma": {"zz": [0, 1]}}, {}, "zz"),
    ({"gamma_sd": -1}, {}, "zero or more"),
    ({"gamma_sd": "a"}, {}, "a number"),
    ({"gama": [0, 1]}, {}, "gamma"),
    ({"gamma": [0, 1]}, {"estimator": "liml"}, "two_stage_least_squares"),
])  # fmt: skip
def test_refusals(options, more, text):
    with pytest.raises(UserError, match=text):
        nearly(market(), options, **more)


def test_from_a_study_file(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "d"\n[[equation]]\nid = "e"\noutcome = "y"\nendogenous = ["d"]\n'
        'instruments = ["z"]\ncontrols = ["x"]\nestimator = "two_stage_least_squares"\n'
        '[[equation.after]]\nname = "plausibly_exogenous"\ngamma_sd = {z = 0.1}\n'
        "gamma = {z = [-0.1, 0.1]}\n"
    )
    rows = estimates(read_study(path), market())
    assert list(rows["component"][-2:]) == [
        "plausibly_exogenous:union", "plausibly_exogenous:local_to_zero",
    ]  # fmt: skip
