"""Quantile regression: Engel's table, R's quantreg, linear programming, covariances, refusals."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.effects.distribution.bands import path_tests
from analysis.effects.distribution.check_function import check_loss
from analysis.effects.fitting import estimates
from analysis.effects.study import Equation, Study, read_study
from analysis.messages import UserError
from analysis.sources.data_sets import teaching_data_sets

FIVE = [0.05, 0.25, 0.5, 0.75, 0.95]


def fitted(frame, terms=("income",), vcov="classical", outcome="foodexp", **more):
    equation = Equation("e", (outcome,), (), tuple(terms), "quantile", vcov=vcov, **more)
    rows = estimates(Study("s", "d", (equation,)), frame)
    return rows, json.loads(rows["extras"].iloc[0])


def column(rows, term, name="estimate"):
    chosen = rows[rows["term"] == term]
    return dict(zip(chosen["component"], chosen[name].astype(float), strict=True))


@pytest.fixture(scope="module")
def engel():
    return teaching_data_sets()["engel"]()


def survey(n=400, seed=1, spread=0.0):
    rng = np.random.default_rng(seed)
    g = rng.integers(0, 40, n)
    frame = pd.DataFrame({"g": g, "x": rng.uniform(0, 2, n), "d": rng.integers(0, 2, n) * 1.0})
    error = rng.normal(size=n) * (1 + spread * frame["x"])
    return frame.assign(y=1 + frame["x"] + 0.5 * frame["d"] + error, w=rng.integers(1, 4, n) * 1.0)


# --- the exact minimum ------------------------------------------------------------------------


def test_slopes_are_those_of_engels_table(shared_facts, engel):
    table = pd.read_csv(shared_facts / "published_benchmarks.csv", dtype=str)
    table = table[(table["benchmark"] == "D8") & table["quantity"].str.startswith("slope")]
    slopes = column(fitted(engel, options={"quantiles": FIVE})[0], "income")
    assert len(table) == 5
    for row in table.to_dict("records"):
        value = slopes[row["quantity"].removeprefix("slope ")]
        assert round(value, 5) == float(row["published"])
        assert value == pytest.approx(float(row["reference_value"]), rel=1e-6)


@settings(max_examples=8, deadline=None)
@given(st.floats(0.01, 100), st.floats(-10, 10), st.floats(-3, 3))
def test_estimates_move_with_scale_and_shift_of_the_outcome(scale, shift, slope):
    frame = survey(201)
    moved = frame.assign(y=scale * frame["y"] + shift + slope * frame["x"])
    first, second = (fitted(f, ("x", "d"), "HC0", "y")[0] for f in (frame, moved))
    expected = scale * first["estimate"] + shift * (first["term"] == "const")
    expected += slope * (first["term"] == "x")
    np.testing.assert_allclose(second["estimate"], expected, rtol=1e-7, atol=1e-7)


def test_a_dummy_alone_gives_the_quantiles_of_both_groups():
    frame = survey(401)
    rows = fitted(frame, ("d",), "HC1", "y", options={"quantiles": [0.37]})[0]
    low, gap = rows["estimate"]
    for value, group in ((low, 0.0), (low + gap, 1.0)):
        y = np.sort(frame.loc[frame["d"] == group, "y"])
        assert value == pytest.approx(y[int(np.ceil(0.37 * len(y))) - 1], abs=1e-10)


def test_weights_are_repeated_rows():
    frame = survey(151)
    weighted = fitted(frame, ("x", "d"), "HC0", "y", weights="w")[0]
    repeated = fitted(frame.loc[frame.index.repeat(frame["w"].astype(int))], ("x", "d"), "HC0", "y")
    losses = [
        check_loss(*pair) for rows in (weighted, repeated[0]) for pair in _residuals(frame, rows)
    ]
    np.testing.assert_allclose(losses[:5], losses[5:], rtol=1e-10)


def _residuals(frame, rows):
    for component, part in rows.groupby("component"):
        b = part.set_index("term")["estimate"]
        e = frame["y"] - b["const"] - b["x"] * frame["x"] - b["d"] * frame["d"]
        yield (frame["w"] * e).to_numpy(), float(component.removeprefix("tau="))


def test_weighted_estimates_are_those_of_quantreg(engel):
    # R 4.2, quantreg 5.94: d$w <- 1 + (seq_len(235) %% 3); d$big <- seq_len(235) %% 2
    # coef(rq(foodexp ~ income + big, tau = c(.1, .75), data = d, weights = w))
    place = np.arange(1, 236)
    frame = engel.assign(w=1.0 + place % 3, big=place % 2 * 1.0)
    options = {"quantiles": [0.1, 0.75]}
    rows = fitted(frame, ("income", "big"), "HC1", options=options, weights="w")[0]
    expected = [105.91397741549825, 0.41244195191707, -13.37667281124384,
                59.60440532238883, 0.65488062780765, -7.60357566752807]  # fmt: skip
    np.testing.assert_allclose(rows["estimate"], expected, rtol=1e-9)


# --- covariances ------------------------------------------------------------------------------

# R 4.2, quantreg 5.94: summary(rq(foodexp ~ income, tau, engel), se = ...)$coef[, 2], tau in FIVE
QUANTREG = {
    "classical": [17.6543170386785, 0.0158944297398, 15.8619076503776, 0.0142806983774,
                  13.2390797180804, 0.0119193295293, 10.67106380493286, 0.00960730871236,
                  9.84696684825099, 0.00886536264058],
    "nid": [35.0667318136114, 0.0499354874137, 21.3923697518315, 0.0290552734828,
            19.2506602521060, 0.0282772096839, 16.305376602816, 0.023239168132,
            16.8536698601421, 0.0179291765586],
    "ker": [12.0419579042109, 0.0156680877652, 24.1639194918595, 0.0295488223199,
            30.2153158527793, 0.0373170354527, 29.1187560218802, 0.0362160653556,
            19.5200588107512, 0.0247530968856],
}  # fmt: skip


@pytest.mark.parametrize("vcov", list(QUANTREG))
def test_errors_are_those_of_quantreg(engel, vcov):
    rows = fitted(engel, vcov=vcov, options={"quantiles": FIVE})[0]
    np.testing.assert_allclose(rows["std_error"], QUANTREG[vcov], rtol=2e-7)


def kernel_sandwich(frame, tau, codes):
    """Powell's sandwich and Parente and Santos Silva's middle, written out row by row."""
    rows = fitted(frame, ("x", "d"), "HC0", "y", options={"quantiles": [tau]})[0]
    x = np.column_stack([np.ones(len(frame)), frame["x"], frame["d"]])
    e = frame["y"].to_numpy() - x @ rows["estimate"].to_numpy()
    n, q = len(e), stats.norm.ppf(tau)
    h = n ** (-1 / 3) * stats.norm.ppf(0.975) ** (2 / 3)
    h *= (1.5 * stats.norm.pdf(q) ** 2 / (2 * q**2 + 1)) ** (1 / 3)
    low, high = np.quantile(e, [0.25, 0.75])
    width = stats.norm.ppf(tau + h) - stats.norm.ppf(tau - h)
    width *= min(e.std(ddof=1), (high - low) / 1.34)
    bread = np.linalg.inv((x * stats.norm.pdf(e / width)[:, None] / width).T @ x)
    on = np.abs(e) < 1e-9
    psi = np.where(e < 0, tau - 1, tau)
    psi[on] = -np.linalg.solve(x[on].T, x[~on].T @ psi[~on])
    sums = np.array([(x * psi[:, None])[codes == g].sum(axis=0) for g in np.unique(codes)])
    return np.sqrt(np.diag(bread @ sums.T @ sums @ bread))


def test_robust_and_clustered_errors_are_the_kernel_sandwich_by_hand():
    frame, n = survey(300), 300
    options = {"quantiles": [0.3]}
    robust = fitted(frame, ("x", "d"), "HC1", "y", options=options)[0]["std_error"]
    by_row = kernel_sandwich(frame, 0.3, np.arange(n))
    np.testing.assert_allclose(robust, by_row * np.sqrt(n / (n - 3)), rtol=1e-8)
    clustered = fitted(frame, ("x", "d"), "cluster", "y", options=options, cluster=("g",))[0]
    by_group = kernel_sandwich(frame, 0.3, frame["g"].to_numpy())
    groups = frame["g"].nunique()
    np.testing.assert_allclose(
        clustered["std_error"], by_group * np.sqrt(groups / (groups - 1)), rtol=1e-8
    )


def test_cluster_bootstrap_draws_whole_clusters():
    frame = survey(61).assign(g=np.arange(61))
    fourfold = frame.loc[frame.index.repeat(4)]
    asked = {"vcov": "bootstrap", "outcome": "y", "draws": 40, "cluster": ("g",),
             "options": {"quantiles": [0.43]}}  # fmt: skip
    first, second = (fitted(f, ("x",), **asked)[0] for f in (frame, fourfold))
    np.testing.assert_allclose(first["std_error"], second["std_error"], rtol=0.02)
    loose = fitted(fourfold, ("x",), **{**asked, "cluster": ()})[0]
    assert (loose["std_error"] < 0.75 * second["std_error"]).all()


# --- across quantiles -------------------------------------------------------------------------


def test_equality_of_slopes_is_the_wald_test_of_the_joint_covariance(engel):
    rows, extras = fitted(engel, options={"quantiles": [0.25, 0.75]})
    low, high = column(rows, "income").values()
    v_low, v_high = (se**2 for se in column(rows, "income", "std_error").values())
    # classical: V_tu = (min(t, u) - t u) s_t s_u (X'X)^-1, V_t = t (1 - t) s_t^2 (X'X)^-1
    shared = 0.25 * 0.25 / np.sqrt(0.25 * 0.75 * 0.75 * 0.25) * np.sqrt(v_low * v_high)
    expected = (high - low) ** 2 / (v_low + v_high - 2 * shared)
    assert extras["equality_chi2[income]"] == pytest.approx(expected, rel=1e-8)
    assert extras["equality_df[income]"] == 1


def test_a_location_shift_is_kept_and_a_change_of_scale_is_not():
    options = {"process": True}
    shift = fitted(survey(2000), ("x", "d"), "HC1", "y", options=options)[1]
    scale = fitted(survey(2000, spread=1.0), ("x", "d"), "HC1", "y", options=options)[1]
    for key in ("equality_p", "location_shift_p[x]"):
        assert shift[key] > 0.05
        assert scale[key] < 0.001
    assert scale["location_shift_p[d]"] > 0.05
    assert scale["no_effect_p[x]"] < 0.001


def test_process_has_a_uniform_band_between_pointwise_and_bonferroni():
    rows, extras = fitted(survey(800), ("x",), "HC1", "y", options={"process": True})
    assert len(column(rows, "x")) == 19
    assert 1.96 < extras["band_critical[x]"] < stats.norm.ppf(1 - 0.025 / 19)


def test_critical_value_of_independent_estimates_is_sidaks():
    found = path_tests(np.zeros(5), np.diag([1.0, 4.0, 9.0, 0.1, 2.0]))
    exact = stats.norm.ppf(0.5 + 0.95**0.2 / 2)
    assert found["band_critical"] == pytest.approx(exact, abs=0.05)
    assert found["no_effect_p"] == 1.0


def test_crossings_are_counted_and_said():
    x = np.repeat([0.0, 1.0, 10.0], [60, 60, 2])
    spread = np.repeat([1.0, 0.05, 0.0], [60, 60, 2])
    y = spread * np.random.default_rng(0).normal(size=122)
    rows, extras = fitted(pd.DataFrame({"x": x, "y": y}), ("x",), "HC1", "y")
    b = rows.pivot_table(index="component", columns="term", values="estimate")
    fit = b["const"].to_numpy()[:, None] + b["x"].to_numpy()[:, None] * x
    assert extras["crossings"] == int((np.diff(fit, axis=0) < -1e-12).any(axis=0).sum()) > 0
    assert f"cross at {extras['crossings']} rows" in rows["note"].iloc[0]


def test_goodness_of_fit_is_koenker_and_machados(engel):
    extras = fitted(engel, options={"quantiles": [0.5]})[1]
    slope, constant = 0.5601805512094, 81.48224741694
    e = engel["foodexp"] - constant - slope * engel["income"]
    about = engel["foodexp"] - engel["foodexp"].median()
    expected = 1 - np.abs(e).sum() / np.abs(about).sum()
    assert extras["koenker_machado_r1[tau=0.5]"] == pytest.approx(expected, rel=1e-9)


# --- refusals and the study file --------------------------------------------------------------


@pytest.mark.parametrize(("options", "more", "phrase"), [
    ({"quantiles": [0.5, 1.0]}, {}, "between 0 and 1"),
    ({"quantiles": [0.0]}, {}, "between 0 and 1"),
    ({"quantiles": []}, {}, "list of different numbers"),
    ({"quantiles": ["a"]}, {}, "list of different numbers"),
    ({"quantiles": [0.5, 0.5]}, {}, "list of different numbers"),
    ({"quantiles": [0.003]}, {}, "tau=0.003 of 400 rows leaves 1.2"),
    ({"process": True, "quantiles": [0.5]}, {}, "not both"),
    ({"process": 1}, {}, "true or false"),
    ({"quantile": [0.5]}, {}, "quantiles"),
    ({}, {"weights": "d"}, "weights above zero"),
    ({}, {"vcov": "HC3"}, "HC3"),
])  # fmt: skip
def test_what_cannot_be_fitted_is_refused(options, more, phrase):
    with pytest.raises(UserError, match=phrase):
        fitted(survey(), ("x", "d"), **{"vcov": "HC1", "outcome": "y", "options": options, **more})


@pytest.mark.parametrize("vcov", ["HC1", "classical"])
def test_an_outcome_without_error_has_no_density(vcov):
    frame = survey().assign(y=lambda f: f["x"])
    with pytest.raises(UserError, match=r"density at tau=0\.1"):
        fitted(frame, ("x",), vcov, "y")


def test_a_study_file_asks_for_quantiles(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "engel"\n[[equation]]\nid = "q"\noutcome = "foodexp"\n'
        'treatment = "income"\nestimator = "quantile"\nvcov = "nid"\n'
        "[equation.options]\nquantiles = [0.5, 0.25]\n"
    )
    rows = estimates(read_study(path), teaching_data_sets()["engel"]())
    assert list(rows["component"].unique()) == ["tau=0.25", "tau=0.5"]
    assert rows["estimate"].iloc[-1] == pytest.approx(0.56018055, rel=1e-7)


# --- coverage ---------------------------------------------------------------------------------


def covered(vcov, spread, common, replications=200, n=400):
    """The share of 95 % intervals of the slope at tau = 0.3 that hold the true one."""
    hits, root = 0, np.sqrt(1 - common**2)
    true = 1 + spread * stats.norm.ppf(0.3)
    for seed in range(replications):
        rng = np.random.default_rng(seed)
        g = rng.integers(0, 60, n)
        x = rng.uniform(0, 2, 60)[g] if common else rng.uniform(0, 2, n)
        e = (common * rng.normal(size=60)[g] + root * rng.normal(size=n)) * (1 + spread * x)
        frame = pd.DataFrame({"g": g, "x": x, "y": 1 + x + e})
        row = fitted(frame, ("x",), vcov, "y", cluster=("g",), options={"quantiles": [0.3]})[
            0
        ].iloc[1]
        hits += row["ci_low"] < true < row["ci_high"]
    return hits, replications


@pytest.mark.slow
@pytest.mark.parametrize(("vcov", "spread", "common"), [
    ("classical", 0.0, 0.0), ("HC1", 0.5, 0.0), ("nid", 0.5, 0.0), ("cluster", 0.5, 0.5),
])  # fmt: skip
def test_intervals_cover(vcov, spread, common):
    hits, replications = covered(vcov, spread, common)
    low, high = stats.binom.ppf([0.0005, 0.9995], replications, 0.95)
    assert low <= hits <= high
