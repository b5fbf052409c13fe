"""Two-way leads and lags against pyfixest and dummies; the joint test of leads and its power."""

import json
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.effects.fitting import estimates
from analysis.effects.study import After, Equation, Study, read_study
from analysis.messages import UserError
from analysis.sources.data_sets import teaching_data_sets

COLUMNS = ["estimate", "std_error"]


def counties():
    frame = teaching_data_sets()["mpdta"]()
    return frame.rename(
        columns={"countyreal": "unit", "year": "t", "first_treat": "g", "lemp": "y"}
    )


def fitted(frame, estimator="two_way_event_study", controls=(), vcov="cluster", cluster=("unit",),
           weights="", after=(), treatments=(), **options):  # fmt: skip
    equation = Equation(id="e", outcomes=("y",), treatments=treatments, controls=controls,
                        estimator=estimator, vcov=vcov, cluster=cluster, weights=weights,
                        options={"cohort": "g", **options}, after=after)  # fmt: skip
    study = Study(id="s", data="d", equations=(equation,), entity="unit", time="t")
    return estimates(study, frame).set_index("component")


def drawn(n=200, periods=6, cohorts=(np.inf, 4, 5), seed=1, drift=0.0, effect=1.0):
    rng = np.random.default_rng(seed)
    g = np.array(cohorts, dtype=float)[rng.integers(0, len(cohorts), n)]
    unit, t = np.repeat(np.arange(n), periods), np.tile(np.arange(1, periods + 1), n)
    event = t - g[unit]
    y = rng.normal(size=n)[unit] + 0.2 * t + effect * (event >= 0) + rng.normal(size=n * periods)
    y = y + drift * np.where(np.isfinite(event), event, 0.0)
    return pd.DataFrame({"unit": unit, "t": t, "g": g[unit], "y": y, "x": rng.normal(size=len(y))})


# --- two-way fixed effects ----------------------------------------------------------------------


def test_the_static_coefficient_of_d18_is_the_fixed_effects_estimators(shared_facts):
    table = pd.read_csv(shared_facts / "published_benchmarks.csv", dtype={"published": str})
    row = table[(table["benchmark"] == "D18") & (table["quantity"] == "TWFE")].iloc[0]
    frame = counties()
    frame["post"] = ((frame["g"] > 0) & (frame["t"] >= frame["g"])) * 1.0
    for vcov, cluster in (("cluster", ("unit",)), ("HC1", ()), ("classical", ())):
        ours = fitted(frame, effects="static", vcov=vcov, cluster=cluster).loc["static"]
        assert f"{ours['estimate']:.4f}".replace("0.", ".") == row["published"]
        equation = Equation(id="e", outcomes=("y",), treatments=("post",), controls=(), vcov=vcov,
                            estimator="fixed_effects", absorb=("unit", "t"), cluster=cluster)  # fmt: skip
        other = estimates(Study("s", "d", (equation,), entity="unit", time="t"), frame).iloc[0]
        np.testing.assert_allclose(
            ours[COLUMNS].astype(float), other[COLUMNS].astype(float), rtol=1e-8
        )
        assert ours["cov_df"] == pytest.approx(other["cov_df"])


def test_leads_and_lags_are_pyfixests_and_the_ends_share_a_bin():
    import pyfixest as pf

    frame = counties()
    binned = np.where(frame["g"] > 0, (frame["t"] - frame["g"]).clip(-3, 2), -1)
    for options, relative in (({}, np.where(frame["g"] > 0, frame["t"] - frame["g"], -1)),
                              ({"first": -3, "last": 2}, binned)):  # fmt: skip
        rows = fitted(frame, **options)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            other = pf.feols("y ~ i(rel, ref=-1) | unit + t", frame.assign(rel=relative),
                             vcov={"CRV1": "unit"}).tidy()  # fmt: skip
        np.testing.assert_allclose(rows["estimate"], other["Estimate"], atol=1e-8)
        ratio = rows["std_error"].to_numpy() / other["Std. Error"].to_numpy()
        np.testing.assert_allclose(ratio, ratio[0], rtol=1e-6)  # one small-sample factor
    assert list(rows.index) == ["e<=-3", "e=-2", "e=0", "e=1", "e>=2"]
    assert (rows["quantity"] == "coefficient").all()
    assert "for contrast" in rows["note"].iloc[0]
    twfe = json.loads(rows["extras"].iloc[0])["twfe"]
    assert twfe == pytest.approx(-0.03654893667406697, rel=1e-9)


def test_it_is_the_dummy_regression_in_a_weighted_panel_with_holes():
    frame = drawn(50).drop(index=[3, 70, 71]).reset_index(drop=True)
    frame["w"] = 1.0 + frame["t"] % 3
    rows = fitted(frame, controls=("x",), weights="w", vcov="HC1", cluster=(), reference=-2)
    event = frame["t"] - frame["g"]
    leads = pd.DataFrame({f"e={e}": event == e for e in (-4, -3, -1, 0, 1, 2)}) * 1.0
    dummies = pd.get_dummies(frame[["unit", "t"]].astype(str), drop_first=True).astype(float)
    z = pd.concat([leads, frame[["x"]], dummies.assign(one=1.0)], axis=1)
    w, names = frame["w"].to_numpy(), [*leads]
    bread = np.linalg.inv((z.to_numpy() * w[:, None]).T @ z.to_numpy())
    b = bread @ (z.to_numpy() * w[:, None]).T @ frame["y"].to_numpy()
    scores = z.to_numpy() * (w * (frame["y"].to_numpy() - z.to_numpy() @ b))[:, None]
    cov = bread @ scores.T @ scores @ bread * len(frame) / (len(frame) - z.shape[1])
    np.testing.assert_allclose(rows.loc[names, "estimate"], b[:6], rtol=1e-8)
    np.testing.assert_allclose(rows.loc[names, "std_error"], np.sqrt(np.diag(cov))[:6], rtol=1e-8)


def test_where_effects_are_one_all_estimators_agree():
    frame = drawn(100)
    frame["y"] = frame["unit"] % 7 + 0.3 * frame["t"] + 2.0 * (frame["t"] >= frame["g"])
    static = fitted(frame, effects="static").loc["static", "estimate"]
    event = fitted(frame)["estimate"]
    assert static == pytest.approx(2.0)
    for estimator in ("callaway_santanna", "sun_abraham"):
        other = fitted(frame, estimator)["estimate"]
        assert other["simple"] == pytest.approx(static) and other["e=1"] == pytest.approx(
            event["e=1"]
        )


def test_rows_left_out_do_not_change_the_errors():
    frame = pd.concat(
        [drawn(), drawn(60, cohorts=(1,), seed=2).assign(unit=lambda t: t["unit"] + 500)]
    )
    rows, without = (
        fitted(part, vcov="HC1", cluster=()) for part in (frame, frame[frame["unit"] < 500])
    )
    np.testing.assert_allclose(rows["std_error"], without["std_error"], rtol=1e-10)
    clustered = fitted(frame)["std_error"] / fitted(frame[frame["unit"] < 500])["std_error"]
    np.testing.assert_allclose(clustered, ((260 / 259) / (200 / 199)) ** 0.5, rtol=2e-4)
    assert json.loads(rows["extras"].iloc[0])["n_rows_used"] == 1200
    assert (
        "60 entities without a period before treatment: left out (360 rows" in rows["note"].iloc[0]
    )


@pytest.mark.parametrize(("change", "more", "text"), [
    (lambda f: f, {"first": 0}, "first < reference < last"),
    (lambda f: f, {"last": "x"}, "options.last, a number"),
    (lambda f: f, {"reference": 9}, "first < reference"),
    (lambda f: f[f["t"] % 2 == 0].assign(g=lambda f: f["g"].replace(5, 4)), {}, "rows at the reference"),
    (lambda f: f[f["g"] < 9], {}, "told apart from entity and period effects"),
    (lambda f: f, {"effects": "all"}, r"effects = by_time \| static"),
    (lambda f: f, {"frist": -2}, "frist"),
    (lambda f: f, {"treatments": ("x",)}, "in place of a treatment"),
    (lambda f: f, {"vcov": "CRV3"}, "CRV3"),
])  # fmt: skip
def test_refusals(change, more, text):
    with pytest.raises(UserError, match=text):
        fitted(change(drawn(60, cohorts=(np.inf, 4, 5))), **more)


# --- pre-trends ---------------------------------------------------------------------------------


def leads_of(frame, estimator="callaway_santanna", after=None, **more):
    rows = fitted(frame, estimator, after=(After("pre_trends", after or {}),), **more)
    return rows[rows.index.str.startswith("pre_trends")]


def test_the_joint_test_of_cells_is_that_of_the_did_package():
    # R did, its introduction: att_gt(yname = "lemp", gname = "first.treat", idname = "countyreal",
    # tname = "year", xformla = ~1, data = mpdta): p of the pre-test of parallel trends 0.16812
    row = leads_of(counties(), vcov="HC1", cluster=()).loc["pre_trends:cells"]
    assert f"{row['p_value']:.5f}" == "0.16812"
    assert json.loads(row["extras"])["df"] == 5


def test_it_is_an_f_test_where_the_fit_has_degrees_of_freedom():
    frame = drawn(40, 4, (np.inf, 3))
    rows = leads_of(frame, "two_way_event_study").loc["pre_trends:event"]
    lead = fitted(frame).loc["e=-2"]
    assert rows["estimate"] == pytest.approx((lead["estimate"] / lead["std_error"]) ** 2, rel=1e-9)
    assert rows["p_value"] == pytest.approx(lead["p_value"], rel=1e-6)
    assert json.loads(rows["extras"]) == {"df": 1, "df2": 39.0}


@pytest.mark.parametrize(("estimator", "options"), [
    ("callaway_santanna", {}), ("callaway_santanna", {"base": "universal"}),
    ("sun_abraham", {}), ("two_way_event_study", {}),
    ("two_way_event_study", {"first": -2, "last": 1}),
])  # fmt: skip
def test_a_pure_drift_moves_every_number_by_its_trend(estimator, options):
    """The slope's shift of the effects: outcomes drifting by the slope, without noise."""
    frame = drawn(100)
    rows = leads_of(frame, estimator, **options)
    for name in rows.index[rows.index.str.endswith(":slope")]:
        slope, extras = rows.loc[name, "estimate"], json.loads(rows.loc[name, "extras"])
        event = (frame["t"] - frame["g"]).replace(-np.inf, 0.0)
        moved = fitted(frame.assign(y=frame["unit"] + slope * event), estimator, **options)[
            "estimate"
        ]
        after = moved[moved.index.str.match(r"e>?=\d")]
        assert extras["shift"] == pytest.approx(after.mean(), rel=1e-8)


def test_the_slope_of_one_lead_is_the_textbook_power_of_a_z_test():
    row = leads_of(drawn(100, 3, (np.inf, 3)), vcov="HC1", cluster=(), base="universal")
    lead = fitted(drawn(100, 3, (np.inf, 3)), "callaway_santanna", vcov="HC1", cluster=(),
                  base="universal").loc["att(3,1)"]  # fmt: skip
    z = stats.norm.isf(0.025) + stats.norm.ppf(0.8)  # the other tail adds under 1e-6
    slope = row.loc["pre_trends:cells:slope"]
    assert slope["estimate"] == pytest.approx(z * lead["std_error"], rel=1e-4)
    assert "rejected with 80% power at level 0.05" in slope["note"]
    higher = leads_of(drawn(100, 3, (np.inf, 3)), after={"power": 0.9}, vcov="HC1", cluster=(),
                    base="universal")  # fmt: skip
    assert higher.loc["pre_trends:cells:slope", "estimate"] > slope["estimate"]


def event_p(frame):
    return leads_of(frame, bands="none").loc["pre_trends:event", "p_value"]


@pytest.mark.slow
def test_the_drift_it_names_is_rejected_four_times_in_five_and_none_one_time_in_twenty():
    """200 panels of 300 entities: size and power of the joint test of leads."""
    slope = leads_of(drawn(300, seed=77), bands="none").loc["pre_trends:event:slope", "estimate"]
    for drift, share in ((0.0, 0.05), (slope, 0.8)):
        rejected = sum(event_p(drawn(300, drift=drift, seed=rep)) < 0.05 for rep in range(200))
        low, high = stats.binom.interval(0.999, 200, share)
        assert low <= rejected <= high, (drift, rejected)


def test_too_few_clusters_give_no_test_but_say_so():
    frame = drawn(60)
    frame["trio"] = frame["unit"] % 3
    rows = leads_of(frame, cluster=("trio",))
    assert rows["estimate"].isna().all()
    assert "covariance of 5 placebos is singular" in rows.loc["pre_trends:cells", "note"]


@pytest.mark.parametrize(("estimator", "more", "text"), [
    ("callaway_santanna", {"after": {"lvel": 0.1}}, "lvel"),
    ("callaway_santanna", {"after": {"power": 2}}, "power"),
    ("two_way_event_study", {"effects": "static"}, "a period before the last one before treatment"),
])  # fmt: skip
def test_pre_trends_refusals(estimator, more, text):
    with pytest.raises(UserError, match=text):
        leads_of(drawn(60), estimator, **more)


def test_pre_trends_needs_a_lead_and_an_estimator_that_has_them():
    with pytest.raises(UserError, match="a period before the last one"):
        leads_of(drawn(60, 3, (np.inf, 2)))
    equation = Equation(id="e", outcomes=("y",), treatments=("x",), controls=(), estimator="ols",
                        vcov="HC1", after=(After("pre_trends", {}),))  # fmt: skip
    with pytest.raises(UserError, match="callaway_santanna, sun_abraham or two_way"):
        estimates(Study(id="s", data="d", equations=(equation,)), drawn(60))


def test_a_study_file(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "mpdta"\nentity = "countyreal"\ntime = "year"\n'
        'cluster = "countyreal"\n[[equation]]\nid = "e"\noutcome = "lemp"\ncontrols = ["lpop * year"]\n'
        'estimator = "two_way_event_study"\n[equation.options]\ncohort = "first_treat"\nfirst = -3\n'
        '[[equation.after]]\nname = "pre_trends"\nlevel = 0.1\n'
    )
    rows = estimates(read_study(path), teaching_data_sets()["mpdta"]()).set_index("component")
    assert {"e<=-3", "e=-2", "e=3", "pre_trends:event", "pre_trends:event:slope"} <= set(rows.index)
    assert (rows["term"] == "lpop * year").sum() == 1
