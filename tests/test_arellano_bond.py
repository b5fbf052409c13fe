"""Difference GMM against plm's pgmm and pydynpd, instrument counts, properties, refusals."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.effects.fitting import estimates
from analysis.effects.study import Equation, Study, read_study
from analysis.messages import UserError

STUDY = Study(id="s", data="d", equations=(), entity="firm", time="year")


def panel(entities=60, periods=7, rho=0.5, seed=1, holes=0.0):
    """Return a panel: x predetermined (it answers to last period's error), z exogenous."""
    rng = np.random.default_rng(seed)
    start, total = 20, periods + 20
    a = rng.normal(size=(entities, 1))
    e, v, w = rng.normal(size=(3, entities, total))
    x, y = np.zeros((2, entities, total))
    y[:, :1] = a * 2.0 / (1.0 - rho)
    for t in range(1, total):
        x[:, t] = 0.5 * x[:, t - 1] + 0.5 * a[:, 0] + 0.3 * e[:, t - 1] + v[:, t]
        y[:, t] = rho * y[:, t - 1] + 0.4 * x[:, t] + 0.2 * w[:, t] + a[:, 0] + e[:, t]
    frame = pd.DataFrame({
        "firm": np.repeat(np.arange(entities), periods),
        "year": np.tile(np.arange(2000, 2000 + periods), entities),
        **{name: values[:, start:].ravel() for name, values in (("y", y), ("x", x), ("z", w))},
    })  # fmt: skip
    return frame[rng.random(len(frame)) >= holes].reset_index(drop=True)


def dynamic(frame, controls=("x", "z"), *, estimator="arellano_bond", study=STUDY, outcome="y",
            vcov="robust", parts=None, **options):  # fmt: skip
    equation = Equation(id="e", outcomes=(outcome,), treatments=(), controls=controls,
                        estimator=estimator, vcov=vcov, options=options)  # fmt: skip
    equation = replace(equation, **(parts or {}))
    rows = estimates(replace(study, equations=(equation,)), frame)
    return rows.set_index("term"), json.loads(rows["extras"].iloc[0])


# --- other programs -------------------------------------------------------------------------------

# R 4.2, plm 2.6-2, on panel(holes=0.08) and panel(seed=2) written to CSV; d = pdata.frame(read.csv(
# ...), index = c("firm", "year")); coefficients and errors of summary(z, robust = TRUE), errors of
# vcov(z), sargan(z, "twosteps"), m1, m2, ncol(z$W[[1]]). Formulas, effect "individual" but for two:
#   pre: y ~ lag(y, 1) + x + z | lag(y, 2:99) + lag(x, 1:99)
#   two: y ~ lag(y, 1) + x + z | lag(y, 2:99) + lag(x, 2:99), effect = "twoways"
#   col: y ~ lag(y, 1:2) + x + z | lag(y, 2:3) + lag(x, 2:3), collapse = TRUE
ASKED = {
    "pre": {"predetermined": ["x"]},
    "two": {"endogenous_terms": ["x"], "time_dummies": True},
    "col": {"lags": 2, "endogenous_terms": ["x"], "max_lag": 3, "collapse": True},
}
ONE_STEP = {
    ("holes", "pre"): ([0.4142850122, 0.5075104368, 0.1670055408],
                       [0.0903773325, 0.1170948904, 0.0594104134], [-3.5593856464, -0.3743550928]),
    ("holes", "two"): ([0.4566830015, 0.5230154388, 0.1633142279],
                       [0.1007340758, 0.1650343918, 0.0643567925], [-3.4918391129, -0.2755900580]),
    ("holes", "col"): ([0.3463804342, -0.1354372910, 0.5766305724, 0.1470714443],
                       [0.2160147165, 0.1140736902, 0.3406500121, 0.0787149678],
                       [-2.3671251950, 1.2339362379]),
    ("whole", "two"): ([0.3200395350, 0.2860753399, 0.1183192723],
                       [0.1093519970, 0.1435573033, 0.0670424781], [-4.1143937891, 0.6519243668]),
}  # fmt: skip
TWO_STEP = {
    ("holes", "pre"): ([0.4157491814, 0.5420241057, 0.1399729362],
                       [0.1123397930, 0.1588872540, 0.0686758026],
                       [0.0554426479, 0.0674990711, 0.0379905111],
                       [-2.9561984510, -0.3841943777], 35.3664701527, 33, 36),
    ("holes", "two"): ([0.5098399244, 0.5197083019, 0.1406661236],
                       [0.1184832759, 0.2238357336, 0.0764427827],
                       [0.0605202425, 0.0932478731, 0.0402565931],
                       [-2.9705722303, -0.2330289936], 30.3304791867, 28, 36),
    ("holes", "col"): ([0.3474859129, -0.1003932567, 0.7608542962, 0.1183468764],
                       [0.2174307589, 0.1198114046, 0.3450750703, 0.0817413616],
                       [0.2160133464, 0.1114360889, 0.3156023886, 0.0761342271],
                       [-2.5711385003, 0.7658898568], 2.0646844211, 1, 5),
    ("whole", "pre"): ([0.3403902663, 0.1870156093, 0.1213218267],
                       [0.0980205780, 0.0732250910, 0.0543825414],
                       [0.0541751788, 0.0407216704, 0.0321324822],
                       [-3.5605439885, 0.2043012215], 29.0533715529, 33, 36),
}  # fmt: skip
FRAMES = {"holes": panel(holes=0.08), "whole": panel(seed=2)}


@pytest.mark.parametrize(("data", "asked"), ONE_STEP)
def test_one_step_is_pgmm(data, asked):
    estimate, errors, m = ONE_STEP[data, asked]
    rows, extras = dynamic(FRAMES[data], two_step=False, **ASKED[asked])
    k = len(estimate)
    np.testing.assert_allclose(rows["estimate"][:k], estimate, atol=2e-10)
    np.testing.assert_allclose(rows["std_error"][:k], errors, atol=2e-10)
    np.testing.assert_allclose([extras["ar1_z"], extras["ar2_z"]], m, atol=1e-8)


@pytest.mark.parametrize(("data", "asked"), TWO_STEP)
def test_two_steps_windmeijers_errors_and_tests_are_pgmm(data, asked):
    estimate, errors, uncorrected, m, hansen, df, count = TWO_STEP[data, asked]
    rows, extras = dynamic(FRAMES[data], **ASKED[asked])
    plain, _ = dynamic(FRAMES[data], vcov="classical", **ASKED[asked])
    k = len(estimate)
    np.testing.assert_allclose(rows["estimate"][:k], estimate, atol=2e-10)
    np.testing.assert_allclose(rows["std_error"][:k], errors, atol=2e-10)
    np.testing.assert_allclose(plain["std_error"][:k], uncorrected, atol=2e-10)
    np.testing.assert_allclose([extras["ar1_z"], extras["ar2_z"]], m, atol=1e-8)
    assert extras["hansen"] == pytest.approx(hansen, abs=1e-8)
    assert (extras["overidentifying"], extras["n_instruments"]) == (df, count)
    assert extras["hansen_p"] == pytest.approx(stats.chi2.sf(hansen, df))


# The data of Arellano and Bond ship with R's plm (EmplUK) and are not ours to commit. Exported by
# hand: with lags = 2, time_dummies, controls w, lag(w), k, lag(k), lag(k, 2), ys, lag(ys),
# lag(ys, 2) in logs this estimator gives columns a1 (one step, robust) and a2 (two steps,
# uncorrected) of their table 4: .686 (.145), -.085 (.056), Sargan 65.8 and .629 (.090), -.065
# (.027), Hansen 31.4, m2 -.516 and -.416 with 25 overidentifying restrictions.


def test_orthogonal_deviations_are_pydynpd():
    # pydynpd 0.2.2, numpy 2.3: regression.abond("y L1.y x z | gmm(y, 2:6) gmm(x, 1:6) iv(z) |
    # nolevel fod", panel(seed=2), ["firm", "year"])
    rows, extras = dynamic(FRAMES["whole"], predetermined=["x"], transformation="orthogonal")
    np.testing.assert_allclose(rows["estimate"], [0.3398330128, 0.1910819974, 0.1381452594],
                               atol=1e-9)  # fmt: skip
    np.testing.assert_allclose(rows["std_error"], [0.0967018383, 0.0737888383, 0.0451634393],
                               atol=1e-9)  # fmt: skip
    assert extras["hansen"] == pytest.approx(28.4725612157, abs=1e-7)
    assert extras["ar1_z"] == pytest.approx(-3.5893406633, abs=1e-7)


def test_differences_and_deviations_are_one_estimator_of_a_balanced_panel_in_one_step():
    # Arellano and Bover 1995: with all lags as instruments and weights of white noise in levels
    frame = panel(entities=2000, periods=5)
    asked = {"predetermined": ["x"], "two_step": False, "vcov": "classical"}
    rows, extras = dynamic(frame, ("x",), **asked)
    other, there = dynamic(frame, ("x",), transformation="orthogonal", **asked)
    np.testing.assert_allclose(other["estimate"], rows["estimate"], rtol=1e-8)
    # errors and Sargan differ by s^2 alone, half the squared differences or the squared deviations
    np.testing.assert_allclose(other["std_error"], rows["std_error"], rtol=0.03)
    assert there["sargan"] == pytest.approx(extras["sargan"], rel=0.06)
    ratio = (other["std_error"] / rows["std_error"]) ** 2
    np.testing.assert_allclose(ratio, extras["sargan"] / there["sargan"], rtol=1e-8)
    robust, _ = dynamic(frame, ("x",), predetermined=["x"], two_step=False)
    np.testing.assert_allclose(robust["std_error"], rows["std_error"], rtol=0.08)


def test_three_periods_and_one_lag_is_the_instrumental_variable_of_anderson_and_hsiao():
    frame = panel(entities=200, periods=3)
    y = frame.pivot(index="firm", columns="year", values="y").to_numpy()
    later, earlier, z = y[:, 2] - y[:, 1], y[:, 1] - y[:, 0], y[:, 0]
    rho = (z @ later) / (z @ earlier)
    error = np.sqrt(((z * (later - rho * earlier)) ** 2).sum()) / abs(z @ earlier)
    for two_step in (False, True):
        rows, extras = dynamic(frame, (), two_step=two_step)
        assert rows.loc["lag(y)", "estimate"] == pytest.approx(rho, rel=1e-10)
        assert rows.loc["lag(y)", "std_error"] == pytest.approx(error, rel=1e-10)
        assert extras["overidentifying"] == 0
        assert "hansen" not in extras and "ar1_z" not in extras


# --- instruments ----------------------------------------------------------------------------------


@pytest.mark.parametrize("t", [4, 5, 7])
def test_instruments_are_counted_by_formula_and_collapsing_makes_them_fewer(t):
    frame = panel(entities=150, periods=t)

    def count(**options):
        return dynamic(frame, **options)[1]["n_instruments"]

    own = (t - 1) * (t - 2) // 2
    assert count() == own + 2
    assert count(endogenous_terms=["x"]) == 2 * own + 1
    assert count(predetermined=["x"]) == own + (own + t - 2) + 1
    assert count(predetermined=["x"], collapse=True) == (t - 2) + (t - 1) + 1
    assert count(max_lag=2) == (t - 2) + 2
    assert count(time_dummies=True) == own + 2 + (t - 2)


def test_too_many_instruments_are_said_with_their_count():
    frame = panel(entities=20)
    rows, extras = dynamic(frame, predetermined=["x"])
    assert "more instruments (36) than groups (20)" in rows["note"].iloc[0]
    assert "generalised inverse" in rows["note"].iloc[0]
    assert np.isfinite(rows["std_error"]).all()
    assert extras["n_instruments"] == 36
    rows, _ = dynamic(frame, predetermined=["x"], collapse=True)
    assert "more instruments" not in rows["note"].iloc[0]


def test_further_instruments_identify_an_endogenous_change():
    rng = np.random.default_rng(5)
    frame = panel(entities=800)
    frame["shift"] = rng.normal(size=len(frame))
    common = rng.normal(size=len(frame))
    frame["d"] = frame["shift"] + common + rng.normal(size=len(frame))
    frame["y2"] = 0.7 * frame["d"] + 2.0 * common + frame["firm"] % 7
    parts = {"instruments": ("shift",)}
    rows, extras = dynamic(frame, ("d",), outcome="y2", endogenous_terms=["d"], parts=parts)
    wrong, _ = dynamic(frame, ("d",), outcome="y2")
    assert rows.loc["d", "estimate"] == pytest.approx(0.7, abs=4 * rows.loc["d", "std_error"])
    assert wrong.loc["d", "estimate"] > 1.2
    assert extras["difference_hansen_df[exogenous]"] == 1


def test_a_collinear_instrument_is_left_out_and_said():
    frame = panel()
    frame["twin"] = 2.0 * frame["z"]
    rows, extras = dynamic(frame, parts={"instruments": ("twin",)})
    plain, one = dynamic(frame)
    np.testing.assert_allclose(rows["estimate"], plain["estimate"], rtol=1e-8)
    assert extras["n_instruments"] == one["n_instruments"]
    assert "1 collinear instruments left out" in rows["note"].iloc[0]


def test_the_difference_in_hansen_finds_the_instruments_that_are_wrong():
    frame = panel(entities=1000, seed=4)
    noise = np.random.default_rng(1).normal(size=len(frame))
    frame = frame.assign(noise=noise, answer=frame["y"] + noise)
    _, right = dynamic(frame, predetermined=["x"], parts={"instruments": ("noise",)})
    _, wrong = dynamic(frame, predetermined=["x"], parts={"instruments": ("answer",)})
    assert right["hansen_p"] > 0.01 and right["difference_hansen_p[exogenous]"] > 0.01
    assert wrong["hansen_p"] < 1e-4 and wrong["difference_hansen_p[exogenous]"] < 1e-4
    assert wrong["difference_hansen[exogenous]"] < wrong["hansen"]
    assert right["difference_hansen_df[x]"] == 20


# --- panels ---------------------------------------------------------------------------------------


def test_rows_in_another_order_and_names_of_entities_change_nothing():
    frame = FRAMES["holes"]
    rows, extras = dynamic(frame, predetermined=["x"])
    mixed = frame.sample(frac=1.0, random_state=3).assign(
        firm=lambda f: "f" + f["firm"].astype(str)
    )
    other, there = dynamic(mixed, predetermined=["x"])
    np.testing.assert_allclose(other["estimate"], rows["estimate"], rtol=1e-9)
    np.testing.assert_allclose(other["std_error"], rows["std_error"], rtol=1e-9)
    assert there["ar2_z"] == pytest.approx(extras["ar2_z"], rel=1e-8)


def test_a_gap_is_not_bridged_and_is_said():
    rows, extras = dynamic(FRAMES["holes"])
    frame = FRAMES["holes"]
    seen = frame.pivot(index="firm", columns="year", values="y").notna().to_numpy()
    three = (seen[:, 2:] & seen[:, 1:-1] & seen[:, :-2]).sum()
    assert extras["n_transformed_rows"] == three
    assert "gaps, which differences do not bridge" in rows["note"].iloc[0]
    assert "gaps" not in dynamic(FRAMES["whole"])[0]["note"].iloc[0]


def test_a_row_whose_terms_are_missing_still_lends_its_outcome_as_instrument():
    frame = FRAMES["whole"].copy()
    rows, _ = dynamic(frame)
    first = frame["year"] == 2000
    frame.loc[first, ["x", "z"]] = np.nan  # of no equation: the first stands two periods later
    kept, _ = dynamic(frame)
    np.testing.assert_allclose(kept["estimate"], rows["estimate"], rtol=1e-10)
    gone, _ = dynamic(frame[~first])
    assert abs(gone["estimate"].iloc[0] - rows["estimate"].iloc[0]) > 1e-3


def test_unequal_spacing_is_said_and_missing_years_of_all_are_neighbours():
    rows, _ = dynamic(FRAMES["whole"].assign(year=lambda f: 2 * f["year"] + (f["year"] > 2003)))
    plain, _ = dynamic(FRAMES["whole"])
    np.testing.assert_allclose(rows["estimate"], plain["estimate"])
    assert "not equally spaced" in rows["note"].iloc[0]


def test_what_is_gone_with_differencing_is_set_aside_or_refused():
    frame = FRAMES["whole"].assign(union=lambda f: f["firm"] % 2)
    rows, _ = dynamic(frame, ("x", "union"))
    assert "set aside" in rows.loc["union", "note"]
    with pytest.raises(UserError, match=r"union .*never varies"):
        dynamic(frame, parts={"treatments": ("union",)})


def test_the_bootstrap_of_entities_is_near_the_robust_errors():
    frame = panel(entities=150, periods=5)
    rows, _ = dynamic(frame, collapse=True, predetermined=["x"], two_step=False)
    drawn, _ = dynamic(frame, collapse=True, predetermined=["x"], two_step=False,
                       vcov="bootstrap", parts={"draws": 60, "seed": 1})  # fmt: skip
    ratio = drawn["std_error"] / rows["std_error"]
    assert ratio.between(0.7, 1.5).all()
    assert "150 entities" in drawn["note"].iloc[0]


# --- recovery -------------------------------------------------------------------------------------


@pytest.mark.parametrize("rho", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("transformation", ["difference", "orthogonal"])
def test_persistence_is_recovered(rho, transformation):
    frame = panel(entities=3000, periods=6, rho=rho, seed=9)
    rows, extras = dynamic(frame, predetermined=["x"], transformation=transformation)
    for term, truth in (("lag(y)", rho), ("x", 0.4), ("z", 0.2)):
        estimate, error = rows.loc[term, ["estimate", "std_error"]]
        assert abs(estimate - truth) < 3.5 * error
        assert error < 0.05
    assert extras["ar1_p"] < 1e-6 and extras["ar2_p"] > 0.01 and extras["hansen_p"] > 0.01


def in_band(count, share, draws=200):
    low, high = stats.binom.ppf([0.0005, 0.9995], draws, share)
    return low <= count <= high


@pytest.mark.slow
def test_coverage_and_sizes_of_hansen_and_ar2_in_simulation():
    covered = {"lag(y)": 0, "x": 0, "z": 0}
    rejected = {"hansen_p": 0, "sargan_p": 0, "ar2_p": 0}
    for seed in range(200):
        rows, extras = dynamic(panel(entities=250, periods=5, seed=seed), predetermined=["x"],
                               collapse=True)  # fmt: skip
        for term, truth in (("lag(y)", 0.5), ("x", 0.4), ("z", 0.2)):
            covered[term] += rows.loc[term, "ci_low"] <= truth <= rows.loc[term, "ci_high"]
        for name in rejected:
            rejected[name] += extras[name] < 0.05
    assert all(in_band(count, 0.95) for count in covered.values()), covered
    assert all(in_band(count, 0.05) for count in rejected.values()), rejected


# --- files and refusals ---------------------------------------------------------------------------


def test_a_study_file(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "d"\nentity = "firm"\ntime = "year"\ncluster = "firm"\n'
        '[[equation]]\nid = "e"\noutcome = "y"\ntreatment = "x"\ncontrols = ["z"]\n'
        'estimator = "arellano_bond"\n[equation.options]\npredetermined = ["x"]\n'
    )
    rows = estimates(read_study(path), FRAMES["holes"])
    assert list(rows["term"]) == ["lag(y)", "x", "z"]
    assert set(rows["vcov"]) == {"robust"}
    np.testing.assert_allclose(rows["estimate"], TWO_STEP["holes", "pre"][0], atol=2e-10)


@pytest.mark.parametrize(("options", "text"), [
    ({"lag": 2}, "lags"),
    ({"lags": 0}, "lags a whole number"),
    ({"lags": True}, "lags a whole number"),
    ({"max_lag": 1}, "max_lag a whole number"),
    ({"max_lag": 7}, "the panel has 7 periods"),
    ({"lags": 6}, "8 periods or more"),
    ({"collapse": "yes"}, "collapse true or false"),
    ({"two_step": 2}, "two_step true or false"),
    ({"transformation": "within"}, "orthogonal"),
    ({"predetermined": ["w"]}, "w"),
    ({"predetermined": ["x"], "endogenous_terms": ["x"]}, "either in predetermined"),
])  # fmt: skip
def test_options_without_sense_are_refused(options, text):
    with pytest.raises(UserError, match=text):
        dynamic(FRAMES["whole"], **options)


@pytest.mark.parametrize(("study", "parts", "text"), [
    ({"entity": ""}, {}, "entity"),
    ({"time": ""}, {}, "time"),
    ({}, {"weights": "z ** 2"}, "no weights"),
    ({}, {"cluster": ("year",)}, "clustered by entity"),
    ({}, {"vcov": "HC1"}, "HC1"),
    ({}, {"absorb": ("firm",)}, "absorb"),
    ({}, {"controls": ("lag(y)", "x")}, "options.lags alone"),
])  # fmt: skip
def test_equations_that_it_cannot_serve_are_refused(study, parts, text):
    with pytest.raises(UserError, match=text):
        dynamic(FRAMES["whole"], study=replace(STUDY, **study), parts=parts)


@pytest.mark.parametrize(("spoil", "text"), [
    (lambda f: pd.concat([f, f.iloc[:1]]), "one row for each firm and year"),
    (lambda f: f[f["year"] < 2002], "3 periods or more"),
    (lambda f: f[f["year"] % 2 == f["firm"] % 2], "3 consecutive periods"),
    (lambda f: f[f["firm"] == 0], "two entities"),
])  # fmt: skip
def test_panels_that_hold_no_equation_are_refused(spoil, text):
    with pytest.raises(UserError, match=text):
        dynamic(spoil(FRAMES["whole"]))


def test_fewer_instruments_than_coefficients_are_refused():
    with pytest.raises(UserError, match="as many instruments as coefficients"):
        dynamic(panel(periods=4), ("x", "z"), lags=2, endogenous_terms=["x", "z"], max_lag=2,
                collapse=True)  # fmt: skip
