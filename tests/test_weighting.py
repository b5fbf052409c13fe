"""Weighting and regression adjustment: Stata's results, What If's table, double robustness."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.treatment.tests as treatment_tests
from statsmodels.discrete.discrete_model import Logit
from statsmodels.treatment.tests.results import results_teffects as stata
from statsmodels.treatment.treatment_effects import ate_ipw

from analysis.effects.benchmarking import benchmark_table
from analysis.effects.fitting import data_of, estimates
from analysis.effects.study import Equation, Study, read_study

BABIES = pd.read_csv(Path(treatment_tests.__file__).parent / "results" / "cataneo2.csv")
OUTCOME = ("prenatal1_", "mmarried_", "mage", "fbaby_")
SCORE = ["mmarried_", "mage", "mage2", "fbaby_", "medu"]
DOUBLY_ROBUST = ("aipw", "ipw_regression_adjustment")
FAMILY = ("ipw", *DOUBLY_ROBUST, "regression_adjustment")


def rows_of(frame, estimator, controls=("x",), outcome="y", treatment="d", vcov="", **more):
    options = {key: more.pop(key) for key in list(more) if key not in ("cluster", "weights")}
    equation = Equation(id="e", outcomes=(outcome,), treatments=(treatment,), estimator=estimator,
                        controls=tuple(controls), vcov=vcov, options=options, **more)  # fmt: skip
    return estimates(Study(id="s", data="d", equations=(equation,)), frame)


def one(rows, effect="ate", column="estimate"):
    return float(rows.loc[rows["quantity"] == effect, column].iloc[0])


def mean(rows, term, effect, column="estimate"):
    found = rows[(rows["term"] == term) & (rows["component"] == effect)]
    return float(found[column].iloc[0])


def workers(n=1500, seed=1):
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=n), rng.normal(size=n)
    d = (rng.random(n) < 1 / (1 + np.exp(0.3 - 0.6 * x))) * 1.0
    y = 1 + d * (0.5 + 0.4 * x) + x + 0.3 * z + rng.normal(size=n)
    return pd.DataFrame({"x": x, "z": z, "d": d, "y": y, "g": np.arange(n) % 40})


# --- against Stata, statsmodels, What If --------------------------------------------------------


@pytest.mark.parametrize(("estimator", "options", "table"), [
    ("regression_adjustment", {}, stata.results_ra),
    ("ipw", {"propensity": SCORE, "score": "probit"}, stata.results_ipw),
    ("aipw", {"propensity": SCORE, "score": "probit"}, stata.results_aipw),
    ("ipw_regression_adjustment", {"propensity": SCORE, "score": "probit"}, stata.results_ipwra),
])  # fmt: skip
def test_effects_means_and_errors_are_those_of_stata_teffects(estimator, options, table):
    rows = rows_of(BABIES, estimator, OUTCOME, "bweight", "mbsmoke_", **options)
    tables = {"ate": table.table} | ({"att": table.table_t} if "table_t" in table else {})
    for effect, printed in tables.items():
        found = [one(rows, effect), one(rows, effect, "std_error"),
                 mean(rows, "mean(mbsmoke_=0)", effect),
                 mean(rows, "mean(mbsmoke_=0)", effect, "std_error")]  # fmt: skip
        np.testing.assert_allclose(found, printed[:2, :2].ravel(), rtol=1e-8)


def test_unnormalised_weighting_is_that_of_statsmodels():
    frame = workers()
    p = Logit(frame["d"], np.column_stack([np.ones(len(frame)), frame["x"]])).fit(disp=0).predict()
    y, d = frame["y"].to_numpy(), frame["d"].to_numpy(int)
    for normalised in (True, False):
        rows = rows_of(frame, "ipw", normalised=normalised)
        expected = ate_ipw(y, d, p, weighted=normalised)
        assert one(rows) == pytest.approx(expected[0], rel=1e-9)


def test_every_number_of_what_if_agrees():
    published = pd.read_csv("data/raw/published_benchmarks.csv", dtype=str)
    table = benchmark_table(published.query("benchmark == 'D4'"))
    assert len(table) == 18
    assert (table["agrees"] == "true").all(), table[["quantity", "published", "measured"]]


def test_products_are_one_regression_with_them():
    frame = workers()
    rows = rows_of(frame, "regression_adjustment", ("x", "z"), products=["x"])
    design = np.column_stack([np.ones(len(frame)), frame["d"], frame["x"], frame["z"],
                              frame["d"] * frame["x"]])  # fmt: skip
    b = np.linalg.lstsq(design, frame["y"], rcond=None)[0]
    assert one(rows) == pytest.approx(b[1] + b[4] * frame["x"].mean())
    treated = frame["x"][frame["d"] == 1].mean()
    assert one(rows, "att") == pytest.approx(b[1] + b[4] * treated)


# --- properties ---------------------------------------------------------------------------------


@pytest.mark.parametrize("estimator", FAMILY)
def test_units_of_covariates_and_of_sampling_weights_do_not_matter(estimator):
    frame = workers().assign(w=lambda f: 1.0 + (f["z"] > 0))
    other = frame.assign(x=1000 * frame["x"] - 7, w=3 * frame["w"])
    first, second = (rows_of(f, estimator, weights="w") for f in (frame, other))
    columns = ["estimate", "std_error"]
    np.testing.assert_allclose(first[columns], second[columns], rtol=1e-7)


@pytest.mark.parametrize("estimator", FAMILY)
def test_whole_sampling_weights_are_repeated_rows(estimator):
    frame = workers(400).assign(w=lambda f: 1.0 + (f["z"] > 0))
    longer = frame.loc[frame.index.repeat(frame["w"].astype(int))].assign(w=1.0)
    weighted, repeated = rows_of(frame, estimator, weights="w"), rows_of(longer, estimator)
    np.testing.assert_allclose(weighted["estimate"], repeated["estimate"], rtol=1e-8)


@pytest.mark.parametrize("estimator", FAMILY)
def test_clustered_errors_of_rows_entered_twice_are_those_of_rows_once(estimator):
    frame = workers(300).assign(g=np.arange(300))
    once = rows_of(frame, estimator, vcov="HC0")["std_error"]
    twice = rows_of(pd.concat([frame, frame]), estimator, cluster=("g",))
    np.testing.assert_allclose(twice["std_error"], once * np.sqrt(300 / 299), rtol=1e-7)
    assert set(twice["vcov"]) == {"cluster"} and set(twice["n_clusters"]) == {300}


@pytest.mark.parametrize("estimator", FAMILY)
def test_in_cells_every_estimator_is_the_mean_of_cell_differences(estimator):
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"x": np.repeat([0.0, 1.0, 2.0], 40), "d": np.tile([0, 1, 1, 0, 0], 24)})
    frame.loc[frame["x"] == 1, "d"] = np.tile([1, 0], 20)
    frame["y"] = rng.normal(size=120) + frame["d"] * frame["x"]
    means = frame.groupby(["x", "d"])["y"].mean().unstack()
    gap = (means[1] - means[0]).to_numpy()
    treated = frame.groupby("x")["d"].mean().to_numpy()
    rows = rows_of(frame, estimator, ("C(x)",))
    assert one(rows) == pytest.approx(gap.mean())
    assert one(rows, "att") == pytest.approx((gap * treated).sum() / treated.sum())


def test_the_score_taken_as_known_changes_errors_alone_and_is_hc0_of_least_squares():
    frame = workers()
    rows, known = rows_of(frame, "ipw"), rows_of(frame, "ipw", score_known=True)
    assert one(known) == one(rows) and "score as known" in known["note"].iloc[0]
    p = Logit(frame["d"], np.column_stack([np.ones(len(frame)), frame["x"]])).fit(disp=0).predict()
    w = np.where(frame["d"] == 1, 1 / p, 1 / (1 - p))
    x = np.column_stack([np.ones(len(frame)), frame["d"]])
    bread = np.linalg.inv((x * w[:, None]).T @ x)
    e = frame["y"] - x @ (bread @ (x.T @ (w * frame["y"])))
    scores = x * (w * e.to_numpy())[:, None]
    error = np.sqrt((bread @ scores.T @ scores @ bread)[1, 1])
    assert one(known, column="std_error") == pytest.approx(error, rel=1e-9)
    assert one(rows, column="std_error") < error


def test_trimming_keeps_the_rule_and_truncation_the_largest_weight():
    frame = workers()
    rows = rows_of(frame, "ipw", trim=0.3, effect="ate")
    about = json.loads(rows["extras"].iloc[0])
    p = Logit(frame["d"], np.column_stack([np.ones(len(frame)), frame["x"]])).fit(disp=0).predict()
    outside = (p < 0.3) | (p > 0.7)
    assert about["n_trimmed"] == outside.sum() > 0
    assert about["share_trimmed"] == pytest.approx(outside.mean())
    assert about["weight_max[ate]"] <= 1 / 0.3
    assert f"effect of the {(~outside).sum()} rows with a score from 0.3" in rows["note"].iloc[0]
    cut = json.loads(rows_of(frame, "ipw", truncate=0.9, effect="ate")["extras"].iloc[0])
    w = np.where(frame["d"] == 1, 1 / p, 1 / (1 - p))
    caps = [np.quantile(w[frame["d"] == arm], 0.9) for arm in (0, 1)]
    assert cut["weight_max[ate]"] == pytest.approx(max(caps), rel=1e-7)
    assert cut["effective_n_treated[ate]"] > about["effective_n_treated[ate]"] * 0.5


def test_optimal_trimming_solves_the_equation_of_crump_and_others():
    frame = workers()
    frame["d"] = (np.random.default_rng(2).random(1500) < 1 / (1 + np.exp(-2 * frame["x"]))) * 1.0
    about = json.loads(rows_of(frame, "ipw", trim="optimal")["extras"].iloc[0])
    p = Logit(frame["d"], np.column_stack([np.ones(len(frame)), frame["x"]])).fit(disp=0).predict()
    g, a = 1 / (p * (1 - p)), about["trim_edge"]
    limit = 1 / (a * (1 - a))
    assert limit == pytest.approx(2 * g[g <= limit * (1 + 1e-9)].mean(), rel=0.01)
    assert about["n_trimmed"] == (g > limit * (1 + 1e-9)).sum() > 0


@pytest.mark.parametrize("estimator", DOUBLY_ROBUST)
@pytest.mark.parametrize("wrong", ["score", "outcome"])
def test_doubly_robust_estimators_survive_one_wrong_model(estimator, wrong):
    rng = np.random.default_rng(8)
    n = 40_000
    x = rng.normal(size=n)
    d = (rng.random(n) < 1 / (1 + np.exp(0.2 - x))) * 1.0
    frame = pd.DataFrame({"x": x, "d": d, "noise": rng.normal(size=n)})
    frame["y"] = 1 + d + 2 * x + rng.normal(size=n)
    right, empty = "x", "noise"
    controls, score = ((right,), [empty]) if wrong == "score" else ((empty,), [right])
    rows = rows_of(frame, estimator, controls, propensity=score)
    for effect in ("ate", "att"):
        assert abs(one(rows, effect) - 1) < 4 * one(rows, effect, "std_error") < 0.3
    spoiled = rows_of(frame, estimator, (empty,), propensity=[empty])
    assert abs(one(spoiled) - 1) > 0.5


def test_a_study_file_asks_for_it(tmp_path):
    workers().to_csv(tmp_path / "d.csv", index=False)
    path = tmp_path / "s.toml"
    path.write_text(
        """
        [study]
        id = "s"
        data = "d.csv"
        cluster = "g"
        [[equation]]
        id = "e"
        outcome = "y"
        treatment = "d"
        controls = ["x", "x ** 2"]
        estimator = "aipw"
        [equation.options]
        effect = "att"
        propensity = ["x", "z", "x * z"]
        trim = 0.05
        [[equation.after]]
        name = "balance"
    """,
        encoding="utf-8",
    )
    study = read_study(path)
    rows = estimates(study, data_of(study))
    assert list(rows["quantity"][:3]) == ["att", "coefficient", "coefficient"]
    assert rows["vcov"].iloc[0] == "cluster"
    covariates = rows[rows["component"] == "balance:att"]["term"]
    assert list(covariates) == ["x", "x ** 2", "z", "x * z"]
