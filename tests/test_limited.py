"""Tobit, ordered models and counts: published tables, second libraries, properties, refusals."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.miscmodels
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats
from statsmodels.miscmodels.ordinal_model import OrderedModel
from statsmodels.tools.numdiff import approx_fprime, approx_hess

from analysis.effects.fitting import estimates
from analysis.effects.study import Equation, Study
from analysis.messages import UserError
from analysis.sources.data_sets import teaching_data_sets

MROZ = ("nwifeinc", "educ", "exper", "expersq", "age", "kidslt6", "kidsge6")


def fitted(frame, estimator, outcome, terms, vcov="classical", **more):
    equation = Equation("e", (outcome,), (), tuple(terms), estimator, vcov=vcov, **more)
    return estimates(Study("s", "d", (equation,)), frame)


def part(rows, quantity="coefficient", column="estimate"):
    chosen = rows[rows["quantity"] == quantity]
    return dict(zip(chosen["term"], chosen[column].astype(float), strict=True))


def compare(facts, benchmark, numbers, tolerance):
    """Hold every published row of the benchmark: at its printed digits and its reference."""
    table = pd.read_csv(facts / "published_benchmarks.csv", dtype=str)
    rows = table[table["benchmark"] == benchmark]
    for row in rows.to_dict("records"):
        value, digits = numbers[row["quantity"]], len(row["published"].partition(".")[2])
        assert abs(value - float(row["published"])) <= 0.5001 * 10.0**-digits, row["quantity"]
        assert value == pytest.approx(float(row["reference_value"]), rel=tolerance)


def simulated(n=500, seed=2):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"x": rng.normal(size=n), "d": rng.integers(0, 2, n) * 1.0})
    frame["city"], frame["time"] = rng.integers(0, 40, n), rng.uniform(0.5, 3, n)
    mean = frame["time"] * np.exp(0.3 + 0.4 * frame["x"] - 0.3 * frame["d"])
    frame["count"] = rng.poisson(mean * rng.gamma(1.5, 1 / 1.5, n)).astype(float)
    latent = 0.5 + frame["x"] + 0.7 * frame["d"] + rng.normal(size=n)
    frame["spent"], frame["level"] = (
        latent.clip(0, 2.5),
        np.digitize(latent, [-0.5, 0.7, 2.0]) * 1.0,
    )
    return frame


# --- published tables -------------------------------------------------------------------------


def test_tobit_is_wooldridge_table_17_3(shared_facts):
    rows = fitted(teaching_data_sets()["mroz"](), "tobit", "hours", MROZ)
    extras = json.loads(rows["extras"][0])
    numbers = part(rows) | {f"{k} se": v for k, v in part(rows, column="std_error").items()}
    compare(shared_facts, "C6", numbers | {"llf": extras["log_likelihood"]}, 1e-6)
    assert extras["share_censored"] == pytest.approx(325 / 753)


def test_ordered_logit_is_that_of_ucla(shared_facts):
    folder = Path(statsmodels.miscmodels.__file__).parent / "tests" / "results"
    frame = pd.read_csv(folder / "ologit_ucla.csv")
    words = ["unlikely", "somewhat likely", "very likely"]
    frame["likely"] = frame["apply"].map(words.index)
    rows = fitted(frame, "ordered_logit", "likely", ("pared", "public", "gpa"))
    numbers = part(rows) | {f"se {k}": v for k, v in part(rows, column="std_error").items()}
    compare(shared_facts, "D14", numbers, 1e-5)


# --- second libraries -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "distr"), [("ordered_logit", "logit"), ("ordered_probit", "probit")]
)
def test_ordered_models_are_those_of_statsmodels(name, distr):
    frame = simulated()
    rows = fitted(frame, name, "level", ("x", "d"))
    model = OrderedModel(frame["level"], frame[["x", "d"]], distr=distr)
    theirs = model.fit(method="bfgs", disp=0, gtol=1e-8, maxiter=500)
    cuts = model.transform_threshold_params(theirs.params.to_numpy())[1:-1]
    expected = [*theirs.params[:2], *cuts]
    assert list(part(rows).values()) == pytest.approx(expected, rel=1e-6)
    errors = list(part(rows, column="std_error").values())
    assert errors[:3] == pytest.approx(theirs.bse.to_numpy()[:3], rel=1e-4)
    effects = rows[rows["quantity"] == "ame"].groupby("term")["estimate"].sum()
    assert effects.astype(float).to_numpy() == pytest.approx([0, 0], abs=1e-12)
    low, high = (theirs.predict(frame[["x", "d"]].assign(d=v)) for v in (0.0, 1.0))
    change = rows[(rows["quantity"] == "ame") & (rows["term"] == "d")]["estimate"].astype(float)
    assert change.to_numpy() == pytest.approx((high - low).mean().to_numpy(), rel=1e-5)


@pytest.mark.filterwarnings("ignore:Maximum Likelihood")
@pytest.mark.parametrize("vcov", ["classical", "HC0", "cluster"])
@pytest.mark.parametrize("exposed", [True, False])
def test_counts_are_those_of_statsmodels(vcov, exposed):
    frame = simulated()
    design = sm.add_constant(frame[["x", "d"]])
    options = {"exposure": "time"} if exposed else {}
    exposure = {"exposure": frame["time"]} if exposed else {}
    how = {"cov_type": "nonrobust"} if vcov == "classical" else {"cov_type": "HC0"}
    if vcov == "cluster":  # its factor left out, G / (G - 1) put in its place
        how = {
            "cov_type": "cluster",
            "cov_kwds": {"groups": frame["city"], "use_correction": False},
        }
    factor = (40 / 39) ** 0.5 if vcov == "cluster" else 1.0
    models = {"poisson": (sm.Poisson, "tol"), "negative_binomial": (sm.NegativeBinomial, "gtol")}
    for name, (model, precision) in models.items():
        rows = fitted(frame, name, "count", ("x", "d"), vcov, options=options, cluster=("city",))
        theirs = model(frame["count"], design, **exposure).fit(
            disp=0, maxiter=500, **{precision: 1e-9}, **how
        )
        assert list(part(rows).values()) == pytest.approx(theirs.params.to_numpy(), rel=1e-6)
        extras = json.loads(rows["extras"][0])
        assert extras["log_likelihood"] == pytest.approx(theirs.llf, rel=1e-10)
        assert extras["pseudo_r2"] == pytest.approx(theirs.prsquared, rel=1e-5)
        ratios, errors = part(rows, "irr"), part(rows, column="std_error")
        assert ratios["x"] == pytest.approx(np.exp(theirs.params["x"]), rel=1e-6)
        assert part(rows, "irr", "std_error")["x"] == pytest.approx(ratios["x"] * errors["x"])
        assert list(errors.values()) == pytest.approx(theirs.bse.to_numpy() * factor, rel=1e-5)


def negative_loglike(parameters, frame, limits=(0.0, 2.5)):
    """Censored normal log likelihood by row, written with scipy's distribution functions."""
    index, sigma = parameters[0] + frame[["x", "d"]].to_numpy() @ parameters[1:3], parameters[3]
    y, law = frame["spent"].to_numpy(), stats.norm
    inside = law.logpdf(y, index, sigma)
    low, high = law.logcdf(limits[0], index, sigma), law.logsf(limits[1], index, sigma)
    return -np.where(y <= limits[0], low, np.where(y >= limits[1], high, inside))


def expected_spending(b, frame):
    index, sigma = b[0] + frame[["x", "d"]].to_numpy() @ b[1:3], b[3]
    grid = np.linspace(0, 2.5, 1001)[:, None]
    # E[y] = lower + the area under the survival function up to the upper limit
    return float(np.trapezoid(stats.norm.sf(grid, index, sigma), grid, axis=0).mean())


def test_a_rate_ratio_beyond_numbers_is_left_out_with_a_note():
    frame = simulated().assign(tiny=lambda f: f["x"] * 1e-5)
    for name in ("poisson", "negative_binomial"):
        rows = fitted(frame, name, "count", ("tiny", "d"))
        assert part(rows, "irr").keys() == {"d"} and "no rate ratio of tiny" in rows["note"][0]


def test_tobit_with_two_limits_is_scipys_optimum_and_hessian():
    frame = simulated()
    rows = fitted(frame, "tobit", "spent", ("x", "d"), "HC0", options={"upper": 2.5})
    b = np.array(list(part(rows).values()))

    def total(p):
        return negative_loglike(p, frame).sum()

    found = optimize.minimize(
        total,
        [0, 0, 0, 1],
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 5000},
    )
    assert b == pytest.approx(found.x, rel=1e-6)
    bread = np.linalg.inv(approx_hess(b, total))
    scores = approx_fprime(b, lambda p: negative_loglike(p, frame), centered=True)
    errors = np.sqrt(np.diag(bread @ scores.T @ scores @ bread))
    assert list(part(rows, column="std_error").values()) == pytest.approx(errors, rel=1e-5)

    up, down = {"x": frame["x"] + 1e-3}, {"x": frame["x"] - 1e-3}
    moves = {"d": ({"d": 1.0}, {"d": 0.0}, 1), "x": (up, down, 2e-3)}
    for term, (high, low, step) in moves.items():

        def effect(p, high=high, low=low, step=step):
            ends = (expected_spending(p, frame.assign(**end)) for end in (high, low))
            return (next(ends) - next(ends)) / step

        assert part(rows, "ame")[term] == pytest.approx(effect(b), rel=1e-6)
        gradient = approx_fprime(b, effect, centered=True)
        expected = np.sqrt(gradient @ bread @ scores.T @ scores @ bread @ gradient)
        assert part(rows, "ame", "std_error")[term] == pytest.approx(expected, rel=1e-4)


def test_tobit_of_a_constant_is_scipys_censored_fit():
    frame = simulated()
    y = frame["spent"].to_numpy()
    data = stats.CensoredData(uncensored=y[(y > 0) & (y < 2.5)], left=y[y <= 0], right=y[y >= 2.5])
    rows = fitted(frame, "tobit", "spent", (), options={"upper": 2.5})
    assert list(part(rows).values()) == pytest.approx(stats.norm.fit(data), rel=1e-4)


def test_tobit_without_censoring_is_least_squares():
    frame = simulated().assign(y=lambda f: f["time"] + f["x"])
    rows = fitted(frame, "tobit", "y", ("x", "d"), options={"lower": -np.inf})
    theirs = sm.OLS(frame["y"], sm.add_constant(frame[["x", "d"]])).fit()
    assert list(part(rows).values())[:3] == pytest.approx(theirs.params.to_numpy(), rel=1e-8)
    assert part(rows)["sigma"] == pytest.approx((theirs.ssr / 500) ** 0.5, rel=1e-8)
    assert part(rows, "ame")["x"] == pytest.approx(theirs.params["x"], rel=1e-8)
    assert "no row is censored" in rows["note"][0]


OUTCOMES = {"tobit": "spent", "poisson": "count", "negative_binomial": "count"}
OUTCOMES |= {"ordered_logit": "level", "ordered_probit": "level"}


@settings(max_examples=5, deadline=None)
@given(st.floats(1e-5, 1e5), st.integers(0, 1000))
@pytest.mark.parametrize("name", list(OUTCOMES))
def test_units_and_row_order_do_not_matter(name, scale, seed):
    frame = simulated(200)
    plain = fitted(frame, name, OUTCOMES[name], ("x", "d"), "HC1")
    moved = frame.assign(x=frame["x"] * scale + 3 * scale).sample(frac=1.0, random_state=seed)
    other = fitted(moved, name, OUTCOMES[name], ("x", "d"), "HC1")
    for quantity in ("coefficient", "ame"):
        one, two = (r[(r["term"] == "x") & (r["quantity"] == quantity)] for r in (plain, other))
        for column in ("estimate", "std_error"):
            expected = one[column].to_numpy(float) / scale
            assert two[column].to_numpy(float) == pytest.approx(expected, rel=1e-7)


def refused(frame, estimator, outcome, terms, words, **more):
    with pytest.raises(UserError, match=words):
        fitted(frame, estimator, outcome, terms, **more)


def test_what_cannot_be_fitted_is_refused_by_name(monkeypatch):
    monkeypatch.setenv("JIELI_LANG", "en")
    frame = simulated()
    for name, y in OUTCOMES.items():
        frame["settles"] = ((frame["x"] > 0) & (frame[y] == 0)) * 1.0
        refused(frame, name, y, ("x", "settles"), "settles predicts the outcome of")
        refused(frame, name, y, ("x",), "no option alpha", options={"alpha": 1})
        refused(frame, name, y, ("x",), "no weights", weights="time")
        rows = fitted(frame, name, y, ("x", "d", "2 * d - x"))
        assert rows.iloc[-1]["term"] == "2 * d - x" and "set aside" in rows.iloc[-1]["note"]
    refused(frame, "poisson", "x", ("d",), "not negative")
    refused(frame, "poisson", "count", ("d",), "exposure", options={"exposure": "x"})
    even = frame.assign(count=2.0 + frame["d"])
    refused(even, "negative_binomial", "count", ("x",), "use poisson")
    refused(frame, "ordered_logit", "d", ("x",), "three or more levels")
    refused(frame.head(40), "ordered_logit", "time", ("x",), "40 rows for")
    refused(frame, "tobit", "spent", ("x",), "lower < upper", options={"lower": 3, "upper": 2})
    refused(frame, "tobit", "spent", ("x",), "uncensored", options={"lower": 99})
    refused(frame, "tobit", "spent", ("x",), "is for linear", vcov="HC3")
