"""Two-part models: both parts as fitted alone, the combined effects by hand, refusals, coverage."""

import json

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from analysis.effects.distribution.participation import LINKS
from analysis.effects.distribution.truncated_counts import truncated_mean
from analysis.effects.distribution.two_indices import effects_of_parts, part_of
from analysis.effects.estimators.two_part import _exponential
from analysis.effects.fitting import estimates, sample_of
from analysis.effects.study import Equation, Study, read_study
from analysis.messages import UserError

TERMS = ["const", "d", "x", "x ** 2"]


def fitted(frame, vcov="HC0", outcome="y", controls=("x", "x ** 2"), **more):
    equation = Equation("e", (outcome,), ("d",), controls, "two_part", vcov=vcov, **more)
    rows = estimates(Study("s", "d", (equation,)), frame)
    return rows, json.loads(rows["extras"].iloc[0])


def chosen(rows, component, quantity, name="estimate"):
    part = rows[(rows["component"] == component) & (rows["quantity"] == quantity)]
    return part.set_index("term")[name].astype(float)


def bonuses(n=600, seed=1):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"d": rng.integers(0, 2, n) * 1.0, "x": rng.normal(size=n)})
    frame["g"] = rng.integers(0, 40, n)
    index = 0.3 + 0.6 * frame["d"] + 0.5 * frame["x"]
    amount = np.exp(1 + 0.2 * frame["d"] + 0.3 * frame["x"] + 0.5 * rng.normal(size=n))
    return frame.assign(y=amount * (index + rng.logistic(size=n) > 0))


def designs(frame):
    x = pd.DataFrame({"const": 1.0, "d": frame["d"], "x": frame["x"], "x ** 2": frame["x"] ** 2})
    return x, x[frame["y"] > 0]


def alone(frame, link, amount):
    """Both parts by statsmodels, HC0 errors."""
    x, above = designs(frame)
    y = frame["y"][frame["y"] > 0]
    binary = {"logit": sm.Logit, "probit": sm.Probit}[link]((frame["y"] > 0) * 1.0, x)
    second = {
        "levels": lambda: sm.OLS(y, above),
        "log": lambda: sm.OLS(np.log(y), above),
        "gamma": lambda: sm.GLM(y, above, family=sm.families.Gamma(sm.families.links.Log())),
    }[amount]()
    first = binary.fit(disp=0, cov_type="HC0", tol=1e-12)
    return first, second.fit(cov_type="HC0", **({"tol": 1e-13} if amount == "gamma" else {}))


def mean_of(frame, first, second, link, amount, **change):
    """E[y | x] by row, a regressor changed, from statsmodels' two parts."""
    x = designs(frame.assign(**change))[0]
    index, chance = x @ second.params, {"logit": stats.logistic, "probit": stats.norm}[link].cdf
    level = {"levels": lambda: index, "gamma": lambda: np.exp(index),
             "log": lambda: np.exp(index) * np.exp(second.resid).mean()}[amount]()  # fmt: skip
    return chance(x @ first.params) * level


@pytest.mark.parametrize("link", ["logit", "probit"])
@pytest.mark.parametrize("amount", ["levels", "log", "gamma"])
def test_both_parts_and_effects_are_those_of_statsmodels(link, amount):
    frame = bonuses()
    rows = fitted(frame, options={"participation": link, "amount": amount})[0]
    first, second = alone(frame, link, amount)
    for part, other in (("participation", first), ("amount", second)):
        own = chosen(rows, part, "coefficient")[TERMS]
        np.testing.assert_allclose(own, other.params, rtol=1e-6, atol=1e-8)
        if (link, part) != ("probit", "participation") and amount != "gamma":
            errors = chosen(rows, part, "coefficient", "std_error")[TERMS]
            np.testing.assert_allclose(errors, other.bse, rtol=1e-6)
    effects = chosen(rows, "combined", "ame")
    means = [mean_of(frame, first, second, link, amount, d=level).mean() for level in (1.0, 0.0)]
    assert effects["d"] == pytest.approx(means[0] - means[1], rel=1e-6)
    h = 1e-5
    ends = [mean_of(frame, first, second, link, amount, x=frame["x"] + s).mean() for s in (h, -h)]
    assert effects["x"] == pytest.approx((ends[0] - ends[1]) / (2 * h), rel=1e-5)


def test_gamma_errors_are_the_sandwich_with_the_observed_hessian():
    frame = bonuses()
    rows = fitted(frame, options={"amount": "gamma"})[0]
    above, y = designs(frame)[1], frame["y"][frame["y"] > 0]
    ratio = y / np.exp(above @ chosen(rows, "amount", "coefficient"))
    bread = np.linalg.inv((above.mul(ratio, axis=0)).T @ above)
    scores = above.mul(ratio - 1, axis=0)
    errors = np.sqrt(np.diag(bread @ (scores.T @ scores) @ bread))
    own = chosen(rows, "amount", "coefficient", "std_error")
    np.testing.assert_allclose(own, errors, rtol=1e-7)


@pytest.mark.parametrize("options", [
    {"amount": "log"}, {"amount": "log", "retransformation": "normal"},
    {"amount": "gamma", "participation": "probit"},
])  # fmt: skip
def test_errors_of_both_parts_are_near_the_cluster_jackknife(options):
    frame = bonuses(300).assign(g=lambda f: f["g"] // 2)
    asked = {"options": options, "controls": ("x",), "cluster": ("g",)}
    rows = fitted(frame, "cluster", **asked)[0]
    own = rows["quantity"] == "coefficient"
    without = [fitted(frame[frame["g"] != g], **asked)[0].loc[own, "estimate"] for g in range(20)]
    spread = np.array(without) - rows.loc[own, "estimate"].to_numpy()
    jackknife = np.sqrt(19 / 20 * (spread**2).sum(axis=0))
    assert (np.abs(np.log(rows.loc[own, "std_error"] / jackknife)) < 0.35).all()


def curves():
    yield LINKS["logit"].curve, lambda tail: _exponential(tail[0]), np.array([1.3])
    yield (
        LINKS["probit"].curve,
        lambda tail: truncated_mean("negative_binomial", tail[0]),
        np.array([0.6]),
    )
    yield LINKS["poisson"].curve, lambda tail: truncated_mean("poisson", None), np.empty(0)


@pytest.mark.parametrize("kind", [0, 1, 2])
@pytest.mark.parametrize("ame", ["discrete", "derivative"])
def test_gradients_are_derivatives_of_the_effects_by_every_parameter(kind, ame):
    chance, of_tail, tail = list(curves())[kind]
    equation = Equation(
        "e", ("y",), ("d",), ("x", "x ** 2", "d * x"), "two_part", options={"ame": ame}
    )
    sample = sample_of(Study("s", "d", (equation,)), equation, "y", bonuses(200))
    terms = ["const", *sample.regressors]
    k, start = len(terms), np.array([0.1, 0.4, -0.3, 0.1, 0.2, 0.5, -0.2, 0.3, 0.05, -0.1, *tail])

    def effects(p):
        first = part_of(sample, terms, p[:k], chance)
        second = part_of(sample, terms, p[k : 2 * k], of_tail(p[2 * k :]))
        return effects_of_parts(sample, equation, first, second, ("a", "b", "c"))[0]

    steps = 1e-6 * np.eye(len(start))
    here = effects(start)
    assert [(row.component, row.term) for row in here] == [
        (c, t) for c in "abc" for t in ("d", "x")
    ]
    for j, step in enumerate(steps):
        high, low = effects(start + step), effects(start - step)
        for row, up, down in zip(here, high, low, strict=True):
            assert row.gradient[j] == pytest.approx(
                (up.value - down.value) / 2e-6, rel=1e-5, abs=1e-8
            )


def test_effects_and_errors_move_with_the_unit_of_the_outcome():
    frame = bonuses()
    first = fitted(frame, options={"amount": "log"})[0]
    scaled = fitted(frame.assign(y=1000 * frame["y"]), options={"amount": "log"})[0]
    for name in ("estimate", "std_error"):
        for component, factor in (("participation", 1), ("amount", 1000), ("combined", 1000)):
            np.testing.assert_allclose(
                chosen(scaled, component, "ame", name),
                factor * chosen(first, component, "ame", name), rtol=1e-7,
            )  # fmt: skip


def test_normal_retransformation_is_the_lognormal_mean():
    frame = bonuses()
    rows = fitted(frame, options={"amount": "log", "retransformation": "normal"})[0]
    second = alone(frame, "logit", "log")[1]
    factor = chosen(rows, "amount", "coefficient")["factor"]
    assert factor == pytest.approx(np.exp(second.ssr / second.df_resid / 2), rel=1e-10)


def test_in_levels_the_mean_of_fitted_values_is_nearly_the_outcomes():
    extras = fitted(bonuses(2000), options={"amount": "gamma"})[1]
    assert extras["mean_fitted"] == pytest.approx(extras["mean_outcome"], rel=0.03)
    assert extras["n_positive"] / 2000 == pytest.approx(extras["share_positive"])


@pytest.mark.parametrize(("options", "change", "phrase"), [
    ({}, {"y": lambda f: f["y"] - 1}, "never negative"),
    ({}, {"y": lambda f: f["y"] + 1}, "zero in some rows"),
    ({}, {"y": 0.0}, "zero in some rows"),
    ({"amount": "logs"}, {}, "log"),
    ({"participation": "poisson"}, {}, "probit"),
    ({"retransformation": "smearing"}, {}, "amount = log"),
    ({"amount": "log", "retransformation": "duan"}, {}, "smearing"),
    ({"amounts": "log"}, {}, "amount"),
    ({"ame": "mean"}, {}, "ame"),
    ({}, {"y": lambda f: f["y"] * f["d"]}, "d predicts the outcome"),
    ({}, {"d": 0.0}, "never varies"),
    ({}, {"d": lambda f: np.where(f["y"] > 0, 1.0, f.index % 3)}, "never varies"),
])  # fmt: skip
def test_what_cannot_be_fitted_is_refused(options, change, phrase):
    with pytest.raises(UserError, match=phrase):
        fitted(bonuses().assign(**change), options=options)


def test_weights_are_refused():
    with pytest.raises(UserError, match="no weights"):
        fitted(bonuses(), weights="g")


def test_a_study_file_asks_for_it(tmp_path):
    path = tmp_path / "s.toml"
    frame = bonuses(60)
    path.write_text(
        '[study]\nid = "s"\n[columns]\n'
        f"y = {frame['y'].tolist()}\nd = {frame['d'].tolist()}\n"
        '[[equation]]\nid = "b"\noutcome = "y"\ntreatment = "d"\nestimator = "two_part"\n'
        '[equation.options]\namount = "log"\n'
    )
    rows = estimates(read_study(path), pd.DataFrame({"y": frame["y"], "d": frame["d"]}))
    assert list(rows["component"][-3:]) == ["participation", "amount", "combined"]


@pytest.mark.slow
def test_intervals_of_the_combined_effect_cover():
    """The true effect at the x of each sample, which the delta method holds fixed."""
    hits, replications = 0, 200
    for seed in range(replications):
        frame = bonuses(800, seed)
        x = frame["x"]
        chance = [stats.logistic.cdf(0.3 + 0.6 * d + 0.5 * x) for d in (1, 0)]
        level = [np.exp(1 + 0.2 * d + 0.3 * x + 0.125) for d in (1, 0)]
        true = (chance[0] * level[0] - chance[1] * level[1]).mean()
        rows = fitted(frame, "HC1", controls=("x",), options={"amount": "log"})[0]
        row = rows[(rows["component"] == "combined") & (rows["term"] == "d")].iloc[0]
        hits += row["ci_low"] < true < row["ci_high"]
    low, high = stats.binom.ppf([0.0005, 0.9995], replications, 0.95)
    assert low <= hits <= high
