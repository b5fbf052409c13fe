"""The decomposition of quantiles, variance and Gini: identities, the plain one, the bootstrap."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.effects.estimators import rif_oaxaca
from analysis.effects.fitting import estimates
from analysis.effects.inference.covariance import covariance
from analysis.effects.sample import take_sample
from analysis.effects.study import Equation, Study, read_study
from analysis.messages import UserError


def equation_of(estimator, outcome="y", controls=("x", "z"), vcov="HC1", **more):
    options = more.pop("options", {})
    return Equation(id="e", outcomes=(outcome,), treatments=("g",), controls=controls, vcov=vcov,
                    estimator=estimator, options=options, **more)  # fmt: skip


def decomposed(frame, estimator="rif_oaxaca", outcome="y", weights="", draws=None,
               vcov="HC1", controls=("x", "z"), where="", **options):  # fmt: skip
    equation = equation_of(estimator, outcome, controls, vcov, weights=weights, draws=draws,
                           where=where, options=options)  # fmt: skip
    return estimates(Study("s", "d", (equation,)), frame)


def value(rows, component, term="g", column="estimate"):
    found = rows[(rows["component"] == component) & (rows["term"] == term)]
    return float(found[column].iloc[0])


def wages(n=800, seed=2):
    rng = np.random.default_rng(seed)
    g = (rng.random(n) < 0.4).astype(float)
    x = (rng.random(n) < 0.3 + 0.3 * g).astype(float)
    z = rng.normal(size=n)
    y = np.exp(0.3 * g + 0.5 * x + 0.2 * z + rng.normal(size=n) * (0.4 + 0.2 * x))
    return pd.DataFrame({"g": g, "x": x, "z": z, "y": y, "w": rng.uniform(0.5, 2, n)})


def influence_by_hand(y, w, tau):
    """Quantile, Silverman's bandwidth, Gaussian density and RIF, written out."""
    order = np.argsort(y)
    at = lambda t: y[order][np.searchsorted(np.cumsum(w[order]) / w.sum(), t - 1e-12)]  # noqa: E731
    sd = np.sqrt(np.average((y - np.average(y, weights=w)) ** 2, weights=w) * len(y) / (len(y) - 1))
    h = 0.9 * min(sd, (at(0.75) - at(0.25)) / 1.34) * len(y) ** -0.2
    density = np.average(stats.norm.pdf((y - at(tau)) / h), weights=w) / h
    return at(tau) + (tau - (y <= at(tau))) / density


@pytest.mark.parametrize("options", [{}, {"threefold": True}, {"reference": "group_1"}])
@pytest.mark.parametrize("weights", ["", "w"])
def test_it_is_the_plain_decomposition_of_each_groups_own_influence_function(options, weights):
    frame = wages()
    w = frame["w"] / frame["w"].mean() if weights else pd.Series(np.ones(len(frame)))
    for group in (0.0, 1.0):
        own = frame["g"] == group
        rif = influence_by_hand(frame["y"][own].to_numpy(), w[own].to_numpy(), 0.3)
        frame.loc[own, "rif"] = rif
    ours = decomposed(frame, quantiles=[0.3], weights=weights, **options)
    plain = decomposed(frame, "oaxaca_blinder", "rif", weights=weights, **options)
    assert list(ours["component"]) == [f"tau=0.3 {name}" for name in plain["component"]]
    for column in ("estimate", "std_error"):
        np.testing.assert_allclose(ours[column], plain[column], rtol=1e-8, atol=1e-12)


def test_group_coefficients_are_those_of_the_groups_own_rif_regressions():
    frame = wages()
    own = {}
    for group in (0, 1):
        part = equation_of("rif_quantile", where=f"g == {group}", options={"quantiles": [0.5]})
        part = Equation(**{**part.__dict__, "treatments": ("x",), "controls": ("z",)})
        own[group] = estimates(Study("s", "d", (part,)), frame).set_index("term")["estimate"]
    apart = frame.groupby("g")[["x", "z"]].mean().diff().iloc[1]
    rows = decomposed(frame, quantiles=[0.5], threefold=True)
    for term in ("x", "z"):
        assert value(rows, "tau=0.5 endowments", term) == pytest.approx(apart[term] * own[0][term])
        interaction = apart[term] * (own[1][term] - own[0][term])
        assert value(rows, "tau=0.5 interaction", term) == pytest.approx(interaction)


def gini(y):
    return abs(y[:, None] - y[None, :]).mean() / (2 * y.mean())


@pytest.mark.parametrize(("options", "name", "statistic"), [
    ({"statistic": "variance"}, "variance", np.var),
    ({"statistic": "gini"}, "gini", gini),
    ({"statistic": "interquantile_range"}, "tau=0.9 less tau=0.1",
     lambda y: np.diff(np.quantile(y, [0.1, 0.9], method="inverted_cdf"))[0]),
    ({"quantiles": [0.25]}, "tau=0.25", lambda y: np.quantile(y, 0.25, method="inverted_cdf")),
])  # fmt: skip
def test_the_levels_are_the_statistics_and_the_parts_add_up(options, name, statistic):
    frame = wages()
    own = [statistic(frame["y"][frame["g"] == group].to_numpy()) for group in (1, 0)]
    # a quantile is the mean of its influence function but for the rows at it: tau - F(q) over f
    near = 2e-2 if "tau" in name else 1e-12
    for form in ({}, {"threefold": True}, {"reweight": True}):
        rows = decomposed(frame, **options, **form)
        levels = [value(rows, f"{name} {group}") for group in ("group_1", "group_0")]
        assert levels == pytest.approx(own, rel=near)
        gap = value(rows, f"{name} gap")
        assert gap == pytest.approx(levels[0] - levels[1], abs=1e-12)
        parts = ("endowments", "coefficients", "interaction") if "threefold" in form else (
            "explained", "unexplained")  # fmt: skip
        assert sum(value(rows, f"{name} {part}") for part in parts) == pytest.approx(gap)


def test_a_saturated_reweighting_leaves_no_error_and_is_that_by_cells():
    frame = wages()
    rows = decomposed(frame, controls=("x",), quantiles=[0.5], reweight=True)
    assert value(rows, "tau=0.5 reweighting_error") == pytest.approx(0.0, abs=1e-9)
    assert value(rows, "tau=0.5 specification_error") != 0.0
    # the reweighted group 0 by hand: within cells of x, weights n1(x) / n0(x)
    counts = frame.groupby(["g", "x"]).size()
    zero = frame[frame["g"] == 0]
    w = np.array([counts[1.0, x] / counts[0.0, x] for x in zero["x"]])
    y = zero["y"].to_numpy()
    order = np.argsort(y)
    median = y[order][np.searchsorted(np.cumsum(w[order]) / w.sum(), 0.5)]
    total = value(rows, "tau=0.5 explained")
    assert total == pytest.approx(median - np.quantile(y, 0.5, method="inverted_cdf"), abs=0.02)


def test_a_shift_is_unexplained_at_every_quantile_and_the_rest_explained():
    rng = np.random.default_rng(5)
    g = (np.arange(20_000) % 2).astype(float)
    x = rng.normal(size=len(g)) + 0.4 * g
    frame = pd.DataFrame({"g": g, "x": x, "y": x + 0.5 * g + rng.normal(size=len(g))})
    rows = decomposed(frame, controls=("x",), quantiles=[0.25, 0.5, 0.75], reference="group_0")
    for tau in (0.25, 0.5, 0.75):
        assert value(rows, f"tau={tau} unexplained") == pytest.approx(0.5, abs=0.07)
        assert value(rows, f"tau={tau} explained") == pytest.approx(0.4, abs=0.07)


def test_the_bootstrap_repeats_the_density_and_is_near():
    frame = wages(500)
    close = decomposed(frame, quantiles=[0.5], detailed=False)
    drawn = decomposed(frame, quantiles=[0.5], detailed=False, vcov="bootstrap", draws=150)
    assert "taken as known" in close["note"].iloc[0]
    assert "taken as known" not in drawn["note"].iloc[0]
    ratio = drawn["std_error"] / close["std_error"]
    assert ratio.between(0.7, 1.45).all()
    assert not np.allclose(ratio, 1.0, atol=1e-3)


def again(equation, frame, kept=[]):  # noqa: B006
    """Fit without the way from a file: one sample taken, then its columns replaced."""
    if not kept:
        kept.append(take_sample(Study("s", "d", (equation,)), equation, "y", frame))
    return rif_oaxaca.fit(
        replace(kept[0], outcome=frame["y"].to_numpy(), regressors=frame[["g", "x"]]), equation
    )


@pytest.mark.slow
def test_intervals_cover_the_gap_of_medians():
    rng, hits, draws = np.random.default_rng(3), 0, 500
    equation = equation_of("rif_oaxaca", controls=("x",),
                           options={"quantiles": [0.5], "detailed": False})  # fmt: skip
    for _ in range(draws):
        g = (np.arange(400) % 2).astype(float)
        x = rng.normal(size=400) + 0.5 * g
        frame = pd.DataFrame({"g": g, "x": x, "y": x + 0.3 * g + rng.normal(size=400)})
        found = again(equation, frame)
        j = found.components.index("tau=0.5 gap")
        error = np.sqrt(covariance(found, "HC1", pd.DataFrame()).matrix[j, j])
        hits += abs(found.estimate[j] - 0.8) < 1.96 * error
    low, high = stats.binom.ppf([0.0005, 0.9995], draws, 0.95)
    assert low <= hits <= high, hits


@pytest.mark.parametrize(("options", "text"), [
    ({"statistic": "median"}, "statistic"),
    ({"quantiles": [1.5]}, "between 0 and 1"),
    ({"quantiles": [0.001]}, "beyond each quantile"),
    ({"statistic": "interquantile_range", "quantiles": [0.1, 0.5, 0.9]}, "two quantiles"),
    ({"statistic": "variance", "quantiles": [0.5]}, "no quantiles"),
    ({"bandwidth": 0}, "bandwidth"),
    ({"kernel": "box"}, "kernel"),
    ({"quantils": [0.5]}, "quantiles"),
])  # fmt: skip
def test_refusals(options, text):
    with pytest.raises(UserError, match=text):
        decomposed(wages(), **options)


def test_a_negative_outcome_has_no_gini_and_heaps_no_density():
    frame = wages()
    with pytest.raises(UserError, match="not negative"):
        decomposed(frame.assign(y=-frame["y"]), statistic="gini")
    rows = decomposed(frame.assign(y=frame["y"].round(0)), quantiles=[0.5])
    assert "no density" in rows["note"].iloc[0]
    with pytest.raises(UserError, match="varies in both groups"):
        decomposed(frame.assign(y=frame["y"] * frame["g"]), quantiles=[0.5])


def test_from_a_study_file(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "d"\n[[equation]]\nid = "e"\noutcome = "y"\ntreatment = "g"\n'
        'controls = ["x", "z"]\nestimator = "rif_oaxaca"\n[equation.options]\nquantiles = [0.5]\n'
        'reference = "group_0"\ndetailed = false\n'
    )
    rows = estimates(read_study(path), wages())
    names = ("group_1", "group_0", "gap", "explained", "unexplained")
    assert list(rows["component"]) == [f"tau=0.5 {name}" for name in names]
    extras = json.loads(rows["extras"].iloc[0])
    assert extras["density[tau=0.5 group_1]"] > 0.0
