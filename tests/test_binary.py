"""Logit, probit, fractional and conditional logit: published tables, statsmodels, properties."""

import json

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.discrete.conditional_models import ConditionalLogit

from analysis.effects.fitting import estimates
from analysis.effects.study import Equation, Study
from analysis.messages import UserError
from analysis.sources.data_sets import teaching_data_sets

MROZ = ("nwifeinc", "educ", "exper", "expersq", "age", "kidslt6", "kidsge6")


def fitted(frame, estimator, outcome, terms, vcov="classical", entity="", **more):
    equation = Equation("e", (outcome,), (), tuple(terms), estimator, vcov=vcov, **more)
    return estimates(Study("s", "d", (equation,), entity=entity), frame)


def part(rows, quantity="coefficient", column="estimate"):
    chosen = rows[rows["quantity"] == quantity]
    return dict(zip(chosen["term"], chosen[column].astype(float), strict=True))


def compare(facts, benchmark, numbers, tolerance):
    """Hold every published row that has a number against it: printed digits and reference."""
    table = pd.read_csv(facts / "published_benchmarks.csv", dtype=str)
    rows = table[(table["benchmark"] == benchmark) & table["quantity"].isin(list(numbers))]
    assert len(rows) == len(numbers), set(numbers) ^ set(rows["quantity"])
    for row in rows.to_dict("records"):
        value, digits = numbers[row["quantity"]], len(row["published"].partition(".")[2])
        assert abs(value - float(row["published"])) <= 0.5001 * 10.0**-digits, row["quantity"]
        assert value == pytest.approx(float(row["reference_value"]), rel=tolerance)


def simulated(n=600, seed=1):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({
        "educ": rng.integers(6, 20, n).astype(float),
        "union": rng.integers(0, 2, n).astype(float),
        "size": rng.lognormal(3, 1, n),
        "kind": rng.integers(1, 5, n),
        "city": rng.integers(0, 60, n),
    })  # fmt: skip
    index = -3 + 0.2 * frame["educ"] + 0.5 * frame["union"] + 0.2 * (frame["kind"] == 3)
    frame["works"] = (rng.logistic(size=n) < index).astype(float)
    frame["share"] = np.clip(rng.beta(2, 2, n) + 0.1 * frame["union"], 0, 1)
    return frame


# --- published tables -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("benchmark", "estimator", "vcov", "suffix"),
    [
        ("C4l", "ols", "HC1", "hc se"),
        ("C4g", "logit", "classical", "se"),
        ("C4b", "probit", "classical", "se"),
    ],
)
def test_wooldridge_table_17_1(shared_facts, benchmark, estimator, vcov, suffix):
    rows = fitted(teaching_data_sets()["mroz"](), estimator, "inlf", MROZ, vcov)
    numbers = {k.replace("const", "Intercept"): v for k, v in part(rows).items()}
    errors = part(rows, column="std_error")
    numbers |= {f"{k.replace('const', 'Intercept')} {suffix}": v for k, v in errors.items()}
    if estimator != "ols":
        extras = json.loads(rows["extras"][0])
        numbers |= {"llf": extras["log_likelihood"], "pseudoR2": extras["pseudo_r2"]}
    compare(shared_facts, benchmark, numbers, 1e-6)


@pytest.mark.parametrize(("benchmark", "estimator"), [("C5g", "logit"), ("C5b", "probit")])
def test_wooldridge_table_17_2(shared_facts, benchmark, estimator):
    options = {"ame": "derivative"}
    rows = fitted(teaching_data_sets()["mroz"](), estimator, "inlf", MROZ, options=options)
    effects = {f"{k} APE": v for k, v in part(rows, "ame").items() if not k.startswith("exper")}
    compare(shared_facts, benchmark, effects, 1e-6)


def test_greene_grades(shared_facts):
    numbers = {}
    frame = teaching_data_sets()["spector"]()
    frame = frame if "GRADE" in frame else sm.datasets.spector.load_pandas().data
    for name in ("logit", "probit"):
        rows = fitted(frame, name, "GRADE", ("GPA", "TUCE", "PSI"))
        numbers |= {f"{name} {k}": v for k, v in part(rows).items()}
        numbers |= {f"{name} se {k}": v for k, v in part(rows, column="std_error").items()}
        numbers[f"{name} llf"] = json.loads(rows["extras"][0])["log_likelihood"]
    compare(shared_facts, "D7", numbers, 1e-6)


# --- statsmodels ------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "model"), [("logit", sm.Logit), ("probit", sm.Probit)])
@pytest.mark.parametrize("vcov", ["classical", "HC0", "HC1", "cluster"])
def test_errors_are_those_of_statsmodels(name, model, vcov):
    frame = simulated()
    rows = fitted(frame, name, "works", ("educ", "union"), vcov, cluster=("city",))
    design = sm.add_constant(frame[["educ", "union"]])
    # its cluster factor left out, G / (G - 1) put in its place; its HC1 is HC0 here
    how = {"cov_type": "nonrobust"} if vcov == "classical" else {"cov_type": "HC0"}
    if vcov == "cluster":
        how = {
            "cov_type": "cluster",
            "cov_kwds": {"groups": frame["city"], "use_correction": False},
        }
    factor = {"cluster": 60 / 59, "HC1": 600 / 597}.get(vcov, 1.0) ** 0.5
    theirs = model(frame["works"], design).fit(disp=0, tol=1e-14, **how)
    assert list(part(rows).values()) == pytest.approx(theirs.params.to_numpy(), rel=1e-8)
    errors = list(part(rows, column="std_error").values())
    assert errors == pytest.approx(theirs.bse.to_numpy() * factor, rel=1e-8)
    effects = theirs.get_margeff(dummy=True)
    assert list(part(rows, "ame").values()) == pytest.approx(effects.margeff, rel=1e-8)
    ame_errors = list(part(rows, "ame", "std_error").values())
    assert ame_errors == pytest.approx(effects.margeff_se * factor, rel=1e-6)


@pytest.mark.parametrize("vcov", ["classical", "HC0"])
def test_fractional_logit_is_the_binomial_glm_with_a_sandwich(vcov):
    frame = simulated()
    rows = fitted(frame, "fractional_logit", "share", ("educ", "union"), vcov)
    design = sm.add_constant(frame[["educ", "union"]])
    theirs = sm.GLM(frame["share"], design, sm.families.Binomial()).fit(cov_type="HC0", tol=1e-14)
    assert list(part(rows).values()) == pytest.approx(theirs.params.to_numpy(), rel=1e-8)
    assert list(part(rows, column="std_error").values()) == pytest.approx(theirs.bse, rel=1e-8)
    assert ("sandwich" in rows["note"][0]) == (vcov == "classical")
    p = theirs.fittedvalues
    assert part(rows, "ame")["educ"] == pytest.approx(theirs.params["educ"] * (p * (1 - p)).mean())


def panel(n=150, periods=5, seed=3):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {"i": np.repeat(np.arange(n), periods), "t": np.tile(np.arange(periods), n)}
    )
    own = np.repeat(rng.normal(size=n), periods)
    frame["x"], frame["d"] = rng.normal(size=len(frame)) + own, rng.integers(0, 2, len(frame)) * 1.0
    frame["y"] = (rng.logistic(size=len(frame)) < frame["x"] - frame["d"] + own).astype(float)
    return frame.assign(fixed=frame["i"] % 7)


@pytest.mark.filterwarnings("ignore:Dropped")
def test_conditional_logit_is_that_of_statsmodels():
    frame = panel()
    rows = fitted(frame, "conditional_logit", "y", ("x", "d", "fixed"), absorb=("i",))
    theirs = ConditionalLogit(frame["y"], frame[["x", "d"]], groups=frame["i"].to_numpy())
    result = theirs.fit(disp=False, method="newton")
    mine = rows[rows["term"].isin(["x", "d"])]
    assert mine["estimate"].astype(float).tolist() == pytest.approx(result.params, rel=1e-6)
    assert mine["std_error"].astype(float).tolist() == pytest.approx(result.bse, rel=1e-6)
    assert rows.iloc[-1]["term"] == "fixed" and "set aside" in rows.iloc[-1]["note"]
    varies = frame.groupby("i")["y"].nunique() > 1
    assert f"{(~varies).sum()} groups of i" in rows["note"][0]


@pytest.mark.filterwarnings("ignore:Dropped")
@pytest.mark.parametrize(("vcov", "factor"), [("classical", 1.0), ("HC0", 1.0), ("cluster", 7 / 6)])
def test_two_periods_are_a_logit_of_differences(vcov, factor):
    frame = panel(400, 2)
    wide = frame.pivot(index="i", columns="t")
    change = {name: wide[name][1] - wide[name][0] for name in ("x", "d", "y")}
    moved = change["y"] != 0
    design = pd.DataFrame({"x": change["x"], "d": change["d"]})[moved]
    how = {"cov_type": "nonrobust" if vcov == "classical" else vcov}
    if vcov == "cluster":
        how["cov_kwds"] = {"groups": design.index.to_numpy() % 7, "use_correction": False}
    theirs = sm.Logit((change["y"][moved] > 0) * 1.0, design).fit(disp=0, tol=1e-14, **how)
    rows = fitted(frame, "conditional_logit", "y", ("x", "d"), vcov, entity="i", cluster=("fixed",))
    assert list(part(rows).values()) == pytest.approx(theirs.params.to_numpy(), rel=1e-8)
    errors = list(part(rows, column="std_error").values())
    assert errors == pytest.approx(theirs.bse.to_numpy() * factor**0.5, rel=1e-7)


# --- properties and refusals ------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(st.floats(1e-6, 1e6), st.integers(0, 1000))
def test_units_and_row_order_do_not_matter(scale, seed):
    frame = simulated(200)
    plain = fitted(frame, "logit", "works", ("educ", "union"), "HC1")
    moved = frame.assign(educ=frame["educ"] * scale).sample(frac=1.0, random_state=seed)
    other = fitted(moved, "logit", "works", ("educ", "union"), "HC1")
    expected = np.where(plain["term"] == "educ", plain["estimate"] / scale, plain["estimate"])
    assert other["estimate"].to_numpy(float) == pytest.approx(expected, rel=1e-8)
    assert other["p_value"].to_numpy(float) == pytest.approx(plain["p_value"], rel=1e-6, abs=1e-12)


def refused(frame, estimator, outcome, terms, words, **more):
    with pytest.raises(UserError, match=words):
        fitted(frame, estimator, outcome, terms, **more)


def test_what_cannot_be_fitted_is_refused_by_name(monkeypatch):
    monkeypatch.setenv("JIELI_LANG", "en")
    frame = simulated()
    frame["settles"] = ((frame["works"] == 1) & (frame["educ"] > 15)).astype(float)
    rows = int(frame["settles"].sum())
    for name, y in (("logit", "works"), ("probit", "works"), ("fractional_logit", "works")):
        refused(frame, name, y, ("educ", "settles"), f"settles predicts the outcome of {rows} rows")
        refused(frame, name, y, ("educ",), "no option alpha", options={"alpha": 1})
        refused(frame, name, y, ("educ",), "no weights", weights="size")
    both = ("educ", "works * 2 - 1")
    refused(frame, "logit", "works", both, r"settles: works \* 2 - 1 predicts .* 600 rows")
    refused(frame, "logit", "educ", ("union",), "an outcome of 0 and 1")
    refused(frame, "fractional_logit", "educ", ("union",), "between 0 and 1")
    refused(frame, "logit", "works", ("union",), "no ame", options={"ame": "none"})
    treated = frame.assign(d=1.0)
    equation = Equation("e", ("works",), ("d",), ("educ",), "logit", vcov="HC1")
    with pytest.raises(UserError, match="d never varies"):
        estimates(Study("s", "d", (equation,)), treated)
    people = panel(60).assign(sure=lambda f: f["y"] * 2 + f["i"])
    refused(people, "conditional_logit", "y", ("x", "sure"), "sure", absorb=("i",))
    refused(people, "conditional_logit", "y", ("x",), "one column in absorb")
    cut = {"absorb": ("i",), "vcov": "cluster", "cluster": ("t",)}
    refused(people, "conditional_logit", "y", ("x",), "cut through its groups", **cut)


def test_a_collinear_term_is_set_aside_by_name():
    rows = fitted(simulated(), "logit", "works", ("educ", "educ * 2 + 1", "union"))
    assert part(rows).keys() == {"const", "educ", "union", "educ * 2 + 1"}
    assert "collinear" in rows.iloc[-1]["note"] and np.isnan(float(rows.iloc[-1]["estimate"]))
