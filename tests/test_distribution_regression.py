"""Distribution regression: R, logit threshold by threshold, joint covariance, bands, refusals."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.effects.fitting import estimates
from analysis.effects.study import Equation, Study, read_study
from analysis.messages import UserError
from analysis.sources.data_sets import teaching_data_sets

OPTIONS = {"thresholds": [-1.0, 0.0, 1.5]}


def fitted(
    frame, estimator="distribution_regression", vcov="HC1", outcome="y", terms=("x",), **more
):
    equation = Equation("e", (outcome,), ("d",), terms, estimator, vcov=vcov, **more)
    rows = estimates(Study("s", "d", (equation,)), frame)
    return rows, json.loads(rows["extras"].iloc[0] or "{}")


def wages(n=500, seed=1, effect=0.5):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"d": rng.integers(0, 2, n) * 1.0, "x": rng.normal(size=n)})
    frame["g"] = rng.integers(0, 40, n)
    return frame.assign(y=effect * frame["d"] + 0.5 * frame["x"] + rng.logistic(size=n))


def part(rows, component, quantity="coefficient", name="estimate"):
    chosen = rows[(rows["component"] == component) & (rows["quantity"] == quantity)]
    return chosen[name].astype(float).to_numpy()


# R 4.2: d$inc <- income / 1000; d$big <- seq_len(235) %% 2
# glm((foodexp <= c) ~ inc + big, binomial(link), control = list(epsilon = 1e-14)): coef, sqrt(diag(vcov))
ENGEL = {
    "logit": {
        400: [10.272989551620, -17.390392301405, -0.209034479409, 1.81064065964, 2.97398440857, 0.54120117407],
        600: [11.405763098776, -12.766933529592, 0.654084086531, 1.716353039396, 1.908308085496, 0.465137161374],
        900: [9.333255409975, -5.892979712969, 0.335261135161, 1.457815610575, 1.006545324432, 0.656364916973],
    },
    "probit": {
        400: [5.735218481061, -9.609611889190, -0.150820077818],
        600: [6.465625788577, -7.214083169768, 0.394955002112],
        900: [4.796412266947, -2.957420726535, 0.197489483875],
    },
}  # fmt: skip


@pytest.mark.parametrize("link", list(ENGEL))
def test_coefficients_are_those_of_r_on_engels_data(link):
    frame = teaching_data_sets()["engel"]().assign(
        inc=lambda f: f["income"] / 1000, d=np.arange(1, 236) % 2 * 1.0
    )
    options = {"link": link, "thresholds": [900, 400, 600]}
    rows = fitted(frame, vcov="classical", outcome="foodexp", terms=("inc",), options=options)[0]
    for threshold, numbers in ENGEL[link].items():
        own = part(rows, f"y<={threshold}")
        np.testing.assert_allclose(own[[0, 2, 1]], numbers[:3], rtol=1e-6)
        if link == "logit":  # R's probit errors are of the expected information, ours observed
            errors = part(rows, f"y<={threshold}", name="std_error")
            np.testing.assert_allclose(errors[[0, 2, 1]], numbers[3:], rtol=2e-5)


@pytest.mark.parametrize("vcov", ["classical", "HC1", "cluster"])
@pytest.mark.parametrize("link", ["logit", "probit", "linear"])
def test_each_threshold_is_the_binary_model_of_it(link, vcov):
    frame = wages()
    rows = fitted(frame, vcov=vcov, cluster=("g",), options={**OPTIONS, "link": link})[0]
    alone = {"linear": "ols"}.get(link, link)
    for c in OPTIONS["thresholds"]:
        single = fitted(frame.assign(below=frame["y"] <= c), alone, vcov, "below", cluster=("g",))[
            0
        ]
        name = f"y<={c:g}"
        # least squares has the factor (n - 1) / (n - k) under clusters, likelihoods have not
        factor = np.sqrt(499 / 497) if (link, vcov) == ("linear", "cluster") else 1.0
        for quantity in ("coefficient",) if link == "linear" else ("coefficient", "ame"):
            own, other = part(rows, name, quantity), single[single["quantity"] == quantity]
            np.testing.assert_allclose(own, other["estimate"], rtol=1e-9)
            errors = part(rows, name, quantity, "std_error") * factor
            np.testing.assert_allclose(errors, other["std_error"], rtol=1e-8)


def test_effect_is_the_distribution_with_all_treated_less_that_with_none():
    frame = wages()
    rows = fitted(frame, options=OPTIONS)[0]
    for c in OPTIONS["thresholds"]:
        b = part(rows, f"y<={c:g}")
        with_, without = (
            stats.logistic.cdf(b[0] + b[1] * d + b[2] * frame["x"]).mean() for d in (1, 0)
        )
        assert part(rows, f"y<={c:g}", "ame")[0] == pytest.approx(with_ - without, rel=1e-9)


def test_saturated_effects_are_differences_of_empirical_distributions():
    frame = wages(600)
    options = {"thresholds": list(np.round(np.quantile(frame["y"], [0.2, 0.5, 0.8]), 6))}
    rows, extras = fitted(frame, vcov="HC0", terms=(), options={**options, "link": "linear"})
    y, d = frame["y"].to_numpy(), frame["d"].to_numpy()
    f1, f0 = (np.array([(y[d == g] <= c).mean() for c in options["thresholds"]]) for g in (1, 0))
    slopes = rows[rows["term"] == "d"]["estimate"].to_numpy()
    np.testing.assert_allclose(slopes, f1 - f0, rtol=1e-9)
    # Cov(F(c), F(c')) = (F(min) - F F') / n in each group: the Wald test that the gap is the same
    covs = [
        (np.minimum.outer(f, f) - np.outer(f, f)) / (d == g).sum() for g, f in ((1, f1), (0, f0))
    ]
    contrast = np.array([[-1.0, 1, 0], [-1, 0, 1]])
    gap, cov = contrast @ (f1 - f0), contrast @ (covs[0] + covs[1]) @ contrast.T
    assert extras["equality_chi2[d]"] == pytest.approx(gap @ np.linalg.solve(cov, gap), rel=1e-7)


def test_bands_are_wider_than_pointwise_and_tighter_than_bonferroni():
    rows, extras = fitted(wages())
    assert len(rows[rows["quantity"] == "ame"]) == 2 * 9
    for key in ("band_critical[d]", "ame_band_critical[d]", "ame_band_critical[x]"):
        assert 2.0 < extras[key] < stats.norm.ppf(1 - 0.025 / 9)
    assert extras["ame_no_effect_p[x]"] < 0.001


def test_proportional_odds_are_kept_where_they_hold_and_not_where_they_do_not():
    frame = wages(4000)
    assert fitted(frame, options=OPTIONS)[1]["equality_p[d]"] > 0.05
    pinched = frame.assign(y=np.where(frame["d"] == 1, 0.3 * frame["y"], frame["y"]))
    assert fitted(pinched, options=OPTIONS)[1]["equality_p[d]"] < 1e-6


def test_thresholds_at_quantiles_have_that_share_of_rows_below():
    extras = fitted(wages(500), options={"quantiles": [0.2, 0.6]})[1]
    below = {key: value for key, value in extras.items() if key.startswith("n_below")}
    assert sorted(below.values()) == [100, 300]


def test_a_mass_at_the_minimum_wage_is_one_threshold():
    frame = wages().assign(y=lambda f: np.maximum(np.round(f["y"], 1), 0.0))
    rows = fitted(frame)[0]
    names = list(dict.fromkeys(rows["component"]))
    assert names[0] == "y<=0"
    assert len(names) < 9


def test_falling_distribution_functions_are_counted():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"d": rng.integers(0, 2, 400) * 1.0, "x": rng.normal(size=400)})
    frame["y"] = np.exp(frame["x"]) * rng.normal(size=400)
    rows, extras = fitted(frame, options={"thresholds": [-0.5, -0.4, 0.4, 0.5], "link": "linear"})
    b = rows.pivot_table(index="component", columns="term", values="estimate", sort=False)
    f = b["const"].to_numpy()[:, None] + np.outer(b["d"], frame["d"]) + np.outer(b["x"], frame["x"])
    assert extras["crossings"] == int((np.diff(f, axis=0) < -1e-12).any(axis=0).sum()) > 0
    assert f"fall at {extras['crossings']} rows" in rows["note"].iloc[0]


def test_bootstrap_is_near_the_robust_errors():
    frame = wages(400)
    robust = fitted(frame, options={"thresholds": [0.5]})[0]
    drawn = fitted(frame, vcov="bootstrap", draws=100, options={"thresholds": [0.5]})[0]
    ratio = drawn["std_error"].astype(float) / robust["std_error"].astype(float)
    assert (np.abs(np.log(ratio)) < 0.3).all()


@pytest.mark.parametrize(("options", "more", "change", "phrase"), [
    ({"thresholds": [99.0]}, {}, {}, "99 has none"),
    ({"thresholds": [-99]}, {}, {}, "-99 has none"),
    ({"thresholds": ["a"]}, {}, {}, "list of different numbers"),
    ({"thresholds": [0.0], "quantiles": [0.5]}, {}, {}, "not both"),
    ({"thresholds": [0.1, 0.10000001]}, {}, {}, "six digits"),
    ({"quantiles": [0.0]}, {}, {}, "between 0 and 1"),
    ({"threshold": [0.0]}, {}, {}, "thresholds"),
    ({"link": "ols"}, {}, {}, "linear|logit"),
    ({}, {"vcov": "bootstrap"}, {}, "thresholds under a bootstrap"),
    ({}, {"weights": "g"}, {}, "no weights"),
    ({}, {}, {"d": 1.0}, "never varies"),
    ({}, {}, {"y": 1.0}, "below the largest outcome"),
    ({"thresholds": [0.0, 0.5]}, {}, {"d": lambda f: (f["y"] <= 0.5) * 1.0}, r"\(y<=0\).*d predicts"),
])  # fmt: skip
def test_what_cannot_be_fitted_is_refused(options, more, change, phrase):
    with pytest.raises(UserError, match=phrase):
        fitted(wages(300).assign(**change), options=options, **more)


def test_a_study_file_asks_for_it(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "engel"\n[[equation]]\nid = "q"\noutcome = "foodexp"\n'
        'treatment = "income"\nestimator = "distribution_regression"\n'
        "[equation.options]\nthresholds = [500]\nlink = 'probit'\n"
    )
    rows = estimates(read_study(path), teaching_data_sets()["engel"]())
    assert list(rows["component"]) == ["y<=500"] * 3


@pytest.mark.slow
def test_uniform_band_covers_the_whole_path():
    """No effect anywhere: the share of paths that leave the band is that of no_effect_p < 0.05."""
    inside, replications = 0, 200
    for seed in range(replications):
        extras = fitted(wages(400, seed, effect=0.0), terms=(), options=OPTIONS)[1]
        inside += extras["ame_no_effect_p[d]"] > 0.05
    low, high = stats.binom.ppf([0.0005, 0.9995], replications, 0.95)
    assert low <= inside <= high
