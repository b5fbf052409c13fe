"""Placebo treatments: who exchanges with whom, the projection against refits, the distribution."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.effects.fitting import data_of, estimates
from analysis.effects.multiplicity.assignments import (
    every_assignment,
    number_of_assignments,
    shuffler,
    units_of_values,
)
from analysis.effects.study import After, Equation, Study, read_study
from analysis.messages import UserError


def workers(n=200, seed=7, effect=0.3):
    rng = np.random.default_rng(seed)
    g, d = np.arange(n) % 20, rng.integers(0, 2, n) * 1.0
    frame = pd.DataFrame({"g": g, "d": d, "c": (g % 3 == 0) * 1.0, "s": g % 2, "x": rng.normal(size=n),
                          "w": rng.uniform(0.5, 2, n), "i": np.arange(n) // 5,
                          "t": np.arange(n) % 5})  # fmt: skip
    frame["y"] = effect * d + frame["x"] + rng.normal(size=n)
    frame["p"] = (frame["y"] > 0) * 1.0
    frame["path"] = ((frame["i"] % 3 == 0) & (frame["t"] >= 1 + frame["i"] % 4)) * 1.0
    return frame


def placebo(frame=None, options=None, outcome="y", study=None, derive=None, **more):
    request = {"treatments": ("d",), "controls": ("x",), "estimator": "ols", "vcov": "HC1", **more}
    request["options"] = request.pop("options_of_it", {})
    step = After("placebo", {"draws": 25, **(options or {})})
    equation = Equation(id="e", outcomes=(outcome,), after=(step,), **request)
    rows = estimates(Study("s", "d", (equation,), derive=derive or {}, **(study or {})),
                     workers() if frame is None else frame)  # fmt: skip
    row = rows[rows["component"] == "placebo"].iloc[0]
    return row, json.loads(row["extras"])


# --- who exchanges with whom --------------------------------------------------------------------


def test_shares_treated_stay_within_strata():
    frame = workers()
    values, strata = frame["d"].to_numpy(), frame["g"]
    units = units_of_values(values, np.arange(200), None, strata)
    shuffled = shuffler(units.path, units.block)
    for seed in range(3):
        drawn = units.values(shuffled(np.random.default_rng(seed)))
        assert (drawn != values).any()
        np.testing.assert_allclose(
            pd.Series(drawn).groupby(strata).mean(), frame.groupby("g")["d"].mean()
        )


def test_entities_exchange_whole_paths_with_those_of_the_same_periods():
    frame = workers().drop(index=[1, 7]).reset_index(drop=True)  # entities 0 and 1 lack a period
    codes = pd.factorize(frame["i"])[0]
    units = units_of_values(frame["path"].to_numpy(), codes, frame["t"], None)
    drawn = units.values(shuffler(units.path, units.block)(np.random.default_rng(0)))
    table = frame.assign(drawn=drawn)
    whole = table[table["i"] > 1]
    paths = [sorted(map(tuple, whole.pivot(index="i", columns="t", values=v).to_numpy()))
             for v in ("path", "drawn")]  # fmt: skip
    assert paths[0] == paths[1]
    assert (whole["path"] != whole["drawn"]).any()
    alone = table[table["i"] <= 1]
    assert (alone["path"] == alone["drawn"]).all()


def test_two_treatments_of_a_unit_at_one_time_are_no_path():
    assert units_of_values(np.array([0.0, 1.0]), np.array([0, 0]), None, None) is None


def test_assignments_are_counted_and_listed_once_each():
    values, block = np.array([1, 0, 0, 2, 0, 1]), np.array([0, 0, 0, 1, 1, 1])
    assert number_of_assignments(values, block, 1000) == 3 * 6
    listed = every_assignment(values, block)
    assert len({tuple(row) for row in listed}) == len(listed) == 18
    assert (np.sort(listed[:, :3], axis=1) == [0, 0, 1]).all()
    assert (np.sort(listed[:, 3:], axis=1) == [0, 1, 2]).all()
    assert number_of_assignments(values, block, 17) == 18


@pytest.mark.parametrize(("options", "more", "units"), [
    ({}, {}, "row"),
    ({}, {"treatments": ("c",), "cluster": ("g",), "vcov": "cluster"}, "cluster"),
    ({}, {"cluster": ("g",), "vcov": "cluster"}, "row"),
    ({}, {"treatments": ("path",), "study": {"entity": "i", "time": "t"}}, "entity"),
    ({"by": "row"}, {"treatments": ("path",), "study": {"entity": "i", "time": "t"}}, "row"),
])  # fmt: skip
def test_what_exchanges_follows_from_the_treatment(options, more, units):
    _, extras = placebo(options=options, **more)
    assert extras["units"] == units


# --- the distribution ---------------------------------------------------------------------------


def refitted(frame, study, equation, column, codes, time, strata=None, draws=25):
    """Placebo estimates by fitting the equation again on each permuted column."""
    units = units_of_values(frame[column].to_numpy(), codes, time, strata)
    shuffled, generator = shuffler(units.path, units.block), np.random.default_rng(20170101)
    values = []
    for _ in range(draws):
        again = frame.assign(**{column: units.values(shuffled(generator))})
        rows = estimates(Study("s", "d", (equation,), **study), again).set_index("term")
        values.append(rows.loc[column, "estimate"])
    return np.array(values)


@pytest.mark.parametrize(("more", "column", "study"), [
    ({}, "d", {}),
    ({"estimator": "wls", "weights": "w"}, "d", {}),
    ({"controls": ("x", "C(s)", "g")}, "d", {}),
    ({"estimator": "fixed_effects"}, "path", {"entity": "i", "time": "t"}),
    ({"estimator": "fixed_effects", "absorb": ("i", "t")}, "path", {"entity": "i", "time": "t"}),
    ({"estimator": "fixed_effects", "absorb": ("i", "t"), "few": 1}, "path",
     {"entity": "i", "time": "t"}),
])  # fmt: skip
def test_the_projection_gives_what_fitting_again_gives(more, column, study, monkeypatch):
    frame, more = workers(), dict(more)
    if more.pop("few", 0):  # no dummies: both effects by projections
        monkeypatch.setattr("analysis.effects.multiplicity.projected.MOST_DUMMIES", 1)
    row, extras = placebo(treatments=(column,), study=study, **more)
    equation = Equation(id="e", outcomes=("y",), **{
        "treatments": (column,), "controls": ("x",), "estimator": "ols", "vcov": "HC1", **more,
    })  # fmt: skip
    codes = frame["i"].to_numpy() if study else np.arange(200)
    values = refitted(frame, study, equation, column, codes, frame["t"] if study else None)
    assert extras["mean"] == pytest.approx(values.mean(), abs=1e-10)
    assert extras["sd"] == pytest.approx(values.std(ddof=1), rel=1e-8)
    assert extras["q0.25"] == pytest.approx(np.quantile(values, 0.25), rel=1e-6)
    beyond = (np.abs(values) >= abs(row["estimate"])).sum()
    assert extras["share_as_large"] == beyond / 25
    assert row["p_value"] == pytest.approx((1 + beyond) / 26)


def test_an_estimator_that_is_not_linear_is_fitted_again():
    row, extras = placebo(estimator="logit", outcome="p", options={"draws": 30})
    assert extras["draws"] == 30
    assert abs(extras["mean"]) < 3 * extras["sd"] / np.sqrt(30)
    assert 1 / 31 <= row["p_value"] <= 1


def test_five_hundred_draws_stand_around_zero_and_their_density_has_sixty_one_points():
    _, extras = placebo(options={"draws": 500})
    assert abs(extras["mean"]) < 4 * extras["sd"] / np.sqrt(500)
    assert extras["sd"] == pytest.approx(row_error(), rel=0.1)
    assert len(extras["density"]) == len(extras["density_at"]) == 61
    assert np.trapezoid(extras["density"], extras["density_at"]) == pytest.approx(1, abs=0.01)
    assert extras["q0.025"] < extras["q0.5"] < extras["q0.975"]


def row_error():
    equation = Equation("e", ("y",), ("d",), ("x",), "ols", vcov="HC1")
    return (
        estimates(Study("s", "d", (equation,)), workers()).set_index("term").loc["d", "std_error"]
    )


def test_few_assignments_are_listed_and_the_true_one_is_among_them():
    frame = workers().query("g < 6")
    row, extras = placebo(frame, treatments=("c",), cluster=("g",), vcov="cluster")
    assert extras["assignments"] == "every one"
    assert extras["draws"] == 15  # two of six clusters
    assert row["p_value"] == extras["share_as_large"] >= 1 / 15


def test_five_hundred_draws_are_the_default():
    equation = Equation("e", ("y",), ("d",), (), "ols", vcov="HC1", after=(After("placebo"),))
    rows = estimates(Study("s", "d", (equation,)), workers())
    assert json.loads(rows["extras"].iloc[-1])["draws"] == 500


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("options", "more", "message"), [
    ({"by": "cluster"}, {"cluster": ("g",), "vcov": "cluster"}, "one value of d for each cluster"),
    ({"by": "cluster"}, {}, "one value of d for each cluster"),
    ({"by": "entity"}, {}, "for each entity"),
    ({"by": "rows"}, {}, "did you mean row"),
    ({"within": "d"}, {}, "different treatments"),
    ({"within": "x"}, {"treatments": ("c",), "cluster": ("g",), "vcov": "cluster"}, "do not change within a unit"),
    ({}, {"controls": ("x", "d * x")}, "d . x would keep the true treatment"),
    ({}, {"controls": ("both",), "derive": {"both": "d * x"}}, "both would keep"),
    ({}, {"treatments": ("C(s)",)}, "one column for C.s."),
    ({}, {"treatments": ()}, "a treatment"),
    ({}, {"estimator": "quantile", "vcov": "", "options_of_it": {"quantiles": [0.25, 0.75]}}, "one coefficient for d"),
    ({"draws": 0}, {}, "draws is 0"),
    ({"draw": 9}, {}, "did you mean draws"),
])  # fmt: skip
def test_what_cannot_be_drawn_again_is_refused(options, more, message):
    with pytest.raises(UserError, match=message):
        placebo(options=options, **more)


def test_a_study_file_asks_for_it(tmp_path):
    workers().to_csv(tmp_path / "d.csv", index=False)
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "d.csv"\n'
        '[[equation]]\nid = "e"\noutcome = "y"\ntreatment = "d"\nestimator = "ols"\n'
        '[[equation.after]]\nname = "placebo"\ndraws = 40\nwithin = "s"\n'
    )
    study = read_study(path)
    rows = estimates(study, data_of(study))
    assert json.loads(rows.iloc[-1]["extras"])["draws"] == 40
