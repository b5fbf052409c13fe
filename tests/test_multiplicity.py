"""Adjusted p values: a published family, statsmodels, brute force on the grid, and properties."""

import json

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests

from analysis.effects.benchmarking import benchmark_table
from analysis.effects.fitting import data_of, estimates
from analysis.effects.multiplicity.adjusted import METHODS, adjusted, rejections, sharpened_q
from analysis.effects.study import After, Equation, Study, read_study
from analysis.messages import UserError

ADJUSTMENTS = ("holm", "benjamini_hochberg", "sharpened_q")
# Benjamini and Hochberg 1995, section 4.1
FIFTEEN = [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719,
           .6528, .7590, 1.0]  # fmt: skip


def p_values(values, **changes):
    request = {"treatments": (), "controls": (), "vcov": "", **changes}
    equation = Equation(id="e", outcomes=("p",), estimator="p_values", **request)
    return estimates(Study("s", "d", (equation,)), pd.DataFrame({"p": values, "x": values}))


def workers(n=300, seed=2, outcomes=4):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"d": rng.integers(0, 2, n) * 1.0, "x": rng.normal(size=n)})
    for j in range(outcomes):
        frame[f"y{j}"] = 0.1 * j * frame["d"] + frame["x"] + rng.normal(size=n)
    return frame


def rows_after(after, outcomes=("y0", "y1", "y2", "y3"), treatments=("d",), frame=None, **more):
    equation = Equation(id="e", outcomes=outcomes, treatments=treatments, controls=(),
                        estimator=more.pop("estimator", "ols"), vcov=more.pop("vcov", "HC1"),
                        after=after, **more)  # fmt: skip
    return estimates(Study("s", "d", (equation,)), workers() if frame is None else frame)


# --- a column of p values -----------------------------------------------------------------------


def test_the_published_numbers_of_rejections():
    published = pd.read_csv("data/raw/published_benchmarks.csv", dtype=str)
    table = benchmark_table(published.query("benchmark == 'C19'"))
    assert list(table["measured"]) == [4.0, 3.0]
    assert set(table["agrees"]) == {"true"}


@pytest.mark.parametrize("method", METHODS)
def test_a_column_of_p_values_is_adjusted_as_statsmodels_does(method):
    rows = p_values(FIFTEEN)
    found = rows.loc[rows["component"] == method, "estimate"].to_numpy(float)
    np.testing.assert_allclose(found, multipletests(FIFTEEN, method=METHODS[method])[1], atol=1e-15)
    extras = json.loads(rows["extras"].iloc[0])
    assert extras[f"rejections_{method}"] == multipletests(FIFTEEN, 0.05, METHODS[method])[0].sum()
    assert set(rows["quantity"]) == {"test"}
    assert rows["p_value"].isna().all()


def test_rows_are_named_by_their_place_in_the_file_and_the_level_is_an_option():
    shuffled = [0.04, 0.01, np.nan, 0.5]
    rows = p_values(shuffled, options={"level": 0.1})
    raw = rows[rows["component"] == "raw"].set_index("term")["estimate"]
    assert raw.to_dict() == {"row 1": 0.04, "row 2": 0.01, "row 4": 0.5}
    extras = json.loads(rows["extras"].iloc[0])
    assert extras["level"] == 0.1
    assert extras["rejections_bonferroni"] == 1
    assert extras["rejections_holm"] == 2


@pytest.mark.parametrize(("changes", "values", "message"), [
    ({}, [0.1, 1.2], "p values, 0 to 1"),
    ({}, [0.1, -0.2], "p values, 0 to 1"),
    ({}, [0.1], "2 to 10000"),
    ({}, [0.1] * 10_001, "2 to 10000"),
    ({"treatments": ("x",)}, [0.1, 0.2], "no treatment"),
    ({"weights": "x"}, [0.1, 0.2], "no weights"),
    ({"vcov": "HC1"}, [0.1, 0.2], "no vcov HC1"),
    ({"options": {"level": 1.5}}, [0.1, 0.2], "between 0 and 1"),
    ({"options": {"levle": 0.1}}, [0.1, 0.2], "did you mean level"),
])  # fmt: skip
def test_what_is_no_column_of_p_values_is_refused(changes, values, message):
    with pytest.raises(UserError, match=message):
        p_values(values, **changes)


# --- sharpened q values -------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_a_sharpened_q_is_the_least_rate_at_which_the_two_stages_reject(seed):
    p = np.random.default_rng(seed).uniform(size=12) ** 3
    rejected = np.array([multipletests(p, r / 1000, "fdr_tsbky")[0] for r in range(1, 1000)])
    rates = (rejected.argmax(axis=0) + 1) / 1000
    expected = np.where(rejected.any(axis=0), rates, 1.0)
    np.testing.assert_allclose(sharpened_q(p), expected, atol=1e-12)


def test_many_small_p_values_are_sharpened_below_benjamini_and_hochberg():
    p = np.array([0.005, 0.011, 0.02, 0.03, 0.04, 0.045])
    assert (sharpened_q(p) < adjusted(p, "benjamini_hochberg"))[2:].all()
    assert (sharpened_q(np.array([0.9, 1.0])) == 1.0).all()
    assert (sharpened_q(np.array([0.0, 0.0, 0.0])) == 0.001).all()


@pytest.mark.parametrize("method", [*METHODS, "sharpened_q"])
def test_adjusting_keeps_the_order_whatever_the_labels(method):
    rng = np.random.default_rng(0)
    p = rng.uniform(size=30) ** 2
    order = rng.permutation(30)
    values = adjusted(p, method)
    np.testing.assert_allclose(adjusted(p[order], method), values[order])
    assert (np.diff(values[np.argsort(p)]) >= 0).all()
    if method != "sharpened_q":
        assert (values >= p - 1e-15).all()
    assert rejections(values, 0.05) == (values <= 0.05).sum()


# --- after an equation --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ADJUSTMENTS)
def test_an_equations_p_values_are_adjusted_as_one_family(name):
    rows = rows_after((After(name),))
    raw = rows[(rows["component"] == "") & (rows["term"] == "d")]
    found = rows[rows["component"] == name]
    p = raw["p_value"].to_numpy(float)
    own = name not in METHODS
    expected = sharpened_q(p) if own else multipletests(p, method=METHODS[name])[1]
    np.testing.assert_allclose(found["p_value"].to_numpy(float), expected)
    np.testing.assert_allclose(found["estimate"].to_numpy(float), raw["estimate"].to_numpy(float))
    assert list(found["outcome"]) == list(raw["outcome"])
    extras = [json.loads(text) for text in found["extras"]]
    assert [one["raw_p"] for one in extras] == pytest.approx(list(p))
    assert {one["tests"] for one in extras} == {4}


def test_a_family_may_be_one_terms_outcomes_or_one_outcomes_terms():
    frame = workers().assign(z=lambda f: f["x"] + np.random.default_rng(1).normal(size=len(f)))
    for family, size in (("all", 8), ("term", 4), ("outcome", 2)):
        rows = rows_after((After("holm", {"family": family}),), treatments=("d", "z"), frame=frame)
        found = rows[rows["component"] == "holm"]
        assert len(found) == 8
        assert {json.loads(text)["tests"] for text in found["extras"]} == {size}
        for _, one in found.groupby("term" if family == "term" else "outcome"):
            if family != "all":
                raw = [json.loads(text)["raw_p"] for text in one["extras"]]
                np.testing.assert_allclose(
                    one["p_value"].to_numpy(float), multipletests(raw, method="holm")[1]
                )


def test_a_bootstraps_p_values_are_those_adjusted():
    frame = workers().assign(g=lambda f: np.arange(len(f)) % 9)
    rows = rows_after((After("holm"),), frame=frame, cluster=("g",), vcov="wild_bootstrap",
                  outcomes=("y0", "y3"))  # fmt: skip
    raw = rows[(rows["component"] == "") & (rows["term"] == "d")]["p_value"].to_numpy(float)
    found = rows[rows["component"] == "holm"]["p_value"].to_numpy(float)
    np.testing.assert_allclose(found, multipletests(raw, method="holm")[1])


@pytest.mark.parametrize("name", ADJUSTMENTS)
def test_one_test_is_no_family(name):
    with pytest.raises(UserError, match="two tests or more"):
        rows_after((After(name),), outcomes=("y0",))
    with pytest.raises(UserError, match="two tests or more"):
        rows_after((After(name, {"family": "outcome"}),))
    with pytest.raises(UserError, match="did you mean term"):
        rows_after((After(name, {"family": "terms"}),))
    with pytest.raises(UserError, match="did you mean family"):
        rows_after((After(name, {"famliy": "term"}),))


def test_a_study_file_asks_for_adjusted_values(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\n[columns]\na = [1.0, 2.0, 2.5, 4.0, 4.5]\nb = [1.0, 0.0, 2.0, 1.0, 3.0]\n'
        "d = [0, 0, 1, 1, 1]\n"
        '[[equation]]\nid = "e"\noutcomes = ["a", "b"]\ntreatment = "d"\nestimator = "ols"\n'
        'vcov = "classical"\n[[equation.after]]\nname = "holm"\n'
    )
    study = read_study(path)
    rows = estimates(study, data_of(study))
    raw = rows[(rows["component"] == "") & (rows["term"] == "d")]["p_value"].to_numpy(float)
    found = rows[rows["component"] == "holm"]["p_value"].to_numpy(float)
    np.testing.assert_allclose(found, multipletests(raw, method="holm")[1])


@pytest.mark.slow
def test_a_family_of_true_nulls_has_a_rejection_in_five_percent():
    """Benjamini and Hochberg on 5 independent true nulls: the 99.9 % band of 1000 families."""
    p = np.random.default_rng(3).uniform(size=(1000, 5))
    rejected = [(adjusted(row, "benjamini_hochberg") <= 0.05).any() for row in p]
    assert 28 <= np.sum(rejected) <= 75
