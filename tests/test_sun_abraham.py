"""The interaction-weighted event study: pyfixest, Callaway and Sant'Anna, and its reference."""

import json
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.effects.estimators import sun_abraham
from analysis.effects.fitting import estimates, sample_of
from analysis.effects.inference.covariance import covariance
from analysis.effects.study import Equation, Study, read_study
from analysis.messages import UserError
from analysis.sources.data_sets import teaching_data_sets

COLUMNS = ["estimate", "std_error"]


def counties():
    return teaching_data_sets()["mpdta"]()


def fitted(frame, estimator="sun_abraham", outcome="y", controls=(), vcov="cluster",
           cluster=("unit",), weights="", **options):  # fmt: skip
    equation = Equation(id="e", outcomes=(outcome,), treatments=(), controls=controls,
                        estimator=estimator, vcov=vcov, cluster=cluster, weights=weights,
                        options={"cohort": "g", **options})  # fmt: skip
    study = Study(id="s", data="d", equations=(equation,), entity="unit", time="t")
    return estimates(study, frame).set_index("component")


def minimum_wages(**more):
    frame = counties().rename(columns={"countyreal": "unit", "year": "t", "first_treat": "g"})
    return fitted(frame, outcome="lemp", **more)


def drawn(n=300, periods=5, cohorts=(np.inf, 3, 4), effect=lambda g, t: t - g + 1, seed=1):
    rng = np.random.default_rng(seed)
    g = np.array(cohorts, dtype=float)[rng.integers(0, len(cohorts), n)]
    unit, t = np.repeat(np.arange(n), periods), np.tile(np.arange(1, periods + 1), n)
    y = rng.normal(size=n)[unit] + 0.2 * t + np.where(t >= g[unit], effect(g[unit], t), 0.0)
    frame = pd.DataFrame({"unit": unit, "t": t, "g": g[unit], "x": rng.normal(size=n * periods)})
    return frame.assign(y=y + 0.5 * frame["x"] + rng.normal(size=n * periods))


def test_with_fixed_shares_it_is_pyfixests_saturated_event_study():
    import pyfixest as pf

    frame = counties()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = pf.event_study(frame, "lemp", "countyreal", "year", "first_treat",
                               estimator="saturated", cluster="countyreal", att=False).aggregate()  # fmt: skip
    rows = minimum_wages(shares="fixed")
    ours = rows.loc[[f"e={e:g}" for e in other.index.astype(float)]]
    np.testing.assert_allclose(ours["estimate"], other["Estimate"].astype(float), atol=1e-9)
    ratio = ours["std_error"].to_numpy() / other["Std. Error"].astype(float).to_numpy()
    # one small-sample factor apart: how many parameters the absorbed effects count
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-6)
    assert ratio[0] == pytest.approx(1.0, abs=1e-3)


def test_without_covariates_it_is_callaway_and_santanna_with_a_universal_base():
    ours = minimum_wages()
    other = fitted(counties().rename(columns={"countyreal": "unit", "year": "t", "first_treat": "g"}),
                   "callaway_santanna", "lemp", base="universal", bands="none")  # fmt: skip
    assert set(ours.index) <= set(other.index) and len(ours) == 21
    other = other.loc[ours.index]
    np.testing.assert_allclose(ours["estimate"], other["estimate"], atol=1e-12)
    # same influence functions, estimated shares included, but for the factor (n - 1) / (n - k)
    n, entities, cells, periods = 2500, 500, 12, 5
    factor = (n - 1) / (n - cells - (periods - 1) - 1)
    np.testing.assert_allclose(ours["std_error"] / other["std_error"], factor**0.5, rtol=1e-9)
    assert (ours["quantity"] == other["quantity"]).all() and entities == ours["n_clusters"].iloc[0]


def test_estimated_shares_add_variance_where_effects_differ():
    free, fixed = minimum_wages(), minimum_wages(shares="fixed")
    more = free["std_error"] / fixed["std_error"] - 1.0
    assert (more[free.index.str.startswith("att(")].abs() < 1e-12).all()
    assert more["simple"] > 1e-3 and more["e=2"] == pytest.approx(0.0, abs=1e-12)


def test_constant_effects_without_noise_are_found_everywhere():
    frame = drawn(effect=lambda g, t: 2.0)
    frame["y"] = (
        frame["unit"] % 7 + 0.3 * frame["t"] + 2.0 * (frame["t"] >= frame["g"]) + frame["x"]
    )
    for more in ({}, {"vcov": "classical", "cluster": ()}):
        rows = fitted(frame, controls=("x",), **more)
        atts, tests = (rows[rows["quantity"] == name]["estimate"] for name in ("att", "test"))
        np.testing.assert_allclose(atts, 2.0, atol=1e-10)
        np.testing.assert_allclose(tests, 0.0, atol=1e-10)
        assert rows[rows["term"] == "x"]["estimate"].iloc[0] == pytest.approx(1.0)


def test_interactions_and_controls_are_the_dummy_regression_weighted_too():
    frame = drawn(60).drop(index=[7, 90]).reset_index(drop=True)
    frame["w"] = 1.0 + frame["t"] % 2
    rows = fitted(frame, controls=("x",), weights="w", vcov="HC1", cluster=())
    dummies = {
        f"att({g},{t})": (frame["g"] == g) & (frame["t"] == t)
        for g in (3, 4) for t in range(1, 6) if t != g - 1
    }  # fmt: skip
    design = pd.get_dummies(frame[["unit", "t"]].astype(str), drop_first=True).astype(float)
    design = pd.concat([pd.DataFrame(dummies) * 1.0, frame[["x"]], design.assign(one=1.0)], axis=1)
    z, w = design.to_numpy(), frame["w"].to_numpy()
    bread = np.linalg.inv((z * w[:, None]).T @ z)
    b = bread @ (z * w[:, None]).T @ frame["y"]
    scores = z * (w * (frame["y"].to_numpy() - z @ b))[:, None]
    cov = bread @ scores.T @ scores @ bread * len(frame) / (len(frame) - z.shape[1])
    ours = rows.loc[[*dummies]]
    np.testing.assert_allclose(ours["estimate"], b[:8], rtol=1e-8)
    np.testing.assert_allclose(ours["std_error"], np.sqrt(np.diag(cov))[:8], rtol=1e-8)
    control = rows[rows["term"] == "x"].iloc[0]
    np.testing.assert_allclose(control[COLUMNS].astype(float), [b[8], cov[8, 8] ** 0.5], rtol=1e-8)


def test_without_never_treated_the_last_cohort_is_the_reference_before_it_starts():
    frame = drawn(cohorts=(3, 4, 5))
    rows = fitted(frame)
    assert "reference: cohort 5, the last treated, in the periods before it" in rows["note"].iloc[0]
    assert {"att(3,4)", "att(4,4)"} <= set(rows.index) and "att(3,5)" not in rows.index
    early = frame[frame["t"] < 5].assign(g=lambda t: t["g"].replace(5, 0))
    same = fitted(early)
    np.testing.assert_allclose(rows["estimate"], same["estimate"], atol=1e-10)
    np.testing.assert_allclose(rows["std_error"], same["std_error"], rtol=1e-6)
    extras = json.loads(rows["extras"].iloc[0])
    assert extras["n_rows_used"] == len(early)
    chosen = fitted(pd.concat([frame, drawn(50, cohorts=(np.inf,)).assign(unit=lambda t: t["unit"] + 999)]),
                    control="last")  # fmt: skip
    np.testing.assert_allclose(chosen["estimate"], rows["estimate"], atol=1e-10)


@pytest.mark.parametrize(("change", "more", "text"), [
    (lambda f: f[f["g"] < 9], {"control": "never"}, "never-treated entities, or options.control"),
    (lambda f: f[f["g"] == 3], {}, "two treated cohorts, or never-treated"),
    (lambda f: f, {"control": "lst"}, "control = never | last"),
    (lambda f: f, {"sharse": "fixed"}, "sharse"),
    (lambda f: f, {"vcov": "HC3"}, "HC3"),
    (lambda f: f[(f["g"] != 3) | (f["t"] > 2)], {}, "rows of cohort 3 before it is treated"),
    (lambda f: f[(f["g"] == 3) | (f["t"] < 5)], {}, r"told apart.*att\(3,5\)"),
    (lambda f: pd.concat([f, f.iloc[[8]]]), {}, "one row an entity and period"),
])  # fmt: skip
def test_refusals(change, more, text):
    with pytest.raises(UserError, match=text):
        fitted(change(drawn(60)), **more)


def test_a_study_file(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "mpdta"\nentity = "countyreal"\ntime = "year"\n'
        'cluster = "countyreal"\n[[equation]]\nid = "e"\noutcome = "lemp"\n'
        'estimator = "sun_abraham"\n[equation.options]\ncohort = "first_treat"\n'
        '[[equation.after]]\nname = "pre_trends"\n'
    )
    rows = estimates(read_study(path), counties()).set_index("component")
    assert rows.loc["e=-2", "quantity"] == "test" and rows.loc["e=0", "quantity"] == "att"
    assert rows.loc["pre_trends:event", "p_value"] > 0.05


@pytest.mark.slow
def test_intervals_cover():
    """1,000 panels of 120 entities, errors clustered by entity, shares estimated."""
    reps, truth = 1000, {"e=0": 1.0, "e=1": 2.0, "e=-2": 0.0, "dynamic": 2.0, "att(4,5)": 2.0}
    covered = dict.fromkeys(truth, 0)
    equation = Equation(id="e", outcomes=("y",), treatments=(), controls=(), cluster=("unit",),
                        estimator="sun_abraham", vcov="cluster", options={"cohort": "g"})  # fmt: skip
    study = Study(id="s", data="d", equations=(equation,), entity="unit", time="t")
    shape = sample_of(study, equation, "y", drawn(120))
    for rep in range(reps):
        frame = drawn(120, seed=rep)
        sample = replace(shape, outcome=frame["y"].to_numpy(), terms={"cohort": frame[["g"]]})
        fit = sun_abraham.fit(sample, equation)
        found = covariance(fit, "cluster", sample.clusters)
        reach = stats.t.ppf(0.975, found.cov_df) * np.sqrt(np.diag(found.matrix))
        for name, value in truth.items():
            j = fit.components.index(name)
            covered[name] += abs(fit.estimate[j] - value) <= reach[j]
    low, high = stats.binom.interval(0.999, reps, 0.95)
    assert all(low <= count <= high for count in covered.values()), covered
