"""Bivariate probit and probit with an endogenous regressor: second routes, recovery, refusals."""

import json

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import optimize, stats
from statsmodels.tools.numdiff import approx_fprime, approx_hess

from analysis.effects.estimators import bivariate_probit, iv_probit
from analysis.effects.fitting import estimates, fit_study, samples_of
from analysis.effects.likelihoods.joint_probit import pair_of
from analysis.effects.study import Equation, Study

BINARY = {"const": -0.3, "d": 0.7, "x": 0.6, "d: const": 0.2, "d: x": 0.5, "d: z": 0.8}
CONTINUOUS = {"const": -5.0, "w": 0.5, "x": 0.6, "w: const": 10.0, "w: x": 1.0, "w: z": 1.0}


def simulated(n=3000, rho=0.5, seed=0):
    rng = np.random.default_rng(seed)
    u, v = rng.multivariate_normal([0, 0], [[1, rho], [rho, 1]], n).T
    frame = pd.DataFrame(rng.normal(size=(n, 3)), columns=["x", "z", "z2"])
    frame["d"] = (0.2 + 0.5 * frame["x"] + 0.8 * frame["z"] + v > 0) * 1.0
    frame["y"] = (-0.3 + 0.6 * frame["x"] + 0.7 * frame["d"] + u > 0) * 1.0
    frame["w"] = 10.0 + frame["x"] + frame["z"] + 0.5 * frame["z2"] + 2.0 * v
    frame["bought"] = (-5.0 + 0.6 * frame["x"] + 0.5 * frame["w"] + u > 0) * 1.0
    return frame.assign(city=rng.integers(0, 40, n))


def study(name, vcov="classical", instruments=("z",), terms=("x",), **more):
    about = {"endogenous": ("d",)} if name == "bivariate_probit" else {"endogenous": ("w",)}
    outcome = more.pop("outcome", "y" if name == "bivariate_probit" else "bought")
    equation = Equation(
        "e", (outcome,), (), tuple(terms), name, vcov, instruments=instruments, **about | more
    )
    return Study("s", "d", (equation,))


def fitted(frame, name, *arguments, **more):
    return estimates(study(name, *arguments, **more), frame).set_index(["term", "quantity"])


def fit_of(frame, name, **more):
    return next(iter(fit_study(study(name, **more), frame)))


# --- known parameters -------------------------------------------------------------------------


@pytest.mark.parametrize("rho", [-0.6, 0.0, 0.5])
@pytest.mark.parametrize(
    ("name", "truth"), [("bivariate_probit", BINARY), ("iv_probit", CONTINUOUS)]
)
def test_known_parameters_are_recovered(name, truth, rho):
    frame = simulated(rho=rho, seed=int(10 * rho + 20))
    rows = fitted(frame, name, instruments=("z", "z2"))
    truth = truth | {"rho": rho, "sigma": 2.0, "w: z2": 0.5, "d: z2": 0.0}
    for (term, quantity), row in rows.iterrows():
        if quantity == "coefficient" and term in truth:
            assert abs(row["estimate"] - truth[term]) < 3.0 * row["std_error"], term
    if name == "bivariate_probit":
        index = -0.3 + 0.6 * frame["x"]
        effect = (stats.norm.cdf(index + 0.7) - stats.norm.cdf(index)).mean()
        ate = rows.loc[("d", "ate")]
        assert abs(ate["estimate"] - effect) < 3.0 * ate["std_error"]


def test_without_correlation_two_probits_give_nearly_the_same():
    frame = simulated(20_000, rho=0.0, seed=3)
    fit, rows = fit_of(frame, "bivariate_probit").fit, fitted(frame, "bivariate_probit")
    design = sm.add_constant(frame[["d", "x"]])
    apart = sm.Probit(frame["y"], design).fit(disp=0)
    for term in ("const", "d", "x"):
        row = rows.loc[(term, "coefficient")]
        assert abs(row["estimate"] - apart.params[term]) < 3.0 * row["std_error"]
    assert fit.extras["lr_rho"] == pytest.approx(fit.extras["wald_rho"], abs=0.05)
    assert fit.extras["lr_rho_p"] > 0.01


# --- second routes ----------------------------------------------------------------------------


def bivariate_rows(p, frame):
    """Log likelihood by row, one scipy call for each sign of the correlation."""
    q, s = 2 * frame["y"].to_numpy() - 1, 2 * frame["d"].to_numpy() - 1
    first = p[0] + p[1] * frame["d"].to_numpy() + p[2] * frame["x"].to_numpy()
    second = p[3] + p[4] * frame["x"].to_numpy() + p[5] * frame["z"].to_numpy()
    points, found = np.column_stack([q * first, s * second]), np.empty(len(q))
    for sign in (-1, 1):
        r, rows = sign * np.tanh(p[6]), q * s == sign
        law = stats.multivariate_normal(cov=[[1, r], [r, 1]])
        found[rows] = np.log(law.cdf(points[rows]))
    return found


def iv_rows(p, frame):
    """Log of the normal density of w times P(bought | w), sigma and rho as they are."""
    sigma, rho, x = np.exp(p[8]), np.tanh(p[7]), frame["x"]
    mean = p[3] + p[4] * x + p[5] * frame["z"] + p[6] * frame["z2"]
    given = (frame["w"] - mean) * rho / sigma
    index = (p[0] + p[1] * frame["w"] + p[2] * x + given) / np.sqrt(1 - rho**2)
    chance = np.where(frame["bought"] == 1, stats.norm.logcdf(index), stats.norm.logsf(index))
    return chance + stats.norm.logpdf(frame["w"], mean, sigma)


ROUTES = [("bivariate_probit", bivariate_rows, ("z",)), ("iv_probit", iv_rows, ("z", "z2"))]


@pytest.mark.parametrize(("name", "loglike", "instruments"), ROUTES)
def test_optimum_and_errors_are_those_of_another_route(name, loglike, instruments):
    frame = simulated(300, seed=5)
    rows = fitted(frame, name, "HC0", instruments=instruments)
    plain = fit_of(frame, name, instruments=instruments).fit

    def total(p):
        return -loglike(p, frame).sum()

    def slope(p):
        return approx_fprime(p, total, centered=True)

    away = plain.estimate + 0.05
    found = optimize.minimize(total, away, jac=slope, method="BFGS", options={"gtol": 1e-6})
    assert plain.estimate == pytest.approx(found.x, rel=1e-5, abs=1e-5)
    assert plain.extras["log_likelihood"] == pytest.approx(-found.fun, rel=1e-10)
    bread = np.linalg.inv(approx_hess(plain.estimate, total))
    assert plain.classical == pytest.approx(bread, rel=1e-3, abs=1e-6)
    scores = approx_fprime(plain.estimate, lambda p: loglike(p, frame), centered=True)
    assert plain.scores == pytest.approx(scores, abs=1e-6)
    assert np.abs(plain.scores.sum(axis=0)).max() < 1e-6
    errors = np.sqrt(np.diag(plain.bread @ scores.T @ scores @ plain.bread))
    printed = rows["std_error"].to_numpy(float)[: len(errors)]
    assert printed == pytest.approx(errors, rel=1e-6)


@pytest.mark.parametrize("name", ["bivariate_probit", "iv_probit"])
def test_clustered_errors_are_those_by_hand(name):
    frame = simulated(1000, seed=6)
    fit = fit_of(frame, name).fit
    sums = pd.DataFrame(fit.scores).groupby(frame["city"]).sum().to_numpy()
    matrix = fit.bread @ sums.T @ sums @ fit.bread * 40 / 39
    rows = fitted(frame, name, "cluster", cluster=("city",))
    expected = np.sqrt(np.diag(matrix))
    assert rows["std_error"].to_numpy(float)[: len(expected)] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("name", ["bivariate_probit", "iv_probit"])
def test_likelihood_at_rho_zero_is_the_sum_of_two_and_derivatives_are_numerical(name):
    frame, asked = simulated(400, seed=7), study(name)
    equation, _, sample = next(iter(samples_of(asked, frame)))
    pair = pair_of(sample, equation)
    module = {"bivariate_probit": bivariate_probit, "iv_probit": iv_probit}[name]
    theta = np.array([0.1, 0.4, 0.3, -0.2, 0.5, 0.7, 0.0, 0.2][: 7 + (name == "iv_probit")])
    one = sm.Probit(sample.outcome, pair.first.scaled).loglike(theta[:3])
    if name == "bivariate_probit":
        two = sm.Probit(pair.values, pair.second.scaled).loglike(theta[3:6])
    else:
        two = stats.norm.logpdf(pair.values, pair.second.scaled @ theta[3:6], np.exp(0.2)).sum()
    joint = module._likelihood(sample.outcome, pair).loglike(theta)
    assert joint == pytest.approx(one + two, rel=1e-12)
    theta[6], likelihood = 0.6, module._likelihood(sample.outcome, pair)  # away from the optimum
    slopes = approx_fprime(theta, likelihood.loglike, centered=True)
    assert likelihood.scores(theta).sum(axis=0) == pytest.approx(slopes, rel=1e-6)
    bends = approx_fprime(theta, lambda p: likelihood.scores(p).sum(axis=0), centered=True)
    assert likelihood.hessian(theta) == pytest.approx(bends, rel=1e-5, abs=1e-4)


def test_one_instrument_gives_the_two_step_control_function():
    frame = simulated(800, seed=8)
    fit = fit_of(frame, "iv_probit").fit
    first = sm.OLS(frame["w"], sm.add_constant(frame[["x", "z"]])).fit()
    design = sm.add_constant(frame[["w", "x"]].assign(residual=first.resid))
    probit = sm.Probit(frame["bought"], design).fit(disp=0, tol=1e-12)
    sigma = np.sqrt(first.ssr / 800)
    turn = np.arcsinh(probit.params["residual"] * sigma)
    expected = [*probit.params[:3] / np.cosh(turn), *first.params, turn, np.log(sigma)]
    assert fit.estimate == pytest.approx(np.array(expected), rel=1e-8)
    assert fit.extras["first_stage_f"] == pytest.approx(first.tvalues["z"] ** 2, rel=1e-8)


@pytest.mark.parametrize("name", ["bivariate_probit", "iv_probit"])
def test_derived_numbers_and_gradients_are_numerical_ones(name):
    frame = simulated(500, seed=9)
    fit, law = fit_of(frame, name).fit, stats.norm

    def effect(p):
        if name == "bivariate_probit":
            index = p[0] + p[2] * frame["x"]
            return (law.cdf(index + p[1]) - law.cdf(index)).mean()
        return (law.pdf(p[0] + p[1] * frame["w"] + p[2] * frame["x"]) * p[1]).mean()

    routes = {"rho": lambda p: np.tanh(p[6]), "sigma": lambda p: np.exp(p[7])}
    for derived in fit.derived[:3]:
        route = routes.get(derived.term, effect)
        assert derived.value == pytest.approx(route(fit.estimate), rel=1e-12)
        slope = approx_fprime(fit.estimate, route, centered=True)
        assert derived.gradient == pytest.approx(slope, abs=1e-7)


@pytest.mark.parametrize("name", ["bivariate_probit", "iv_probit"])
def test_units_and_row_order_do_not_matter(name):
    frame = simulated(600, seed=10)
    moved = frame.assign(x=frame["x"] * 1e4 + 3e4, z=frame["z"] / 1e3, w=frame["w"] * 1e3)
    moved = moved.sample(frac=1.0, random_state=1)
    one, two = fitted(frame, name, "HC1"), fitted(moved, name, "HC1")
    for term, scale in {"athrho": 1.0, "rho": 1.0, "x": 1e4}.items():
        here, there = (rows.loc[(term, "coefficient")] for rows in (one, two))
        for column in ("estimate", "std_error"):
            assert there[column] * scale == pytest.approx(here[column], rel=1e-6)


# --- what is said ----------- -----------------------------------------------------------------


def test_collinear_terms_and_missing_instruments_are_told():
    frame = simulated(800).assign(twice=lambda f: 2 * f["x"], again=lambda f: f["z"] - f["x"])
    for name in ("bivariate_probit", "iv_probit"):
        rows = fitted(frame, name, terms=("x", "twice"), instruments=("z", "again"))
        aside = [term for term, _ in rows.index[rows["note"].str.contains("set aside")]]
        assert aside == ["twice", "again"]
    rows = fitted(simulated(), "bivariate_probit", instruments=())
    assert "functional form alone" in rows["note"].iloc[0]
    counts = json.loads(rows["extras"].iloc[0])
    assert sum(count for key, count in counts.items() if key.startswith("n_")) == 3000
