"""Double machine learning: DoubleML itself, folds and seeds, clusters, known effects."""

import json

import numpy as np
import pandas as pd
import pytest
from doubleml import DoubleMLData, DoubleMLPLR
from scipy import stats
from sklearn.linear_model import LinearRegression

from analysis.effects.fitting import data_of, estimates
from analysis.effects.study import Equation, Study, read_study
from analysis.effects.treatment.cross_fitting import folds_of
from analysis.messages import UserError

SEED = 20170101


def rows_of(frame, controls=("x", "z"), vcov="", cluster=(), seed=None, draws=None, weights="",
            treatments=("d",), **options):  # fmt: skip
    options = {"learner": "linear", **options}
    equation = Equation(id="e", outcomes=("y",), treatments=treatments, controls=controls,
                        estimator="double_machine_learning", vcov=vcov, cluster=cluster,
                        weights=weights, seed=seed, draws=draws, options=options)  # fmt: skip
    return estimates(Study(id="s", data="d", equations=(equation,)), frame)


def workers(n=400, seed=1, groups=40):
    rng = np.random.default_rng(seed)
    g = np.arange(n) % groups
    shock = rng.normal(size=groups)[g]
    x, z = rng.normal(size=n), rng.normal(size=n)
    d = 0.5 * x + 0.5 * shock + rng.normal(size=n)
    y = 0.7 * d + np.sin(2 * x) + 0.3 * z + 0.7 * shock + rng.normal(size=n)
    return pd.DataFrame({"x": x, "z": z, "d": d, "y": y, "g": g})


def library(frame, units, repetitions=1, cluster=False, folds=5):
    """DoubleML's own fit on the same folds."""
    names = {"cluster_cols": "g"} if cluster else {}
    columns = ["y", "d", "x", "z", *(["g"] if cluster else [])]
    data = DoubleMLData(frame[columns], "y", "d", x_cols=["x", "z"], **names)
    model = DoubleMLPLR(data, LinearRegression(), LinearRegression(), n_folds=folds,
                        n_rep=repetitions, draw_sample_splitting=False)  # fmt: skip
    seeds = np.random.SeedSequence(SEED).spawn(repetitions)
    splits = [folds_of(units, folds, np.random.default_rng(s)) for s in seeds]
    if cluster:
        parts = [[([np.unique(units[a])], [np.unique(units[b])]) for a, b in s] for s in splits]
        model.set_sample_splitting(splits, all_smpls_cluster=parts)
    else:
        model.set_sample_splitting(splits)
    return model.fit()


@pytest.mark.parametrize("repetitions", [1, 4])
def test_estimate_and_error_are_those_of_doubleml_on_the_same_folds(repetitions):
    frame = workers()
    other = library(frame, np.arange(len(frame)), repetitions)
    row = rows_of(frame, repetitions=repetitions).iloc[0]
    assert row["estimate"] == pytest.approx(other.coef[0], rel=1e-10)
    # with repetitions DoubleML 0.11 takes the median upper end of intervals, we the median of
    # V_r + (theta_r - theta)^2 as published
    thetas, errors = other.all_coef.ravel(), other.all_se.ravel()
    expected = np.sqrt(np.median(errors**2 + (thetas - np.median(thetas)) ** 2))
    assert row["std_error"] == pytest.approx(expected, rel=1e-10)
    about = json.loads(row["extras"])
    assert (about["folds"], about["repetitions"], about["seed"]) == (5, repetitions, SEED)
    assert about["rmse_outcome"] == pytest.approx(np.mean(other.nuisance_loss["ml_l"]))
    if repetitions == 1:
        other.sensitivity_analysis()
        assert about["robustness_value"] == pytest.approx(
            other.sensitivity_params["rv"][0], abs=2e-3
        )


def test_clustered_errors_are_doubleml_s_times_the_stated_factor():
    frame = workers()
    other = library(frame, frame["g"].to_numpy(), cluster=True)
    row = rows_of(frame, cluster=("g",)).iloc[0]
    assert row["estimate"] == pytest.approx(other.coef[0], rel=1e-10)
    # equal clusters and folds: DoubleML's formula is sum_g (sum_i f_i)^2, ours times G/(G-1)
    assert row["std_error"] == pytest.approx(other.se[0] * np.sqrt(40 / 39), rel=1e-10)
    assert row["vcov"] == "cluster" and row["n_clusters"] == 40


def test_a_cluster_is_never_in_training_and_test_at_once():
    units = np.random.default_rng(0).integers(0, 23, 300)
    units = np.unique(units, return_inverse=True)[1]
    splits = folds_of(units, 4, np.random.default_rng(1))
    assert sorted(np.concatenate([test for _, test in splits])) == list(range(300))
    for train, test in splits:
        assert not set(units[train]) & set(units[test]) and len(train) + len(test) == 300


@pytest.mark.parametrize("learner", ["lasso", "gradient_boosting"])
def test_the_same_seed_gives_the_same_numbers_and_another_gives_others(learner):
    frame = workers(200)
    first, again, other = (rows_of(frame, learner=learner, seed=s, folds=2) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert first["estimate"][0] != other["estimate"][0]


def test_trees_learn_what_a_line_misses():
    frame = workers(1500).assign(
        y=lambda f: f["y"] + 2 * f["x"] ** 2, d=lambda f: f["d"] + f["x"] ** 2
    )
    line, trees = rows_of(frame), rows_of(frame, learner="gradient_boosting", folds=3)
    assert abs(line["estimate"][0] - 0.7) > 0.5
    assert abs(trees["estimate"][0] - 0.7) < 0.35


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
        controls = ["x", "z", "x * z"]
        estimator = "double_machine_learning"
        [equation.options]
        learner = "lasso"
        learner_treatment = "linear"
        folds = 3
        seed = 5
    """,
        encoding="utf-8",
    )
    study = read_study(path)
    rows = estimates(study, data_of(study))
    about = json.loads(rows["extras"][0])
    assert (about["learner"], about["learner_treatment"], about["seed"]) == ("lasso", "linear", 5)


@pytest.mark.parametrize(("change", "options", "message"), [
    (lambda f: f.assign(d=1.0), {}, "never varies"),
    (lambda f: f, {"controls": ()}, "controls"),
    (lambda f: f, {"treatments": ("d", "x"), "controls": ("z",)}, "one treatment"),
    (lambda f: f, {"learner": "forest"}, "random_forest"),
    (lambda f: f, {"learner_treatment": "laso"}, "did you mean lasso"),
    (lambda f: f, {"folds": 1}, "whole number from 2"),
    (lambda f: f.assign(g=f["g"] % 8), {"cluster": ("g",)}, "5 folds: there are 8"),
    (lambda f: f, {"repetition": 2}, "did you mean repetitions"),
    (lambda f: f, {"draws": 3}, "repetitions in place of draws"),
    (lambda f: f.assign(w=1.0), {"weights": "w"}, "no weights"),
    (lambda f: f, {"vcov": "bootstrap"}, "vcov"),
])  # fmt: skip
def test_what_it_cannot_do_is_refused_by_name(change, options, message):
    with pytest.raises(UserError, match=message):
        rows_of(change(workers()), **options)


@pytest.mark.slow
def test_intervals_cover_in_nineteen_of_twenty():
    draws, hits = 200, 0
    for seed in range(draws):
        rng = np.random.default_rng(seed)
        x, z = rng.normal(size=(2, 400))
        d = 0.5 * x + rng.normal(size=400)
        frame = pd.DataFrame({"x": x, "z": z, "d": d, "y": 0.7 * d + x + rng.normal(size=400)})
        row = rows_of(frame).iloc[0]
        hits += row["ci_low"] <= 0.7 <= row["ci_high"]
    low, high = stats.binom.ppf([0.0005, 0.9995], draws, 0.95)
    assert low <= hits <= high, hits
