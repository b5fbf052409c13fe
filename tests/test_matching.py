"""Matching: R's Matching and Stata's teffects as oracles, brute force, properties, refusals."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.treatment.tests as treatment_tests
from statsmodels.discrete.discrete_model import Logit

from analysis.effects.estimators.matching import fit
from analysis.effects.fitting import data_of, estimates
from analysis.effects.sample import take_sample
from analysis.effects.study import Equation, Study, read_study
from analysis.effects.treatment.kernels import kernel_sums
from analysis.effects.treatment.neighbours import cells_of, neighbours

BABIES = pd.read_csv(Path(treatment_tests.__file__).parent / "results" / "cataneo2.csv")
SCORE = ("mmarried_", "mage", "mage2", "fbaby_", "medu")
COVARIATES = ("mmarried_", "mage", "fage", "medu", "prenatal1_")


def equation_of(controls=("x", "z"), outcome="y", treatment="d", vcov="", cluster=(), weights="",
                draws=None, **options):  # fmt: skip
    return Equation(id="e", outcomes=(outcome,), treatments=(treatment,), controls=tuple(controls),
                    estimator="matching", vcov=vcov, cluster=cluster, weights=weights,
                    draws=draws, options=options)  # fmt: skip


def rows_of(frame, **asked):
    return estimates(Study(id="s", data="d", equations=(equation_of(**asked),)), frame)


def fit_of(frame, **asked):
    equation = equation_of(**asked)
    study = Study(id="s", data="d", equations=(equation,))
    sample = take_sample(study, equation, "y", frame, (), ("propensity",), ("exact",))
    return fit(sample, equation)


def babies(controls=COVARIATES, **asked):
    return rows_of(BABIES, controls=controls, outcome="bweight", treatment="mbsmoke_", **asked)


def workers(n=300, seed=1):
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=n), rng.normal(size=n)
    d = (rng.random(n) < 1 / (1 + np.exp(0.8 - 0.6 * x))) * 1.0
    y = 1 + d * (0.5 + 0.4 * x) + x + 0.3 * z + rng.normal(size=n)
    return pd.DataFrame({"x": x, "z": z, "d": d, "y": y, "s": (z > 0) * 1.0})


# --- against R and Stata ------------------------------------------------------------------------


# Matching 4.10: Match(Y = bweight, Tr = mbsmoke_, X = COVARIATES, estimand, M, Weight (1 inverse
# variance, 2 Mahalanobis), BiasAdjust, ties = TRUE, Var.calc = 1, distance.tolerance = 1e-14): est, se
@pytest.mark.parametrize(("effect", "distance", "adjust", "k", "expected"), [
    ("att", "inverse_variance", False, 1, (-221.75971704, 28.59213696)),
    ("att", "inverse_variance", True, 1, (-223.26582672, 28.59256667)),
    ("att", "inverse_variance", True, 3, (-233.52309354, 25.66849669)),
    ("att", "mahalanobis", False, 3, (-243.97359088, 25.66566485)),
    ("att", "mahalanobis", True, 1, (-238.48218937, 29.19911661)),
    ("ate", "inverse_variance", False, 1, (-208.65198094, 29.31858425)),
    ("ate", "inverse_variance", True, 1, (-208.59490540, 29.31757671)),
    ("ate", "mahalanobis", False, 1, (-210.54351775, 29.68199658)),
    ("ate", "mahalanobis", True, 3, (-217.00488747, 27.50508020)),
])  # fmt: skip
def test_covariate_matching_is_that_of_r(effect, distance, adjust, k, expected):
    rows = babies(on="covariates", effect=effect, distance=distance, bias_adjustment=adjust,
                  neighbours=k)  # fmt: skip
    np.testing.assert_allclose(rows.loc[0, ["estimate", "std_error"]].astype(float), expected,
                               rtol=1e-9)  # fmt: skip


def test_exact_columns_are_those_of_r():
    # the same with Weight = 1, exact = c(TRUE, FALSE, FALSE, FALSE, TRUE)
    rows = babies(on="covariates", effect="att", distance="inverse_variance",
                  exact=["mmarried_", "prenatal1_"])  # fmt: skip
    assert rows["std_error"][0] == pytest.approx(28.51027569, rel=1e-9)


def test_score_matching_is_that_of_stata():
    # [TE] teffects psmatch: (bweight) (mbsmoke mmarried c.mage##c.mage fbaby medu): -210.9683, 32.021
    rows = babies(SCORE)
    assert round(rows["estimate"][0], 4) == -210.9683
    assert round(rows["std_error"][0], 3) == 32.021
    assert rows["vcov"][0] == "abadie_imbens"
    # the treated: R's Match on the same score, which takes it as known: -236.78475083, 26.60220233
    assert rows["estimate"][1] == pytest.approx(-236.78475083, rel=1e-9)
    assert rows["std_error"][1] == pytest.approx(26.60220233, rel=2e-3)
    assert rows["std_error"][1] < 26.60220233


def test_neighbours_of_the_variance_are_those_of_stata():
    # [TE] teffects nnmatch, vce(robust, nn(2)): mage prenatal1 mmarried fbaby: -240.3306, 28.43006
    rows = babies(("mage", "prenatal1_", "mmarried_", "fbaby_"), on="covariates",
                  variance_neighbours=2)  # fmt: skip
    assert round(rows["estimate"][0], 4) == -240.3306
    assert round(rows["std_error"][0], 5) == 28.43006


# --- against brute force ------------------------------------------------------------------------


def brute(frame, points, k, caliper=np.inf, kernel=None, width=None):
    """Differences of every row from its matches, by a matrix of all distances."""
    apart = np.sqrt(((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2))
    other = frame["d"].to_numpy()[:, None] != frame["d"].to_numpy()[None, :]
    if kernel is None:
        reach = np.sort(np.where(other, apart, np.inf), axis=1)[:, [k - 1]]
        w = (other & (apart <= np.minimum(reach, caliper) + 1e-9)) * 1.0
    else:
        w = np.where(other, kernel(apart / width), 0.0)
    found = w.sum(axis=1) > 0
    w = w[found] / w[found].sum(axis=1, keepdims=True)
    y = frame["y"].to_numpy()
    sign = 2 * frame["d"].to_numpy() - 1
    return found, sign[found] * (y[found] - w @ y)


def score_of(frame, *names):
    x = np.column_stack([np.ones(len(frame)), frame[list(names)]])
    return Logit(frame["d"], x).fit(disp=0, tol=1e-12).predict()


@pytest.mark.parametrize("options", [
    {}, {"neighbours": 4}, {"caliper": 0.003}, {"neighbours": 3, "caliper": 0.01},
])  # fmt: skip
@pytest.mark.parametrize("discrete", [False, True])
def test_neighbours_are_those_of_all_distances(options, discrete):
    frame = workers()
    if discrete:
        frame[["x", "z"]] = frame[["x", "z"]].round()
    p = score_of(frame, "x", "z")[:, None]
    found, gaps = brute(frame, p, options.get("neighbours", 1), options.get("caliper", np.inf))
    rows = rows_of(frame, **options)
    treated = frame["d"].to_numpy()[found] == 1
    np.testing.assert_allclose(rows["estimate"], [gaps.mean(), gaps[treated].mean()], rtol=1e-6)
    about = json.loads(rows["extras"][0])
    assert about["n_matched_treated"] == treated.sum()
    assert about["n_unmatched_untreated"] == ((frame["d"] == 0) & ~found).sum()


KERNELS = {
    "epanechnikov": lambda u: np.maximum(1 - u**2, 0),
    "gaussian": lambda u: np.exp(-(u**2) / 2),
    "radius": lambda u: (u <= 1) * 1.0,
}


@pytest.mark.parametrize("kernel", list(KERNELS))
@pytest.mark.parametrize("width", [0.02, 0.2])
def test_kernel_and_radius_matching_are_weighted_means_over_all(kernel, width):
    frame = workers()
    p = score_of(frame, "x", "z")[:, None]
    found, gaps = brute(frame, p, 0, kernel=KERNELS[kernel], width=width)
    options = {"radius": width} if kernel == "radius" else {"kernel": kernel, "bandwidth": width}
    rows = rows_of(frame, **options)
    treated = frame["d"].to_numpy()[found] == 1
    np.testing.assert_allclose(rows["estimate"], [gaps.mean(), gaps[treated].mean()], rtol=1e-6)


@pytest.mark.parametrize("kernel", ["epanechnikov", "gaussian", "uniform"])
@pytest.mark.parametrize("power", [1, 2])
@pytest.mark.parametrize("width", [0.003, 0.4, 5.0])
def test_sums_over_kernels_are_those_of_all_pairs(kernel, power, width):
    rng = np.random.default_rng(2)
    at, points, v = rng.random(7000), rng.random(5000), rng.normal(size=(5000, 2))
    name = "radius" if kernel == "uniform" else kernel
    dense = KERNELS[name](np.abs(at[:300, None] - points) / width) ** power @ v
    found = kernel_sums(at, points, v, kernel, width, power)[:300]
    np.testing.assert_allclose(found, dense, rtol=1e-6, atol=1e-5)


def test_ties_beyond_the_cells_looked_at_are_found():
    # eight points of the pool on a circle round the query, each twice
    angles = np.repeat(np.arange(8) * np.pi / 4, 2)
    points = np.vstack([[[0.0, 0.0]], np.column_stack([np.cos(angles), np.sin(angles)])])
    pool = cells_of(points, np.arange(1, 17))
    members = neighbours(points[:1], pool, 1)
    assert (members @ pool.counts)[0] == 16
    assert (neighbours(points[:1], pool, 1, caliper=0.9) @ pool.counts)[0] == 0


# --- properties ---------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{"on": "covariates"}, {"propensity": ["C(x)"]}])
def test_exact_duplicates_give_the_mean_of_cell_differences(options):
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"x": np.repeat([0.0, 1.0, 3.0], 40), "d": np.tile([0, 1, 1, 0, 0], 24)})
    frame.loc[frame["x"] == 1, "d"] = np.tile([1, 0], 20)
    frame["y"] = rng.normal(size=120) + frame["d"] * frame["x"]
    means = frame.groupby(["x", "d"])["y"].mean().unstack()
    gap = (means[1] - means[0]).to_numpy()
    rows = rows_of(frame, controls=("x",), **options)
    if "propensity" in options:
        # cells 0 and 3 have one share treated, so one score: they are one cell
        low = frame[frame["x"] != 1].groupby("d")["y"].mean()
        gap = np.array([low[1] - low[0], gap[1], low[1] - low[0]])
    treated = frame.groupby("x")["d"].mean().to_numpy()
    expected = [gap.mean(), (gap * treated).sum() / treated.sum()]
    np.testing.assert_allclose(rows["estimate"], expected, rtol=1e-9)


@pytest.mark.parametrize("on", ["propensity", "covariates"])
def test_a_caliper_that_never_binds_changes_nothing_nor_do_units(on):
    frame = workers()
    rows = rows_of(frame, on=on)
    for same in (rows_of(frame, on=on, caliper=1e6), rows_of(frame, on=on, caliper=float("inf")),
                 rows_of(frame.assign(x=1e3 * frame["x"] - 5), on=on)):  # fmt: skip
        np.testing.assert_allclose(rows["estimate"], same["estimate"], rtol=1e-9)
        np.testing.assert_allclose(rows["std_error"], same["std_error"], rtol=1e-6)


def test_the_index_is_matched_on_in_its_own_unit():
    frame = workers()
    p = score_of(frame, "x", "z")
    found, gaps = brute(frame, np.log(p / (1 - p))[:, None], 2, caliper=0.01)
    assert 0 < found.sum() < len(frame)
    rows = rows_of(frame, scale="index", neighbours=2, caliper=0.01, effect="ate")
    assert rows["estimate"][0] == pytest.approx(gaps.mean())


def test_nobody_is_matched_outside_an_exact_cell():
    frame = workers()
    found = fit_of(frame, on="covariates", exact=["s"], neighbours=2)
    row, match = found.material["pairs"]
    assert len(row) == 2 * len(frame)
    assert (frame["s"].to_numpy()[row] == frame["s"].to_numpy()[match]).all()
    assert (frame["d"].to_numpy()[row] != frame["d"].to_numpy()[match]).all()
    lone = frame.assign(s=np.where((frame["d"] == 1) & (frame.index % 2 == 0), 9.0, frame["s"]))
    about = fit_of(lone, on="covariates", exact=["s"])
    assert about.extras["n_unmatched_treated"] == (lone["s"] == 9).sum() > 0
    assert f"{(lone['s'] == 9).sum()} treated rows have no match" in about.notes[0]


def test_weights_and_pairs_give_the_estimate():
    frame = workers()
    found = fit_of(frame, neighbours=2, effect="att")
    w, d, y = found.material["weights"]["att"], frame["d"].to_numpy(), frame["y"].to_numpy()
    assert w[d == 1] == pytest.approx(1) and w[d == 0].sum() == pytest.approx(d.sum())
    gap = y[d == 1].mean() - w[d == 0] @ y[d == 0] / w[d == 0].sum()
    assert found.estimate[0] == pytest.approx(gap)
    row, match = (part[d[found.material["pairs"][0]] == 1] for part in found.material["pairs"])
    pairs = pd.DataFrame({"row": row, "y": y[match]}).groupby("row")["y"].mean()
    assert found.estimate[0] == pytest.approx((y[pairs.index] - pairs).mean())
    np.testing.assert_allclose(found.material["differences"], y[pairs.index] - pairs)


def test_rows_off_common_support_are_set_aside_and_counted():
    frame = workers()
    p = score_of(frame, "x", "z")
    d = frame["d"].to_numpy() == 1
    off = d & ((p > p[~d].max()) | (p < p[~d].min()))
    frame.loc[np.flatnonzero(d)[:3], "x"] = [4.0, 4.5, 5.0]
    rows = rows_of(frame, common_support=True, effect="att")
    about = json.loads(rows["extras"][0])
    assert about["n_off_support_treated"] == about["n_unmatched_treated"] >= 3 > off.sum() - 3
    assert "off support" in rows["note"][0]


def test_bias_adjustment_removes_what_a_linear_outcome_leaves():
    frame = workers().assign(y=lambda f: f["d"] + 2 * f["x"] + 3 * f["z"])
    plain, adjusted = (rows_of(frame, on="covariates", bias_adjustment=b) for b in (False, True))
    assert (abs(plain["estimate"] - 1) > 0.01).all()
    np.testing.assert_allclose(adjusted["estimate"], 1, rtol=1e-9)


def test_a_study_file_asks_for_it(tmp_path):
    workers().to_csv(tmp_path / "d.csv", index=False)
    path = tmp_path / "s.toml"
    path.write_text(
        """
        [study]
        id = "s"
        data = "d.csv"
        [[equation]]
        id = "e"
        outcome = "y"
        treatment = "d"
        controls = ["x", "z"]
        estimator = "matching"
        [equation.options]
        neighbours = 2
        caliper = 0.1
        exact = ["s"]
        propensity = ["x", "x ** 2", "z"]
        score = "probit"
    """,
        encoding="utf-8",
    )
    study = read_study(path)
    rows = estimates(study, data_of(study))
    assert list(rows["quantity"]) == ["ate", "att"] and (rows["std_error"] > 0).all()
