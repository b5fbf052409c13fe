"""Cinelli and Hazlett's sensitivity: the paper's Darfur numbers, omitted variables put back in."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq

from analysis.effects.fitting import estimates
from analysis.effects.sensitivity.omitted_variable import (
    Estimate,
    adjusted,
    benchmark,
    critical_f,
    robustness_value,
)
from analysis.effects.study import After, Equation, Study, read_study
from analysis.messages import UserError

# Darfur: lm(peacefactor ~ directlyharmed + age + farmer_dar + herder_dar + pastvoted +
# hhsize_darfur + female + village) on the data of PySensemakr 0.0.8
DARFUR = Estimate(0.0973158192849576, 0.023256537809811167, 783.0)


def sensitivity(frame, controls=("a", "b", "c"), estimator="ols", vcov="classical", weights="",
                absorb=(), **options):  # fmt: skip
    equation = Equation(id="e", outcomes=("y",), treatments=("d",), controls=controls,
                        estimator=estimator, vcov=vcov, weights=weights, absorb=absorb,
                        after=(After("cinelli_hazlett", options),))  # fmt: skip
    rows = estimates(Study("s", "d", (equation,)), frame)
    rows = rows[rows["component"].str.startswith("cinelli")]
    return rows.assign(part=rows["component"].str.partition(":")[2]).set_index("part")


def people(n=300, seed=1):
    rng = np.random.default_rng(seed)
    a, b, z = rng.normal(size=(3, n))
    c = rng.integers(0, 4, n)
    d = 0.5 * a + 0.3 * b + 0.3 * (c == 2) + rng.normal(size=n)
    y = 0.4 * d + 0.7 * a - 0.2 * b + 0.5 * (c == 1) + rng.normal(size=n)
    return pd.DataFrame({"y": y, "d": d, "a": a, "b": b, "c": c, "z": z,
                         "w": rng.uniform(0.5, 2, n)})  # fmt: skip


# --- the paper ----------------------------------------------------------------------------------


def test_darfur_robustness_values_are_the_papers():
    # Cinelli and Hazlett 2020, table 1: RV 13.9 %, RV_alpha 7.6 %, partial R2 2.2 %; further digits
    # from sensemakr.robustness_value(t_statistic, dof, q, alpha)
    assert robustness_value(DARFUR, 1.0) == pytest.approx(0.138776, abs=5e-7)
    assert robustness_value(DARFUR, 1.0, 0.05) == pytest.approx(0.076258, abs=5e-7)
    assert robustness_value(DARFUR, 0.5, 0.05) == pytest.approx(0.004563, abs=5e-7)
    assert DARFUR.partial_r2 == pytest.approx(0.021873093341110237, rel=1e-10)


# sensemakr.Sensemakr(model, "directlyharmed", benchmark_covariates=["female"], kd=[1, 2, 3]).bounds
@pytest.mark.parametrize(("k", "r_d", "r_y", "value", "error", "t"), [
    (1, 0.0091642867, 0.1246409230, 0.0752202712, 0.0218733277, 3.4389038602),
    (2, 0.0183285734, 0.2493240642, 0.0529151724, 0.0203500621, 2.6002462391),
    (3, 0.0274928600, 0.3740504710, 0.0303960235, 0.0186700648, 1.6280620213),
])  # fmt: skip
def test_darfur_bounds_by_female_are_the_papers(k, r_d, r_y, value, error, t):
    # the partial R2 of female with the treatment and with the outcome, from the same fit
    bound = benchmark(0.009081065190329479, 0.1090339154278398, k, k)
    assert (bound.r_d, bound.r_y) == pytest.approx((r_d, r_y), rel=1e-7)
    found = adjusted(DARFUR, bound.r_d, bound.r_y)
    assert (found.value, found.error) == pytest.approx((value, error), rel=1e-7)
    assert found.value / found.error == pytest.approx(t, rel=1e-7)


# --- identities ---------------------------------------------------------------------------------


def long_regression(frame, z, w=None):
    dummies = [(frame["c"] == k).astype(float) for k in (1, 2, 3)]
    x = np.column_stack([np.ones(len(frame)), frame["d"], frame["a"], frame["b"], *dummies, z])
    root = np.sqrt(np.ones(len(frame)) if w is None else w.to_numpy())
    x, y = x * root[:, None], frame["y"].to_numpy() * root
    b = np.linalg.solve(x.T @ x, x.T @ y)
    e = y - x @ b
    df = len(y) - x.shape[1]
    return b[1], np.sqrt(e @ e / df * np.linalg.inv(x.T @ x)[1, 1]), x, y


def partial_r2(target, column, others):
    rest = lambda v: v - others @ np.linalg.lstsq(others, v, rcond=None)[0]  # noqa: E731
    one, two = rest(target), rest(column)
    return (one @ two) ** 2 / ((one @ one) * (two @ two))


@pytest.mark.parametrize("weights", ["", "w"])
def test_an_omitted_variable_put_back_moves_estimate_and_error_as_the_formulas_say(weights):
    frame = people()
    z = frame["z"] + 0.4 * frame["d"] + 0.3 * frame["y"]
    b, error, x, y = long_regression(frame, z, frame["w"] if weights else None)
    others = np.delete(x, [1, 7], axis=1)
    r_d = partial_r2(x[:, 1], x[:, 7], others)
    r_y = partial_r2(y, x[:, 7], np.delete(x, 7, axis=1))
    rows = sensitivity(frame, ("a", "b", "C(c)"), "wls" if weights else "ols", weights=weights)
    about = json.loads(rows.loc["rv", "extras"])
    equation = Equation(id="e", outcomes=("y",), treatments=("d",), controls=("a", "b", "C(c)"),
                        estimator="wls" if weights else "ols", weights=weights)  # fmt: skip
    value = estimates(Study("s", "d", (equation,)), frame).set_index("term").loc["d", "estimate"]
    known = Estimate(value, about["classical_se"], about["df"])
    nearer, farther = (adjusted(known, r_d, r_y, reduce=way) for way in (True, False))
    assert min(abs(nearer.value - b), abs(farther.value - b)) < 1e-10
    assert nearer.error == pytest.approx(error, rel=1e-10)


@pytest.mark.parametrize("q", [0.5, 1.0])
@pytest.mark.parametrize("t", [3.0, 8.0, 60.0, 2000.0])
def test_the_robustness_value_is_the_least_strength_that_does_it(q, t):
    """Over all r_d, r_y at or below r the smallest t against (1 - q) b is at the critical value."""
    known = Estimate(t, 1.0, 120.0)
    assert adjusted(known, *[robustness_value(known, q)] * 2).value == pytest.approx(
        (1 - q) * t, abs=1e-7
    )
    crit = critical_f(120.0, 0.05) * np.sqrt(119.0)

    def least_t(r):
        r_y = np.linspace(0.0, r, 4001)
        bias = np.sqrt(120.0 * r_y * r / (1 - r))
        error = np.sqrt((1 - r_y) / (1 - r) * 120.0 / 119.0)
        return ((q * t - bias) / error).min() - crit

    expected = brentq(least_t, 1e-9, 1 - 1e-9) if least_t(1e-9) > 0 else 0.0
    assert robustness_value(known, q, 0.05) == pytest.approx(expected, abs=2e-6)


def test_a_benchmark_once_as_strong_is_what_leaving_it_out_would_hide():
    """Partial R2 of each benchmark by regressions written out; groups and C(x) as wholes."""
    frame = people()
    rows = sensitivity(frame, ("a", "b", "C(c)"), benchmarks={"class": ["C(c)"], "a": ["a"]}, kd=1)
    _, _, x, y = long_regression(frame, frame["z"])
    x = x[:, :7]
    rss = lambda t, m: ((t - m @ np.linalg.lstsq(m, t, rcond=None)[0]) ** 2).sum()  # noqa: E731
    for name, at in (("class", [4, 5, 6]), ("a", [2])):
        about = json.loads(rows.loc[f"1x {name}", "extras"])
        without, d = np.delete(x, [1, *at], axis=1), x[:, 1]
        r_dx = 1 - rss(d, np.delete(x, 1, axis=1)) / rss(d, without)
        r_yx = 1 - rss(y, x) / rss(y, np.delete(x, at, axis=1))
        assert about["r2_treatment_benchmark"] == pytest.approx(r_dx, rel=1e-8)
        assert about["r2_outcome_benchmark"] == pytest.approx(r_yx, rel=1e-8)
        assert about["r2_treatment"] == pytest.approx(r_dx / (1 - r_dx), rel=1e-8)


def test_rows_bounds_and_contours():
    frame = people()
    rows = sensitivity(frame, benchmarks=["a", "b"], kd=[1, 2], ky=[1, 3], contour=True)
    names = ["rv", "rv_alpha", "partial_r2", "1x a", "2x/3x a", "1x b", "2x/3x b"]
    assert list(rows.index) == names
    about = json.loads(rows.loc["rv", "extras"])
    assert len(about["contour_estimate"]) == len(about["contour_r2"]) == 21
    corner = adjusted(
        Estimate(about["contour_estimate"][0][0], about["classical_se"], about["df"]),
        about["contour_r2"][4],
        about["contour_r2"][7],
    )
    assert about["contour_estimate"][7][4] == pytest.approx(corner.value, rel=1e-4)
    away = sensitivity(frame, benchmarks="b", kd=1, away=True).loc["1x b", "estimate"]
    assert away > rows.loc["1x b", "estimate"]
    robust = sensitivity(frame, vcov="HC1")
    assert "classical" in robust.loc["rv", "note"]
    assert robust.loc["rv", "estimate"] == rows.loc["rv", "estimate"]


def test_impossible_benchmarks_are_said_to_be():
    frame = people()
    frame["d"] = 5 * frame["a"] + frame["z"]
    rows = sensitivity(frame, benchmarks=["a"], kd=[1])
    assert pd.isna(rows.loc["1x a", "estimate"])
    assert "impossible" in rows.loc["1x a", "note"]
    assert benchmark(0.1, 0.9, 1, 1).reached


def test_absorbed_effects_are_as_dummies():
    frame = people()
    one = sensitivity(frame, ("a", "b"), "fixed_effects", absorb=("c",), benchmarks=["a"])
    other = sensitivity(frame, ("a", "b", "C(c)"), benchmarks=["a"])
    np.testing.assert_allclose(one["estimate"], other["estimate"], rtol=1e-9)


@pytest.mark.parametrize(("more", "text"), [
    ({"benchmarks": ["aa"]}, "aa"),
    ({"benchmarks": ["d"]}, "no control d"),
    ({"benchmarks": {"one": []}}, "benchmarks = "),
    ({"kd": 0}, "kd"),
    ({"kd": [1, 2], "ky": [1]}, "as many"),
    ({"q": 0}, "q is 0"),
    ({"alpha": 1}, "alpha"),
    ({"contour": 3}, "contour"),
    ({"benchmarks": ["a"], "away": 1}, "away"),
    ({"benchmark": ["a"]}, "benchmarks"),
    ({"estimator": "quantile", "vcov": ""}, "linear"),
])  # fmt: skip
def test_refusals(more, text):
    with pytest.raises(UserError, match=text):
        sensitivity(people(), **more)


def test_from_a_study_file(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "d"\n[[equation]]\nid = "e"\noutcome = "y"\ntreatment = "d"\n'
        'controls = ["a", "b"]\nestimator = "ols"\nvcov = "classical"\n'
        '[[equation.after]]\nname = "cinelli_hazlett"\nbenchmarks = ["a"]\nkd = [1]\n'
    )
    rows = estimates(read_study(path), people())
    assert list(rows["component"][-4:]) == [
        f"cinelli_hazlett:{name}" for name in ("rv", "rv_alpha", "partial_r2", "1x a")
    ]


def test_a_perfect_fit_is_refused():
    with pytest.raises(UserError, match="degrees of freedom"):
        sensitivity(people(6), ("a", "b", "z"))
