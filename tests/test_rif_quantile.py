"""Unconditional quantile regression: its mean property, R, other statistics, bootstrap, refusals."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.effects.distribution.recentred import quantile_value, rif_gini, rif_variance
from analysis.effects.fitting import estimates
from analysis.effects.study import Equation, Study, read_study
from analysis.messages import UserError
from analysis.sources.data_sets import teaching_data_sets


def fitted(frame, estimator="rif_quantile", vcov="HC1", outcome="y", terms=("x",), **more):
    equation = Equation("e", (outcome,), ("d",), terms, estimator, vcov=vcov, **more)
    rows = estimates(Study("s", "d", (equation,)), frame)
    return rows, json.loads(rows["extras"].iloc[0] or "{}")


def wages(n=400, seed=1):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"d": rng.integers(0, 2, n) * 1.0, "x": rng.normal(size=n)})
    frame["g"], frame["w"] = rng.integers(0, 30, n), rng.uniform(0.5, 2, n)
    return frame.assign(y=np.exp(1 + 0.3 * frame["d"] + 0.5 * frame["x"] + rng.normal(size=n)))


@pytest.mark.parametrize("kernel", ["gaussian", "epanechnikov"])
def test_prediction_at_the_means_is_the_sample_quantile(kernel):
    frame = wages(400)  # 400 tau is a whole number at the default quantiles
    rows, extras = fitted(frame, options={"kernel": kernel})
    means = {"const": 1.0, "d": frame["d"].mean(), "x": frame["x"].mean()}
    for component, part in rows.groupby("component"):
        predicted = (part["estimate"] * part["term"].map(means)).sum()
        tau = float(component.removeprefix("tau="))
        assert predicted == pytest.approx(np.sort(frame["y"])[round(400 * tau) - 1], rel=1e-9)
        assert extras[f"statistic[{component}]"] == pytest.approx(predicted, rel=1e-9)


def test_estimates_are_those_of_r_on_engels_data():
    # R 4.2: h <- bw.nrd0(y); q <- quantile(y, .5, type = 1); f <- mean(dnorm((y - q) / h)) / h
    # summary(lm(q + (.5 - (y <= q)) / f ~ income))$coef[, 1:2], y = foodexp
    frame = teaching_data_sets()["engel"]()
    options = {"quantiles": [0.5], "bandwidth": 70.8141726579324}
    equation = Equation("e", ("foodexp",), ("income",), (), "rif_quantile", vcov="classical",
                        options=options)  # fmt: skip
    rows = estimates(Study("s", "d", (equation,)), frame)
    extras = json.loads(rows["extras"].iloc[0])
    np.testing.assert_allclose(rows["estimate"], [222.121007878835741, 0.365534231830457])
    np.testing.assert_allclose(rows["std_error"], [33.3575334032623374, 0.0300322561223769])
    assert extras["statistic[tau=0.5]"] == pytest.approx(582.541250941850)
    assert extras["density[tau=0.5]"] == pytest.approx(1.64588623527014e-03)


def test_bandwidth_is_silvermans():
    frame = wages()
    y = np.sort(frame["y"])
    spread = min(y.std(ddof=1), (y[299] - y[99]) / 1.34)
    extras = fitted(frame)[1]
    assert extras["bandwidth"] == pytest.approx(0.9 * spread * 400**-0.2)


@pytest.mark.parametrize("vcov", ["classical", "HC1", "cluster"])
def test_of_the_mean_it_is_least_squares(vcov):
    own = fitted(wages(), vcov=vcov, options={"statistic": "mean"}, cluster=("g",))[0]
    plain = fitted(wages(), "ols", vcov=vcov, cluster=("g",))[0]
    for name in ("estimate", "std_error", "p_value"):
        np.testing.assert_allclose(own[name], plain[name], rtol=1e-10)


def gini(y, w):
    return (np.outer(w, w) * np.abs(y[:, None] - y)).sum() / (2 * w.sum() * (w @ y))


def variance(y, w):
    return np.average((y - np.average(y, weights=w)) ** 2, weights=w)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_influence_is_the_derivative_by_a_rows_weight(seed, tied):
    rng = np.random.default_rng(seed)
    y, w = rng.lognormal(size=40), rng.uniform(0.5, 2, 40)
    y = np.ceil(y) if tied else y
    for rif, statistic in ((rif_gini, gini), (rif_variance, variance)):
        value, influence, step = statistic(y, w), rif(y, w), 1e-6
        assert np.average(influence, weights=w) == pytest.approx(value, rel=1e-9)
        # moving a share e of the mass to row i moves the statistic by e (RIF_i - value)
        i = int(rng.integers(40))
        shifted = (1 - step) * w + step * w.sum() * (np.arange(40) == i)
        slope = (statistic(y, shifted) - value) / step
        assert slope == pytest.approx(influence[i] - value, rel=1e-3, abs=1e-4)


def test_interquantile_range_is_the_difference_of_both_quantiles():
    frame = wages()
    range_, extras = fitted(frame, options={"statistic": "interquantile_range"})
    both = fitted(frame, options={"quantiles": [0.1, 0.9]})[0]
    low, high = (both.loc[both["component"] == f"tau={t}", "estimate"] for t in (0.1, 0.9))
    np.testing.assert_allclose(range_["estimate"], high.to_numpy() - low.to_numpy(), rtol=1e-9)
    assert set(range_["component"]) == {"tau=0.9 less tau=0.1"}
    assert extras["statistic[tau=0.9 less tau=0.1]"] == pytest.approx(
        extras["statistic[tau=0.9]"] - extras["statistic[tau=0.1]"]
    )


def test_weights_are_repeated_rows():
    frame = wages(120).assign(w=lambda f: 1.0 + np.arange(120) % 3)
    options = {"quantiles": [0.25, 0.5], "bandwidth": 0.7}
    weighted = fitted(frame, options=options, weights="w")[0]
    repeated = fitted(frame.loc[frame.index.repeat(frame["w"].astype(int))], options=options)[0]
    np.testing.assert_allclose(weighted["estimate"], repeated["estimate"], rtol=1e-9)


def test_equal_effects_are_tested_across_quantiles():
    rng = np.random.default_rng(3)
    frame = wages(3000, 3)
    level = frame.assign(y=frame["d"] + rng.uniform(0, 20, 3000))
    assert fitted(level)[1]["equality_p[d]"] > 0.05
    assert fitted(frame)[1]["equality_p[x]"] < 0.001


def test_bootstrap_repeats_the_density_and_says_so():
    frame, options = wages(300), {"quantiles": [0.9]}
    fixed = fitted(frame, options=options)[0]
    drawn = fitted(frame, vcov="bootstrap", draws=100, options=options)[0]
    assert "density is taken as known" in fixed["note"].iloc[0]
    assert "density is taken as known" not in drawn["note"].iloc[0]
    # at 0.9 of a long tail the density's error is a large part of the slope's
    assert drawn["std_error"].iloc[2] > 1.1 * fixed["std_error"].iloc[2]


def test_a_heap_at_the_quantile_is_pointed_out():
    frame = wages().assign(y=lambda f: np.maximum(f["y"], f["y"].quantile(0.3)))
    note = fitted(frame, options={"quantiles": [0.25, 0.75]})[0]["note"].iloc[0]
    assert "30% of the outcomes are exactly" in note
    assert "[tau=0.25]: no density" in note
    assert "[tau=0.75]" not in note


@pytest.mark.parametrize(("options", "change", "phrase"), [
    ({"quantiles": [1.2]}, {}, "between 0 and 1"),
    ({"quantiles": [0.002]}, {}, "beyond each quantile"),
    ({"statistic": "ginni"}, {}, "gini"),
    ({"statistic": "gini", "quantiles": [0.5]}, {}, "no quantiles"),
    ({"statistic": "gini"}, {"y": -1.0}, "not negative"),
    ({"statistic": "interquantile_range", "quantiles": [0.5]}, {}, "two quantiles"),
    ({"bandwidth": 0}, {}, "bandwidth"),
    ({"bandwidth": True}, {}, "bandwidth"),
    ({"kernel": "normal"}, {}, "gaussian"),
    ({"bandwith": 1.0}, {}, "bandwidth"),
    ({}, {"y": 3.0}, "varies"),
    ({}, {"d": 1.0}, "never varies"),
])  # fmt: skip
def test_what_cannot_be_fitted_is_refused(options, change, phrase):
    with pytest.raises(UserError, match=phrase):
        fitted(wages().assign(**change), options=options)


def test_weighted_quantile_is_the_first_to_reach_tau():
    y, w = np.array([3.0, 1.0, 2.0]), np.array([1.0, 2.0, 1.0])
    assert [quantile_value(y, w, t) for t in (0.5, 0.51, 0.75, 0.76)] == [1.0, 2.0, 2.0, 3.0]


def test_a_study_file_asks_for_it(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "engel"\n[[equation]]\nid = "q"\noutcome = "foodexp"\n'
        'treatment = "income"\nestimator = "rif_quantile"\n[equation.options]\nstatistic = "gini"\n'
    )
    rows = estimates(read_study(path), teaching_data_sets()["engel"]())
    assert list(rows["component"]) == ["gini", "gini"]


@pytest.mark.slow
def test_intervals_of_an_unconditional_effect_cover():
    """y = 0.2 d + e, P(d = 1) = 1/2: the effect at tau is (F_0(q) - F_1(q)) / f(q)."""
    q = 0.1  # the median of an even mixture of N(0, 1) and N(0.2, 1)
    density = (stats.norm.pdf(q) + stats.norm.pdf(q - 0.2)) / 2
    true = (stats.norm.cdf(q) - stats.norm.cdf(q - 0.2)) / density
    hits, replications = 0, 400
    for seed in range(replications):
        rng = np.random.default_rng(seed)
        d = rng.integers(0, 2, 600) * 1.0
        frame = pd.DataFrame({"d": d, "y": 0.2 * d + rng.normal(size=600)})
        row = fitted(frame, terms=(), options={"quantiles": [0.5]})[0].iloc[1]
        hits += row["ci_low"] < true < row["ci_high"]
    low, high = stats.binom.ppf([0.0005, 0.9995], replications, 0.95)
    assert low <= hits <= high
