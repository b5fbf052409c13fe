"""An endogenous 0/1 treatment: formulas by hand, the textbook likelihood, simulation."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import optimize, stats

from analysis.effects.estimates import Fitted, rows_of
from analysis.effects.estimators import endogenous_treatment
from analysis.effects.fitting import estimates, sample_of
from analysis.effects.inference.covariance import covariance
from analysis.effects.selection.first_step import corrections
from analysis.effects.study import Equation, Study, read_study
from analysis.messages import UserError


def asked(method="two_step", vcov="classical", **more):
    request = {"treatments": (), "controls": ("x",), "endogenous": ("d",), "instruments": ("z",),
               "options": {"method": method}, **more}  # fmt: skip
    return Equation(id="e", outcomes=("y",), estimator="endogenous_treatment", vcov=vcov, **request)


def fitted(frame, *request, **more):
    return estimates(Study(id="s", data="d", equations=(asked(*request, **more),)), frame)


def by_name(rows, component="", column="estimate"):
    return rows[rows["component"] == component].set_index("term")[column]


def workers(n=600, seed=1, rho=0.5, sigma=1.5, z=0.8):
    """Wage 1 + 0.7 d + 0.5 x + u; member d where 0.2 + 0.4 x + z z + v > 0; forty firms."""
    rng = np.random.default_rng(seed)
    x, instrument, v, e = rng.normal(size=(4, n))
    u = sigma * (rho * v + np.sqrt(1 - rho**2) * e)
    d = (0.2 + 0.4 * x + z * instrument + v > 0).astype(float)
    y = 1 + 0.7 * d + 0.5 * x + u
    return pd.DataFrame({"x": x, "z": instrument, "d": d, "y": y, "g": rng.integers(0, 40, n)})


def arrays(frame):
    z = sm.add_constant(frame[["x", "z"]]).to_numpy()
    x = sm.add_constant(frame[["d", "x"]]).to_numpy()
    return frame["y"].to_numpy(), x, z, frame["d"].to_numpy()


# --- two steps ----------------------------------------------------------------------------------


def test_classical_errors_are_the_corrected_ones_matrix_by_matrix():
    frame = workers()
    y, x, z, d = arrays(frame)
    probit = sm.Probit(d, z).fit(disp=0, tol=1e-14)
    index = z @ probit.params
    w = np.where(d == 1, stats.norm.pdf(index) / stats.norm.cdf(index),
                 -stats.norm.pdf(index) / stats.norm.sf(index))  # fmt: skip
    full = np.column_stack([x, w])
    b = np.linalg.lstsq(full, y, rcond=None)[0]
    e, delta = y - full @ b, np.diag(w * (w + index))
    s2 = (e @ e + b[-1] ** 2 * np.trace(delta)) / len(y)
    bread = np.linalg.inv(full.T @ full)
    known = full.T @ (s2 * np.eye(len(y)) - b[-1] ** 2 * delta) @ full
    cross = b[-1] * full.T @ delta @ z
    cov = bread @ (known + cross @ probit.cov_params() @ cross.T) @ bread
    rows = fitted(frame)
    np.testing.assert_allclose(by_name(rows), b, rtol=1e-8)
    np.testing.assert_allclose(by_name(rows, column="std_error"), np.sqrt(np.diag(cov)), rtol=1e-7)
    np.testing.assert_allclose(by_name(rows, "selection"), probit.params, rtol=1e-7)
    ends = by_name(rows, "transformed")
    np.testing.assert_allclose(ends, [np.sqrt(s2), b[-1] / np.sqrt(s2)], rtol=1e-8)
    extras = json.loads(rows["extras"].iloc[0])
    assert (extras["n_treated"], extras["n_untreated"]) == (d.sum(), (1 - d).sum())
    assert extras["wald_rho"] == pytest.approx(b[-1] ** 2 / cov[-1, -1], rel=1e-7)


@pytest.mark.parametrize("vcov", ["HC0", "cluster"])
def test_robust_errors_are_those_of_the_stacked_moments(vcov):
    """Jacobian of the moments by differences; the regressors of the second step do not move."""
    frame = workers(300)
    rows = fitted(frame, vcov=vcov, cluster=("g",))
    y, x, z, d = arrays(frame)
    sign, theta = 2 * d - 1, np.array([*by_name(rows), *by_name(rows, "selection")])
    fixed = np.column_stack([x, corrections(sign, z @ theta[4:])[0]])

    def moments(t):
        w = corrections(sign, z @ t[4:])[0]
        return np.column_stack([fixed * (y - x @ t[:3] - t[3] * w)[:, None], z * w[:, None]])

    jacobian = np.column_stack([
        (moments(theta + step) - moments(theta - step)).sum(axis=0) / 2e-5
        for step in np.eye(7) * 1e-5
    ])  # fmt: skip
    sums, factor = moments(theta), 1.0
    if vcov == "cluster":
        sums = pd.DataFrame(sums).groupby(frame["g"].to_numpy()).sum().to_numpy()
        factor = len(sums) / (len(sums) - 1)
    inverse = np.linalg.inv(jacobian)
    errors = np.sqrt(np.diag(inverse @ (sums.T @ sums) @ inverse.T) * factor)
    np.testing.assert_allclose(rows["std_error"].iloc[:7], errors, rtol=1e-6)


# --- maximum likelihood -------------------------------------------------------------------------


def textbook_rows(theta, y, x, z, d):
    """Return each row's log likelihood as printed, parameters b, g, sigma, rho."""
    e = (y - x @ theta[:3]) / theta[6]
    inside = (2 * d - 1) * (z @ theta[3:6] + theta[7] * e) / np.sqrt(1 - theta[7] ** 2)
    return stats.norm.logpdf(e) - np.log(theta[6]) + stats.norm.logcdf(inside)


def own_of(rows, column="estimate"):
    """Return b, g, sigma and rho, in the textbook's order."""
    return np.array([
        *by_name(rows, column=column)[["const", "d", "x"]], *by_name(rows, "selection", column),
        *by_name(rows, "transformed", column)[["sigma", "rho"]],
    ])  # fmt: skip


def numerical_hessian(function, theta, step=1e-4):
    steps, k = np.eye(len(theta)) * step, len(theta)
    found = np.empty((k, k))
    for i, a in enumerate(steps):
        for j, b in enumerate(steps):
            above = function(theta + a + b) - function(theta + a - b)
            below = function(theta - a + b) - function(theta - a - b)
            found[i, j] = (above - below) / 4 / step**2
    return found


def test_ml_is_the_maximum_of_the_textbook_likelihood():
    frame = workers(500, seed=2)
    data, rows = arrays(frame), fitted(frame, "ml")

    def negative(theta):
        return -textbook_rows(theta, *data).sum()

    start = np.array([1.0, 0.7, 0.5, 0.2, 0.4, 0.8, 1.5, 0.4])
    bounds = [(None, None)] * 6 + [(0.05, None), (-0.99, 0.99)]
    near = optimize.minimize(negative, start, bounds=bounds)
    tight = {"xatol": 1e-9, "fatol": 1e-11, "maxiter": 20000, "maxfev": 20000}
    top = optimize.minimize(negative, near.x, method="Nelder-Mead", options=tight)
    np.testing.assert_allclose(own_of(rows), top.x, rtol=1e-4)
    extras = json.loads(rows["extras"].iloc[0])
    assert extras["log_likelihood"] == pytest.approx(-top.fun, abs=1e-6)
    errors = np.sqrt(np.diag(np.linalg.inv(numerical_hessian(negative, own_of(rows)))))
    np.testing.assert_allclose(own_of(rows, "std_error"), errors, rtol=1e-4)
    apart = sm.OLS(data[0], data[1]).fit().llf + sm.Probit(data[3], data[2]).fit(disp=0).llf
    assert extras["lr_rho"] == pytest.approx(2 * (extras["log_likelihood"] - apart), rel=1e-6)


def test_ml_sandwich_is_that_of_numerical_scores():
    frame = workers(400, seed=3)
    data, rows = arrays(frame), fitted(frame, "ml", "HC0")
    theta = own_of(rows)
    scores = np.column_stack([
        (textbook_rows(theta + step, *data) - textbook_rows(theta - step, *data)) / 2e-6
        for step in np.eye(8) * 1e-6
    ])  # fmt: skip
    hessian = numerical_hessian(lambda t: textbook_rows(t, *data).sum(), theta)
    inverse = np.linalg.inv(hessian)
    errors = np.sqrt(np.diag(inverse @ (scores.T @ scores) @ inverse))
    np.testing.assert_allclose(own_of(rows, "std_error"), errors, rtol=1e-4)


# --- properties ---------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["two_step", "ml"])
def test_without_correlation_in_the_data_it_is_least_squares(method):
    frame = workers(500, seed=5)
    y, x, z, d = arrays(frame)
    w = corrections(2 * d - 1, z @ sm.Probit(d, z).fit(disp=0, tol=1e-14).params)[0]
    b = np.linalg.lstsq(np.column_stack([x, w]), y, rcond=None)[0]
    frame["y"] -= b[-1] * w
    rows = fitted(frame, method)
    ols = sm.OLS(frame["y"], x).fit()
    np.testing.assert_allclose(by_name(rows)[["const", "d", "x"]], ols.params, rtol=1e-7)
    assert abs(by_name(rows)["lambda"]) < 1e-8


@pytest.mark.parametrize("method", ["two_step", "ml"])
@pytest.mark.parametrize("rho", [-0.7, 0.4])
def test_recovery_where_least_squares_errs(method, rho):
    frame = workers(20_000, seed=7, rho=rho)
    rows = fitted(frame, method, "HC1")
    truth = {("", "d"): 0.7, ("", "x"): 0.5, ("selection", "z"): 0.8,
             ("transformed", "sigma"): 1.5, ("transformed", "rho"): rho}  # fmt: skip
    for (component, term), value in truth.items():
        gap = by_name(rows, component)[term] - value
        assert abs(gap) < 4 * by_name(rows, component, "std_error")[term] < 0.4
    naive = sm.OLS(*arrays(frame)[:2]).fit().params[1] - 0.7
    assert np.sign(naive) == np.sign(rho)
    assert abs(naive) > 5 * abs(by_name(rows)["d"] - 0.7)


def test_the_treatment_may_also_be_named_as_such():
    frame = workers()
    rows = fitted(frame, treatments=("d",))
    np.testing.assert_allclose(rows["estimate"], fitted(frame)["estimate"], rtol=1e-12)


def test_without_instrument_it_is_noted():
    frame = workers(3000)
    note = "no exclusion restriction: identified by the functional form alone"
    assert note in fitted(frame, instruments=())["note"].iloc[0]
    assert note not in fitted(frame)["note"].iloc[0]


@pytest.mark.parametrize(("change", "more", "text"), [
    (lambda t: t, {"endogenous": ()}, "endogenous"),
    (lambda t: t.assign(d=t["d"] * 2), {}, "0 and 1"),
    (lambda t: t.assign(d=1.0), {}, "d never varies"),
    (lambda t: t.assign(d=(t["z"] > 0) * 1.0), {}, "selection: z predicts"),
    (lambda t: t, {"options": {"method": "probit"}}, "probit"),
    (lambda t: t, {"options": {"selection": ["z"]}}, "selection"),
    (lambda t: t, {"weights": "x ** 2"}, "no weights"),
    (lambda t: t, {"absorb": ("g",)}, "absorb"),
    (lambda t: t, {"controls": (), "instruments": ()}, "Mills ratio apart"),
    (lambda t: t, {"vcov": "CRV3", "cluster": ("g",)}, "CRV3"),
    (lambda t: t.head(6), {}, "6 "),
])  # fmt: skip
def test_refusals(change, more, text):
    with pytest.raises(UserError, match=text):
        fitted(change(workers(200)), **more)


def test_a_study_file_and_a_bootstrap(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "d"\n[[equation]]\nid = "e"\noutcome = "y"\ncontrols = ["x"]\n'
        'endogenous = ["d"]\ninstruments = ["z"]\nestimator = "endogenous_treatment"\n'
        'vcov = "bootstrap"\n[equation.options]\nmethod = "two_step"\ndraws = 40\n'
    )
    frame = workers()
    rows = estimates(read_study(path), frame)
    ratio = rows["std_error"] / fitted(frame, vcov="HC1")["std_error"]
    assert ratio.between(0.55, 1.6).all()


# --- slow ---------------------------------------------------------------------------------------


def tables(frame, vcovs, method):
    """Return the rows under each covariance, fitted once."""
    equation = asked(method)
    study = Study(id="s", data="d", equations=(equation,))
    sample = sample_of(study, equation, "y", frame)
    fit = endogenous_treatment.fit(sample, equation)
    for vcov in vcovs:
        found = covariance(fit, vcov, sample.clusters)
        one = Fitted(study, replace(equation, vcov=vcov), "y", sample, fit, found)
        yield vcov, rows_of(one).set_index(["component", "term"])


# ml, rho, classical: seeds 0 to 199 cover 178 times (the band's end is 179), 1000 to 1499 94.4 %
@pytest.mark.slow
@pytest.mark.parametrize(("method", "replications", "base"), [
    ("two_step", 1000, 0), ("ml", 200, 1000),
])  # fmt: skip
def test_coverage(method, replications, base):
    vcovs = ("classical", "HC1")
    truth = {("", "d"): 0.7, ("", "x"): 0.5, ("selection", "z"): 0.8, ("", "lambda"): 0.75,
             ("transformed", "sigma"): 1.5, ("transformed", "rho"): 0.5}  # fmt: skip
    hits = {(vcov, *key): 0 for vcov in vcovs for key in truth}
    for seed in range(replications):
        frame = workers(1000, seed=base + seed)
        for vcov, rows in tables(frame, vcovs, method):
            for key, value in truth.items():
                hits[vcov, *key] += rows.loc[key, "ci_low"] <= value <= rows.loc[key, "ci_high"]
    low, high = stats.binom.ppf([0.0005, 0.9995], replications, 0.95) / replications
    shares = {key: count / replications for key, count in hits.items()}
    assert all(low <= share <= high for share in shares.values()), shares
