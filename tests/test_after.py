"""The fitted equation opened: what follows it, bootstrapped covariances, tables typed into a study."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.cli import main
from analysis.effects.fitting import after, after_names, data_of, estimates, estimator_names
from analysis.effects.inference.influence import fit_of_influence, influence_of, second_step
from analysis.effects.inference.resampling import replicate, resampled, taken, units_of
from analysis.effects.sample import take_sample
from analysis.effects.study import After, Equation, Study, read_study
from analysis.effects.workers import WORKERS
from analysis.messages import UserError

STUDY = """
[study]
id = "s"
data = "d.csv"
{study}
[[equation]]
id = "e"
outcome = "y"
treatment = "d"
estimator = "ols"
{equation}
"""


def workers(n=400, groups=25, seed=5):
    rng = np.random.default_rng(seed)
    g = np.sort(rng.integers(0, groups, n))
    shock = rng.normal(size=groups)
    d = (rng.normal(size=n) + shock[g] > 0) * 1.0
    return pd.DataFrame({
        "g": g, "d": d, "x": rng.normal(size=n),
        "y": 1 + 0.5 * d + shock[g] + rng.normal(size=n),
    })  # fmt: skip


def ols(vcov="bootstrap", **more):
    equation = Equation(id="e", outcomes=("y",), treatments=("d",), controls=("x",),
                        estimator="ols", vcov=vcov, **more)  # fmt: skip
    return Study(id="s", data="d", equations=(equation,))


def study_file(tmp_path, study="", equation=""):
    path = tmp_path / "s.toml"
    path.write_text(STUDY.format(study=study, equation=equation), encoding="utf-8")
    return path


# --- what follows an equation -------------------------------------------------------------------


def test_every_tool_says_what_it_does_and_is_listed(capsys):
    assert main(["estimators"]) == 0
    printed = capsys.readouterr().out
    for name in (*after_names(), *estimator_names()):
        assert f"  {name}: " in printed
    for name in after_names():
        assert callable(after(name).find)


def test_a_misspelt_tool_is_named_before_anything_is_fitted(tmp_path, monkeypatch):
    path = study_file(tmp_path, equation='[[equation.after]]\nname = "ostr"')
    monkeypatch.setattr("analysis.effects.fitting.fit_outcome", lambda *_: pytest.fail("fitted"))
    with pytest.raises(UserError, match=r"ostr.*did you mean oster"):
        estimates(read_study(path), workers())


@pytest.mark.parametrize(("text", "message"), [
    ('after = "oster"', r"\[\[equation.after\]\]"),
    ("after = [1]", r"\[\[equation.after\]\]"),
    ("[[equation.after]]\nalpha = 1", "name"),
    ("[equation.options]\ndraws = 0", "draws >= 1"),
    ('[equation.options]\nseed = "x"', "seed >= 0"),
])  # fmt: skip
def test_what_is_no_step_and_no_number_of_draws_is_refused(tmp_path, text, message):
    with pytest.raises(UserError, match=message):
        read_study(study_file(tmp_path, equation=text))


def test_options_of_a_step_are_all_but_its_name(tmp_path):
    path = study_file(tmp_path, equation='[[equation.after]]\nname = "oster"\nr_max = 0.5')
    assert read_study(path).equations[0].after == (After("oster", {"r_max": 0.5}),)


# --- the bootstrap as a covariance --------------------------------------------------------------


def error_of(study, frame, **changes):
    rows = estimates(study, frame).set_index("term")
    return rows.loc["d", "std_error"], rows.loc["d", "note"]


def test_a_bootstrap_of_rows_is_close_to_the_sandwich_and_says_its_seed():
    frame = workers()
    robust, _ = error_of(ols("HC1"), frame)
    drawn, note = error_of(ols(draws=400, seed=3), frame)
    assert drawn == pytest.approx(robust, rel=0.12)
    assert "bootstrap of 400 rows: 400 draws, seed 3" in note


def test_a_bootstrap_draws_clusters_where_they_are_named():
    frame = workers()
    clustered, _ = error_of(ols("cluster", cluster=("g",)), frame)
    robust, _ = error_of(ols("HC1"), frame)
    drawn, note = error_of(ols(draws=400, cluster=("g",)), frame)
    assert abs(drawn - clustered) < abs(drawn - robust)
    assert "25 clusters" in note


def test_the_same_seed_gives_the_same_number_on_one_worker_and_on_two(monkeypatch):
    frame = workers(120)
    one = error_of(ols(draws=24), frame)
    monkeypatch.setenv(WORKERS, "2")
    assert error_of(ols(draws=24), frame) == one
    assert error_of(ols(draws=24, seed=1), frame)[0] != one[0]


def test_estimators_that_know_nothing_of_it_are_bootstrapped_too():
    frame = workers().assign(z=lambda f: f["d"] + f["x"] + np.sin(np.arange(len(f))))
    equation = Equation(id="e", outcomes=("y",), treatments=(), controls=("x",), vcov="bootstrap",
                        endogenous=("d",), instruments=("z",), draws=50,
                        estimator="two_stage_least_squares")  # fmt: skip
    rows = estimates(Study(id="s", data="d", equations=(equation,)), frame).set_index("term")
    assert rows.loc["d", "vcov"] == "bootstrap"
    assert rows.loc["d", "std_error"] > 0.0


def test_draws_that_cannot_be_fitted_are_counted_and_too_many_refused():
    frame = workers(40).assign(d=[1.0] + [0.0] * 39)
    with pytest.raises(UserError, match=r"\d+ of 60 bootstrap samples could not be fitted"):
        estimates(ols(draws=60), frame)


def test_draws_without_a_bootstrap_are_refused(tmp_path):
    path = study_file(tmp_path, equation='vcov = "HC1"\n[equation.options]\ndraws = 9')
    with pytest.raises(UserError, match="draws nothing"):
        estimates(read_study(path), workers())


def test_an_outcome_that_never_varies_has_no_effect_and_no_error():
    rows = estimates(ols("HC1"), workers().assign(y=2.0)).set_index("term")
    assert rows.loc["d", "estimate"] == 0.0
    assert "variance is not positive" in rows.loc["d", "note"]
    assert rows["r2"].isna().all()


# --- samples drawn and taken --------------------------------------------------------------------


def panel_sample():
    frame = workers(60, 12).assign(t=lambda f: f.groupby("g").cumcount())
    equation = Equation(id="e", outcomes=("y",), treatments=("d",), controls=(), absorb=("g",),
                        estimator="fixed_effects")  # fmt: skip
    study = Study(id="s", data="d", equations=(equation,), entity="g", time="t")
    return take_sample(study, equation, "y", frame)


def test_a_unit_drawn_twice_counts_as_two_and_keeps_its_rows():
    sample = panel_sample()
    units = units_of(sample)
    drawn = resampled(sample, units, np.random.default_rng(0))
    assert drawn.entity.nunique() == len(np.unique(units))
    assert drawn.absorbed["g"].nunique() == drawn.entity.nunique()
    sizes = pd.Series(units).value_counts()
    originals = pd.Series(units[drawn.positions])
    for _, rows in originals.groupby(drawn.entity.to_numpy()):
        assert rows.nunique() == 1
        assert len(rows) == sizes[rows.iloc[0]]


def test_taking_rows_takes_them_everywhere():
    sample = panel_sample()
    rows = np.array([5, 5, 2])
    here = taken(sample, rows)
    np.testing.assert_array_equal(here.outcome, sample.outcome[rows])
    assert list(here.regressors["d"]) == list(sample.regressors["d"].iloc[rows])
    assert list(here.positions) == list(sample.positions[rows])


def test_replications_come_in_order_and_each_has_its_own_seed():
    first = replicate(lambda rng: rng.normal(), 5, 7, "test")
    assert len(set(first)) == 5
    assert replicate(lambda rng: rng.normal(), 3, 7, "test") == first[:3]


# --- tables and terms in a study file -----------------------------------------------------------


def test_a_small_table_may_be_typed_into_the_study(tmp_path):
    path = tmp_path / "s.toml"
    head = '[study]\nid = "s"\n[columns]\ny = [1.0, 2.0, 4.0]\nd = [0, 1, 1]\n'
    tail = '[[equation]]\nid = "e"\noutcome = "y"\ntreatment = "d"\nestimator = "ols"\n'
    path.write_text(head + tail)
    study = read_study(path)
    assert estimates(study, data_of(study)).set_index("term").loc["d", "estimate"] == 2.0
    path.write_text(head.replace("[0, 1, 1]", "[0, 1]") + tail)
    with pytest.raises(UserError, match="lists of one length"):
        read_study(path)


def test_terms_among_the_options_and_outcomes_that_may_be_missing():
    frame = workers(50).assign(k=lambda f: f["g"] % 3)
    frame.loc[:9, "y"] = np.nan
    equation = Equation(id="e", outcomes=("y",), treatments=("d",), controls=(), estimator="ols",
                        options={"score": ["x", "C(k)"]})  # fmt: skip
    study = Study(id="s", data="d", equations=(equation,))
    sample = take_sample(study, equation, "y", frame, option_terms=("score",),
                         may_miss=("outcome",))  # fmt: skip
    assert list(sample.terms["score"]) == ["x", "C(k)=1", "C(k)=2"]
    assert sample.n_obs == 50
    assert np.isnan(sample.outcome).sum() == 10
    assert take_sample(study, equation, "y", frame).n_obs == 40
    broken = Equation(id="e", outcomes=("y",), treatments=("d",), controls=(), estimator="ols",
                      options={"score": 3})  # fmt: skip
    with pytest.raises(UserError, match="a term or a list of terms"):
        take_sample(study, broken, "y", frame, option_terms=("score",))


# --- influence functions ------------------------------------------------------------------------


def test_two_steps_chained_have_the_error_of_the_whole():
    """y on d by hand in two steps: the mean of x, then the mean of y - 2 x (a known cross term)."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=2000)
    y = 2.0 * x + rng.normal(size=2000)
    n = len(x)
    first = influence_of(np.array([[1.0 / n]]), (x - x.mean())[:, None])
    scores = (y - 2.0 * x.mean() - (y.mean() - 2.0 * x.mean()))[:, None]
    chained = second_step(np.array([[1.0 / n]]), scores, np.array([[-2.0 * n]]), first)
    fit = fit_of_influence(["b"], np.array([y.mean() - 2.0 * x.mean()]), chained)
    expected = np.var(y - 2.0 * x) / n
    assert fit.classical[0, 0] == pytest.approx(expected, rel=1e-9)


def test_extras_of_every_row_are_json():
    rows = estimates(ols("HC1"), workers())
    assert all(text == "" or json.loads(text) is not None for text in rows["extras"])
