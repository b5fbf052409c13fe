"""Heckman's selection model: Wooldridge's table, his formula by hand, scipy's maximum, simulation."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import optimize, stats

from analysis.effects.benchmarking import benchmark_table
from analysis.effects.estimates import Fitted, rows_of
from analysis.effects.estimators import heckman
from analysis.effects.fitting import estimates, sample_of
from analysis.effects.inference.covariance import covariance
from analysis.effects.selection import maximum
from analysis.effects.selection.first_step import corrections, mills
from analysis.effects.study import Equation, Study, read_study
from analysis.messages import UserError
from analysis.paths import ROOT
from analysis.sources.data_sets import teaching_data_sets

WAGE = ("educ", "exper", "expersq")
WORK = ["nwifeinc", "educ", "exper", "expersq", "age", "kidslt6", "kidsge6"]


def asked(method="two_step", vcov="classical", controls=("x",), outcome="y", **more):
    options = {"selection": ["x", "z"], "method": method, **more.pop("options", {})}
    options = {key: value for key, value in options.items() if value is not None}
    return Equation(id="e", outcomes=(outcome,), controls=controls, estimator="heckman",
                    vcov=vcov, options=options, **{"treatments": (), **more})  # fmt: skip


def fitted(frame, *request, **more):
    return estimates(Study(id="s", data="d", equations=(asked(*request, **more),)), frame)


def by_name(rows, component="", column="estimate"):
    return rows[rows["component"] == component].set_index("term")[column]


def workers(n=600, seed=1, rho=0.6, sigma=1.5, z=0.8):
    """Outcome 1 + 0.5 x + u, seen where 0.3 + 0.4 x + z z + v > 0; forty firms."""
    rng = np.random.default_rng(seed)
    x, instrument, v, e = rng.normal(size=(4, n))
    u = sigma * (rho * v + np.sqrt(1 - rho**2) * e)
    seen = 0.3 + 0.4 * x + z * instrument + v > 0
    y = np.where(seen, 1 + 0.5 * x + u, np.nan)
    return pd.DataFrame({"x": x, "z": instrument, "y": y, "g": rng.integers(0, 40, n)})


def mroz(method="two_step", vcov="classical", **more):
    options = {"selection": WORK, "selected": "inlf"}
    return fitted(teaching_data_sets()["mroz"](), method, vcov, WAGE, outcome="lwage",
                  options=options, **more)  # fmt: skip


# --- two steps ----------------------------------------------------------------------------------


def test_table_17_5_of_wooldridge_c7():
    table = pd.read_csv(ROOT / "data" / "raw" / "published_benchmarks.csv", dtype=str)
    found = benchmark_table(table[table["benchmark"] == "C7"])
    assert len(found) == 12
    assert (found["agrees"] == "true").all()


def by_hand(frame):
    """Return coefficients, sigma and Heckman's covariance, matrix by matrix as he prints it."""
    seen = frame["lwage"].notna().to_numpy()
    z = sm.add_constant(frame[WORK]).to_numpy()
    probit = sm.Probit(seen.astype(float), z).fit(disp=0, tol=1e-14)
    index = z[seen] @ probit.params
    ratio = stats.norm.pdf(index) / stats.norm.cdf(index)
    x = np.column_stack([sm.add_constant(frame.loc[seen, list(WAGE)]).to_numpy(), ratio])
    y = frame.loc[seen, "lwage"].to_numpy()
    b = np.linalg.lstsq(x, y, rcond=None)[0]
    d = np.diag(ratio * (ratio + index))
    e = y - x @ b
    s2 = (e @ e + b[-1] ** 2 * np.trace(d)) / len(y)
    rho2 = b[-1] ** 2 / s2
    q = rho2 * x.T @ d @ z[seen] @ probit.cov_params() @ z[seen].T @ d @ x
    inner = x.T @ (np.eye(len(y)) - rho2 * d) @ x + q
    bread = np.linalg.inv(x.T @ x)
    return b, np.sqrt(s2), s2 * bread @ inner @ bread, probit


def test_the_classical_covariance_is_heckmans_formula():
    rows = mroz()
    b, sigma, cov, probit = by_hand(teaching_data_sets()["mroz"]())
    np.testing.assert_allclose(by_name(rows), b, rtol=1e-8)
    np.testing.assert_allclose(by_name(rows, column="std_error"), np.sqrt(np.diag(cov)), rtol=1e-7)
    np.testing.assert_allclose(by_name(rows, "selection"), probit.params, rtol=1e-7)
    np.testing.assert_allclose(by_name(rows, "selection", "std_error"), probit.bse, rtol=1e-7)
    assert by_name(rows, "transformed")["sigma"] == pytest.approx(sigma, rel=1e-9)
    assert by_name(rows, "transformed")["rho"] == pytest.approx(b[-1] / sigma, rel=1e-8)
    extras = json.loads(rows["extras"].iloc[0])
    assert (extras["n_selected"], extras["n_not_selected"]) == (428, 325)
    assert extras["wald_rho"] == pytest.approx(b[-1] ** 2 / cov[-1, -1], rel=1e-7)
    assert (rows["n_obs"] == 753).all()


@pytest.mark.parametrize("vcov", ["HC0", "cluster"])
def test_robust_errors_are_those_of_the_stacked_moments(vcov):
    """Jacobian of all moments by differences; the regressors of the second step do not move."""
    frame = workers(300)
    rows = fitted(frame, vcov=vcov, cluster=("g",))
    y, x, z, seen = arrays(frame)
    ends, sign = by_name(rows, "transformed"), np.where(seen, 1.0, -1.0)
    theta = np.array([*by_name(rows), *by_name(rows, "selection"), ends["sigma"]])
    fixed = np.column_stack([x, corrections(sign, z @ theta[3:6])[0]])

    def moments(t):
        w, delta = corrections(sign, z @ t[3:6])
        e = y - x @ t[:2] - t[2] * w
        of_sigma = seen * (e**2 + t[2] ** 2 * delta - t[6] ** 2)
        return np.column_stack([fixed * (seen * e)[:, None], z * w[:, None], of_sigma])

    steps = np.eye(7) * 1e-5
    jacobian = np.column_stack([
        (moments(theta + step) - moments(theta - step)).sum(axis=0) / 2e-5 for step in steps
    ])  # fmt: skip
    sums, factor = moments(theta), 1.0
    if vcov == "cluster":
        sums = pd.DataFrame(sums).groupby(frame["g"].to_numpy()).sum().to_numpy()
        factor = len(sums) / (len(sums) - 1)
    inverse = np.linalg.inv(jacobian)
    cov = inverse @ (sums.T @ sums) @ inverse.T * factor
    slope = np.zeros(7)
    slope[[2, 6]] = 1 / theta[6], -theta[2] / theta[6] ** 2
    errors = [*np.sqrt(np.diag(cov)), np.sqrt(slope @ cov @ slope)]
    np.testing.assert_allclose(rows["std_error"], errors, rtol=1e-6)


# --- maximum likelihood -------------------------------------------------------------------------


def textbook_rows(theta, y, x, z, seen):
    """Return each row's log likelihood as printed, parameters b, g, sigma, rho."""
    k, m = x.shape[1], z.shape[1]
    b, g, sigma, rho = theta[:k], theta[k : k + m], theta[-2], theta[-1]
    e = (y - x @ b) / sigma
    inside = (z @ g + rho * e) / np.sqrt(1 - rho**2)
    of_seen = stats.norm.logpdf(e) - np.log(sigma) + stats.norm.logcdf(inside)
    return np.where(seen, of_seen, stats.norm.logcdf(-z @ g))


def arrays(frame):
    seen = frame["y"].notna().to_numpy()
    z = sm.add_constant(frame[["x", "z"]]).to_numpy()
    return np.where(seen, frame["y"], 0.0), z[:, :2], z, seen


def numerical_hessian(function, theta, step=1e-4):
    steps, k = np.eye(len(theta)) * step, len(theta)
    found = np.empty((k, k))
    for i, a in enumerate(steps):
        for j, b in enumerate(steps):
            above = function(theta + a + b) - function(theta + a - b)
            below = function(theta - a + b) - function(theta - a - b)
            found[i, j] = (above - below) / 4 / step**2
    return found


def own_of(rows, column="estimate"):
    """Return b, g, sigma and rho, in the textbook's order."""
    return np.array([
        *by_name(rows, column=column)[["const", "x"]], *by_name(rows, "selection", column),
        *by_name(rows, "transformed", column)[["sigma", "rho"]],
    ])  # fmt: skip


def test_ml_is_the_maximum_of_the_textbook_likelihood():
    frame = workers(500, seed=2)
    data, rows = arrays(frame), fitted(frame, "ml")

    def negative(theta):
        return -textbook_rows(theta, *data).sum()

    start = np.array([1.0, 0.5, 0.3, 0.4, 0.8, 1.5, 0.5])
    bounds = [(None, None)] * 5 + [(0.05, None), (-0.99, 0.99)]
    near = optimize.minimize(negative, start, bounds=bounds)
    tight = {"xatol": 1e-9, "fatol": 1e-11, "maxiter": 10000}
    top = optimize.minimize(negative, near.x, method="Nelder-Mead", options=tight)
    np.testing.assert_allclose(own_of(rows), top.x, rtol=2e-5)
    extras = json.loads(rows["extras"].iloc[0])
    assert extras["log_likelihood"] == pytest.approx(-top.fun, abs=1e-7)
    information = numerical_hessian(negative, own_of(rows))
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    np.testing.assert_allclose(own_of(rows, "std_error"), errors, rtol=1e-4)


@pytest.mark.parametrize("vcov", ["HC0", "cluster"])
def test_ml_sandwich_is_that_of_numerical_scores(vcov):
    frame = workers(400, seed=3)
    data, rows = arrays(frame), fitted(frame, "ml", vcov, cluster=("g",))
    theta, factor = own_of(rows), 1.0
    steps = np.eye(len(theta)) * 1e-6
    scores = np.column_stack([
        (textbook_rows(theta + step, *data) - textbook_rows(theta - step, *data)) / 2e-6
        for step in steps
    ])  # fmt: skip
    hessian = numerical_hessian(lambda t: textbook_rows(t, *data).sum(), theta)
    if vcov == "cluster":
        scores = pd.DataFrame(scores).groupby(frame["g"].to_numpy()).sum().to_numpy()
        factor = len(scores) / (len(scores) - 1)
    inverse = np.linalg.inv(hessian)
    errors = np.sqrt(np.diag(inverse @ (scores.T @ scores) @ inverse) * factor)
    np.testing.assert_allclose(own_of(rows, "std_error"), errors, rtol=1e-4)


def test_ml_derived_numbers_and_tests_fit_together():
    frame = workers(800)
    rows = fitted(frame, "ml")
    main, ends = by_name(rows), by_name(rows, "transformed")
    assert ends["rho"] == pytest.approx(np.tanh(main["athrho"]), rel=1e-12)
    assert ends["sigma"] == pytest.approx(np.exp(main["log_sigma"]), rel=1e-12)
    assert main["lambda"] == pytest.approx(ends["rho"] * ends["sigma"], rel=1e-12)
    extras = json.loads(rows["extras"].iloc[0])
    z = by_name(rows, column="statistic")["athrho"]
    assert extras["wald_rho"] == pytest.approx(z**2, rel=1e-9)
    seen = frame["y"].notna()
    ols = sm.OLS(frame["y"][seen], sm.add_constant(frame.loc[seen, ["x"]])).fit()
    probit = sm.Probit(seen.astype(float), sm.add_constant(frame[["x", "z"]])).fit(disp=0)
    statistic = 2 * (extras["log_likelihood"] - ols.llf - probit.llf)
    assert extras["lr_rho"] == pytest.approx(statistic, rel=1e-6)


# --- properties ---------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["two_step", "ml"])
def test_without_correlation_in_the_data_selection_is_least_squares(method):
    """The part of y along the Mills ratio is taken out: lambda is zero to the last digit."""
    frame = workers(500, seed=5)
    seen = frame["y"].notna().to_numpy()
    z = sm.add_constant(frame[["x", "z"]]).to_numpy()
    probit = sm.Probit(seen.astype(float), z).fit(disp=0, tol=1e-14)
    design = np.column_stack([z[seen, :2], mills(z[seen] @ probit.params)])
    b = np.linalg.lstsq(design, frame["y"][seen], rcond=None)[0]
    frame.loc[seen, "y"] -= b[-1] * design[:, -1]
    ols = sm.OLS(frame["y"][seen], z[seen, :2]).fit()
    rows = fitted(frame, method)
    main = by_name(rows)
    np.testing.assert_allclose(main[["const", "x"]], ols.params, rtol=1e-7)
    assert abs(main["lambda"]) < 1e-8
    np.testing.assert_allclose(by_name(rows, "selection"), probit.params, rtol=1e-6)
    if method == "ml":
        assert json.loads(rows["extras"].iloc[0])["lr_rho"] == pytest.approx(0.0, abs=1e-8)


@pytest.mark.parametrize("method", ["two_step", "ml"])
def test_units_do_not_matter(method):
    frame = workers()
    one = fitted(frame, method, "HC1")
    other = fitted(frame.assign(y=3e6 * frame["y"] - 7e6, z=1e4 * frame["z"] + 9e4), method, "HC1")
    for component, term in (("", "x"), ("", "lambda"), ("selection", "z"), ("transformed", "rho")):
        pair = [by_name(rows, component, "statistic")[term] for rows in (one, other)]
        assert pair[1] == pytest.approx(pair[0], rel=1e-5)
    assert by_name(other)["x"] == pytest.approx(3e6 * by_name(one)["x"], rel=1e-6)


@pytest.mark.parametrize("method", ["two_step", "ml"])
@pytest.mark.parametrize("rho", [-0.7, 0.5])
def test_recovery_of_known_parameters(method, rho):
    rows = fitted(workers(20_000, seed=7, rho=rho), method, "HC1")
    truth = {("", "const"): 1.0, ("", "x"): 0.5, ("selection", "z"): 0.8,
             ("transformed", "sigma"): 1.5, ("transformed", "rho"): rho}  # fmt: skip
    for (component, term), value in truth.items():
        gap = by_name(rows, component)[term] - value
        assert abs(gap) < 4 * by_name(rows, component, "std_error")[term]
        assert by_name(rows, component, "std_error")[term] < 0.1


# --- who is selected ----------------------------------------------------------------------------


def test_rows_not_selected_need_no_regressors_and_selected_ones_do():
    frame = workers().assign(hours=lambda t: np.where(t["y"].isna(), np.nan, t["x"]))
    same = fitted(frame)
    rows = fitted(frame, controls=("hours",))
    np.testing.assert_allclose(by_name(rows), by_name(same), rtol=1e-10)
    assert (rows["n_obs"] == len(frame)).all()
    first = frame.index[frame["y"].notna()][:5]
    holes = frame.copy()
    holes.loc[first, "hours"] = np.nan
    rows = fitted(holes, controls=("hours",), vcov="HC0")
    without = fitted(frame.drop(index=first), vcov="HC0")
    for column, tolerance in (("estimate", 1e-10), ("std_error", 1e-9)):
        pair = [by_name(table, column=column) for table in (rows, without)]
        np.testing.assert_allclose(*pair, rtol=tolerance)
    assert "5 rows left out" in rows["note"].iloc[0]


def test_option_selected_says_who_is_where_the_outcome_does_not():
    frame = workers().assign(works=lambda t: t["y"].notna() * 1.0)
    filled = frame.assign(y=frame["y"].fillna(0.0))
    rows = fitted(filled, options={"selected": "works"})
    np.testing.assert_allclose(rows["estimate"], fitted(frame)["estimate"], rtol=1e-12)


def test_identification_by_functional_form_is_noted():
    frame = workers(2000)
    note = "identified by the functional form alone"
    assert note in fitted(frame, options={"selection": None})["note"].iloc[0]
    assert note in fitted(frame, options={"selection": ["x", "2 * x"]})["note"].iloc[0]
    assert note not in fitted(frame)["note"].iloc[0]


def test_a_rho_that_runs_to_its_end_is_held_there_and_noted():
    rows = fitted(workers(80, seed=11, rho=0.999, z=0.0), "ml")
    assert "as rho runs to 1" in rows["note"].iloc[0]
    assert rows[rows["term"] == "athrho"]["std_error"].isna().all()
    assert by_name(rows, column="std_error")["x"] > 0
    assert "wald_rho" not in json.loads(rows["extras"].iloc[0])


def test_a_two_step_rho_beyond_one_is_noted():
    rows = fitted(workers(80, seed=11, rho=0.999, z=0.0))
    assert abs(by_name(rows, "transformed")["rho"]) > 1
    assert "outside [-1, 1]" in rows["note"].iloc[0]
    assert (rows["std_error"] > 0).all()


def test_mills_ratio_stands_in_the_tails():
    found = mills(np.array([-1e3, -40.0, 0.0, 40.0]))
    known = [1000.001 - 2e-9, 40.0 + 1 / 40 - 2 / 40**3, np.sqrt(2 / np.pi)]
    np.testing.assert_allclose(found[:3], known, rtol=1e-8)
    assert 0.0 <= found[3] < 1e-300


# --- refusals and the file ----------------------------------------------------------------------


def sorted_out(frame):
    """Return a frame in which the sign of z decides who is seen."""
    return frame.assign(y=np.where(frame["z"] > 0, 1.0 + frame["x"], np.nan))


@pytest.mark.parametrize(("change", "more", "text"), [
    (lambda t: t.assign(y=1.0 + t["x"]), {}, "everybody is selected"),
    (lambda t: t, {"options": {"selected": "0 * z"}}, "nobody is selected"),
    (lambda t: t, {"options": {"selected": "2 + 0 * z"}}, "selected of 0 and 1"),
    (lambda t: t, {"options": {"selected": 1}}, "selected = .an expression"),
    (lambda t: t.assign(y=0 * t["y"] + 3.0), {}, "explain it fully"),
    (lambda t: t.assign(y=0 * t["y"] + t["x"]), {"method": "ml"}, "explain it fully"),
    (lambda t: t.assign(y=np.where(t.index < 3, t["z"], np.nan)), {}, "more than 3 rows"),
    (sorted_out, {}, "selection: z predicts"),
    (lambda t: t, {"method": "mle"}, "mle"),
    (lambda t: t, {"options": {"selections": ["z"]}}, "selections"),
    (lambda t: t, {"weights": "z ** 2"}, "no weights"),
    (lambda t: t, {"options": {"selection": []}}, "Mills ratio apart"),
    (lambda t: t, {"vcov": "HC3"}, "HC3"),
    (lambda t: t, {"absorb": ("g",)}, "absorb"),
    (lambda t: t.assign(c=1.0), {"treatments": ("c",)}, "never varies"),
    (lambda t: t.groupby(t["y"].isna()).head(3), {"controls": ("x", "z", "g")}, "3 "),
    (lambda t: t.groupby(t["y"].isna()).head(3), {"controls": ("x",)}, "predicts|rows"),
])  # fmt: skip
def test_refusals(change, more, text):
    with pytest.raises(UserError, match=text):
        fitted(change(workers(200)), **more)


def test_no_convergence_says_what_was_tried(monkeypatch):
    found = maximum.maximise
    monkeypatch.setattr(maximum, "maximise", lambda *asked: replace(found(*asked), converged=False))
    with pytest.raises(UserError, match=r"rho = .*; 0; -0\.6; 0\.6 .*100 steps, each halved"):
        fitted(workers(200), "ml")


def test_a_study_file_and_a_bootstrap(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "d"\n[[equation]]\nid = "e"\noutcome = "y"\ntreatment = "x"\n'
        'estimator = "heckman"\nvcov = "bootstrap"\n'
        '[equation.options]\nmethod = "two_step"\nselection = ["x", "z"]\ndraws = 40\n'
    )
    frame = workers()
    rows = estimates(read_study(path), frame)
    np.testing.assert_allclose(rows["estimate"], fitted(frame)["estimate"], rtol=1e-12)
    ratio = rows["std_error"] / fitted(frame)["std_error"]
    assert ratio.between(0.55, 1.6).all()


# --- slow ---------------------------------------------------------------------------------------


@pytest.mark.slow
def test_heckmans_covariance_is_that_of_a_bootstrap_and_the_naive_one_is_not():
    frame = workers(2000, seed=9, rho=0.9, z=0.4)
    boot, own = fitted(frame, vcov="bootstrap", draws=400, seed=1), fitted(frame)
    np.testing.assert_allclose(boot["std_error"], own["std_error"], rtol=0.12)
    naive = sm.OLS(*without_correction(frame)).fit().bse
    assert (by_name(own, column="std_error") / naive > 1.14).all()


def without_correction(frame):
    seen = frame["y"].notna()
    index = by_name(fitted(frame), "selection")
    z = sm.add_constant(frame.loc[seen, ["x", "z"]]).to_numpy() @ index.to_numpy()
    x = sm.add_constant(frame.loc[seen, ["x"]]).assign(**{"lambda": mills(z)})
    return frame.loc[seen, "y"], x


def tables(frame, vcovs, method):
    """Return the rows under each covariance, fitted once."""
    equation = asked(method)
    study = Study(id="s", data="d", equations=(equation,))
    sample = sample_of(study, equation, "y", frame)
    fit = heckman.fit(sample, equation)
    for vcov in vcovs:
        found = covariance(fit, vcov, sample.clusters)
        one = Fitted(study, replace(equation, vcov=vcov), "y", sample, fit, found)
        yield vcov, rows_of(one).set_index(["component", "term"])


@pytest.mark.slow
@pytest.mark.parametrize(("method", "replications"), [("two_step", 1000), ("ml", 200)])
def test_coverage(method, replications):
    vcovs = ("classical", "HC1")
    truth = {("", "const"): 1.0, ("", "x"): 0.5, ("selection", "z"): 0.8, ("", "lambda"): 0.75,
             ("transformed", "sigma"): 1.5, ("transformed", "rho"): 0.5}  # fmt: skip
    hits = {(vcov, *key): 0 for vcov in vcovs for key in truth}
    for seed in range(replications):
        frame = workers(1000, seed=seed, rho=0.5)
        for vcov, rows in tables(frame, vcovs, method):
            for key, value in truth.items():
                hits[vcov, *key] += rows.loc[key, "ci_low"] <= value <= rows.loc[key, "ci_high"]
    low, high = stats.binom.ppf([0.0005, 0.9995], replications, 0.95) / replications
    shares = {key: count / replications for key, count in hits.items()}
    assert all(low <= share <= high for share in shares.values()), shares
