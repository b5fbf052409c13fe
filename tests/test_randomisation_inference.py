"""Randomisation inference: Fisher's tea, refitted t statistics, inversion, size."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import hypergeom

from analysis.effects.fitting import data_of, estimates
from analysis.effects.multiplicity.assignments import units_of_values
from analysis.effects.multiplicity.projected import Drawn, drawn_of, projected_of
from analysis.effects.multiplicity.reassigned import p_value
from analysis.effects.study import After, Equation, Study, read_study
from analysis.messages import UserError


def workers(n=120, seed=3, effect=0.4):
    rng = np.random.default_rng(seed)
    g = np.arange(n) % 12
    frame = pd.DataFrame({"g": g, "d": rng.integers(0, 2, n) * 1.0, "c": (g % 3 == 0) * 1.0,
                          "x": rng.normal(size=n)})  # fmt: skip
    frame["y"] = (
        effect * frame["d"] + frame["x"] + rng.normal(size=n) + rng.normal(size=12)[g] * 0.3
    )
    frame["p"] = (frame["y"] > 0) * 1.0
    return frame


def randomised(frame=None, options=None, outcome="y", **more):
    request = {"treatments": ("d",), "controls": ("x",), "estimator": "ols", "vcov": "HC1", **more}
    step = After("randomisation_inference", {"draws": 99, **(options or {})})
    equation = Equation(id="e", outcomes=(outcome,), after=(step,), **request)
    rows = estimates(Study("s", "d", (equation,)), workers() if frame is None else frame)
    row = rows[rows["component"] == "randomisation_inference"].iloc[0]
    return row, json.loads(row["extras"])


# --- the test -----------------------------------------------------------------------------------


def test_the_lady_who_has_six_of_eight_cups_right():
    """Fisher 1935: of 70 arrangements 17 have three or four right; two-sided, both ways, 34."""
    d = np.array([1, 1, 1, 1, 0, 0, 0, 0.0])
    y = np.array([1, 1, 1, 0, 1, 0, 0, 0.0])
    row, extras = randomised(pd.DataFrame({"d": d, "y": y}), controls=())
    assert extras["draws"] == 70
    assert row["p_value"] == pytest.approx(2 * hypergeom(8, 4, 4).sf(2))
    assert row["p_value"] == pytest.approx(34 / 70)


@pytest.mark.parametrize(("vcov", "cluster"), [("HC1", ()), ("cluster", ("g",))])
def test_the_statistic_is_the_equations_t_and_a_draws_t_is_that_of_a_refit(vcov, cluster):
    frame = workers()
    equation = Equation("e", ("y",), ("d",), ("x",), "ols", vcov=vcov, cluster=cluster)
    study = Study("s", "d", (equation,))
    row, _ = randomised(frame, vcov=vcov, cluster=cluster)
    t = estimates(study, frame).set_index("term").loc["d", "statistic"]
    assert row["statistic"] == pytest.approx(t, rel=1e-8)
    from analysis.effects.fitting import fit_outcome

    problem = projected_of(fit_outcome(study, equation, "y", frame), "d")
    rng = np.random.default_rng(1)
    columns = np.column_stack([rng.permutation(frame["d"]) for _ in range(4)])
    drawn = drawn_of(problem, columns, inverted=True)
    for j in range(4):
        for effect in (0.0, 0.7):
            again = frame.assign(d=columns[:, j], y=frame["y"] - effect * frame["d"])
            again_t = estimates(study, again).set_index("term").loc["d", "statistic"]
            assert drawn.statistics(effect)[j] == pytest.approx(again_t, rel=1e-7)


def test_drawing_comes_near_to_listing():
    frame = workers(12, seed=1)
    frame["d"] = np.arange(12) % 2 * 1.0
    listed, extras = randomised(frame, controls=())
    assert extras == {"assignments": "every one", "draws": 924, "n_movable": 12, "n_units": 12,
                      "not_fitted": 0, "units": "row"}  # fmt: skip
    more = pd.concat([frame] * 2, ignore_index=True)  # 24 rows: too many to list
    drawn, extras = randomised(more, {"draws": 4000}, controls=())
    assert extras["assignments"] == "drawn"
    assert p_value(np.array([True, False, False]), complete=True) == pytest.approx(1 / 3)
    assert p_value(np.array([True, False, False]), complete=False) == 0.5
    assert 0 < drawn["p_value"] <= listed["p_value"] + 0.05


def test_clusters_are_assigned_as_they_were_treated():
    row, extras = randomised(treatments=("c",), cluster=("g",), vcov="cluster")
    assert (extras["units"], extras["draws"]) == ("cluster", 495)  # four of twelve
    assert row["p_value"] >= 1 / 495


def test_strata_leave_fewer_assignments():
    frame = workers(12)
    frame["d"], frame["half"] = np.arange(12) % 2 * 1.0, np.arange(12) // 6
    _, extras = randomised(frame, {"within": "half"}, controls=())
    assert extras["draws"] == 20 * 20


def test_the_labels_of_rows_do_not_matter():
    frame = workers(12)
    frame["d"] = np.arange(12) % 2 * 1.0
    one, _ = randomised(frame)
    other, _ = randomised(frame.iloc[::-1].reset_index(drop=True))
    assert one["p_value"] == pytest.approx(other["p_value"])
    swapped, _ = randomised(frame.assign(d=1 - frame["d"]))
    assert swapped["p_value"] == pytest.approx(one["p_value"])


def test_another_estimator_is_fitted_again():
    row, extras = randomised(estimator="logit", outcome="p", options={"draws": 29})
    assert extras["draws"] == 29
    assert (row["p_value"] * 30) == pytest.approx(round(row["p_value"] * 30))


# --- the interval -------------------------------------------------------------------------------


def test_the_interval_holds_the_effects_that_are_not_rejected():
    frame = workers(10, seed=2)
    frame["d"] = np.arange(10) % 2 * 1.0
    row, _ = randomised(frame, {"interval": True}, controls=())
    inside, outside = [], []
    for end, other in (("ci_low", "ci_high"), ("ci_high", "ci_low")):
        step = 0.01 * (row[end] - row[other])
        for target, effect in ((inside, row[end] - step), (outside, row[end] + step)):
            shifted = frame.assign(y=frame["y"] - effect * frame["d"])
            target.append(randomised(shifted, controls=())[0]["p_value"])
    assert min(inside) > 0.05 >= max(outside)


def test_an_effect_that_is_added_moves_the_interval_along():
    frame = workers()
    one, _ = randomised(frame, {"interval": True})
    other, _ = randomised(frame.assign(y=frame["y"] + 2.5 * frame["d"]), {"interval": True})
    for end in ("ci_low", "ci_high"):
        assert other[end] - one[end] == pytest.approx(2.5, abs=1e-6)
    assert one["ci_low"] < one["estimate"] < one["ci_high"]


def test_too_few_assignments_for_any_rejection_leave_the_interval_open():
    frame = pd.DataFrame({"d": [0, 0, 1, 1.0], "y": [1, 2, 4, 5.5]})
    row, _ = randomised(frame, {"interval": True}, controls=())
    assert (row["ci_low"], row["ci_high"]) == (-np.inf, np.inf)


def test_statistics_at_an_effect_are_what_the_parts_say():
    one = Drawn(*(np.array([v]) for v in (1.0, 0.5, 4.0, 1.0, 2.0)))
    assert one.statistics()[0] == 0.5
    assert one.statistics(1.0)[0] == pytest.approx(0.5 / np.sqrt(4 - 2 + 2))


# --- refusals, study file, size -----------------------------------------------------------------


@pytest.mark.parametrize(("changes", "message"), [
    ({"options": {"interval": True}, "estimator": "logit", "outcome": "p"}, "a linear estimator"),
    ({"options": {"interval": 1}}, "interval true or false"),
    ({"options": {"intervals": True}}, "did you mean interval"),
    ({"options": {"by": "cluster"}}, "one value of d for each cluster"),
    ({"options": {"within": "d"}}, "different treatments"),
])  # fmt: skip
def test_what_cannot_be_randomised_is_refused(changes, message):
    with pytest.raises(UserError, match=message):
        randomised(**changes)


def test_a_treatment_that_controls_explain_in_too_many_draws_is_refused():
    frame = pd.DataFrame({"d": [1.0, 0, 0, 0, 0, 0], "s": [1, 1, 1, 0, 0, 0], "x": [0, 0, 1.0, 0, 0, 0],
                          "y": np.arange(6.0) ** 2})  # fmt: skip
    units = units_of_values(frame["d"].to_numpy(), np.arange(6), None, frame["s"])
    assert units.movable == 3
    # within s one of three rows is treated: in one of the three ways the row that x marks
    with pytest.raises(UserError, match="1 of 3 could not"):
        randomised(frame, {"within": "s"})


def test_an_equation_that_fits_every_row_has_no_interval():
    frame = pd.DataFrame({"d": [0, 0, 0, 1, 1, 1.0], "y": [0, 0, 0, 1, 1, 1.0]})
    row, extras = randomised(frame, {"interval": True}, controls=())
    assert row["p_value"] == pytest.approx(2 / 20)
    assert extras["not_fitted"] == 0


def test_a_study_file_asks_for_it(tmp_path):
    workers().to_csv(tmp_path / "d.csv", index=False)
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "d.csv"\n'
        '[[equation]]\nid = "e"\noutcome = "y"\ntreatment = "d"\nestimator = "ols"\n'
        '[[equation.after]]\nname = "randomisation_inference"\ndraws = 30\ninterval = true\n'
    )
    study = read_study(path)
    last = estimates(study, data_of(study)).iloc[-1]
    assert last["ci_low"] < last["estimate"] < last["ci_high"]


@pytest.mark.slow
def test_no_effect_is_found_in_five_percent():
    """No effect, unequal variances: the 99.9 % band of 300."""
    rejected = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        d = (np.arange(60) < 15) * 1.0
        frame = pd.DataFrame({"d": d, "y": rng.normal(size=60)})
        rejected += randomised(frame, {"draws": 199}, controls=())[0]["p_value"] <= 0.05
    assert 4 <= rejected <= 29
