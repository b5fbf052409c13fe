"""Endogenous switching: two selection models, the textbook likelihood, effects, simulation."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import optimize, stats

from analysis.effects.estimates import Fitted, rows_of
from analysis.effects.estimators import switching_regression
from analysis.effects.fitting import estimates, sample_of
from analysis.effects.inference.covariance import covariance
from analysis.effects.selection.first_step import corrections
from analysis.effects.selection.joint import Model, Regime, layout_of
from analysis.effects.selection.likelihood import Parts, Seen, likelihood_of_parts
from analysis.effects.study import Equation, Study, read_study
from analysis.messages import UserError

REGIMES = ("regime 1", "regime 0")


def asked(method="two_step", vcov="classical", **more):
    request = {"treatments": (), "controls": ("x",), "endogenous": ("d",), "instruments": ("z",),
               "options": {"method": method}, **more}  # fmt: skip
    return Equation(id="e", outcomes=("y",), estimator="switching_regression", vcov=vcov, **request)


def fitted(frame, *request, **more):
    return estimates(Study(id="s", data="d", equations=(asked(*request, **more),)), frame)


def by_name(rows, component, column="estimate"):
    found = rows[(rows["component"] == component) & (rows["quantity"] == "coefficient")]
    return found.set_index("term")[column]


def effects(rows, column="estimate"):
    return rows[rows["quantity"].isin(["ate", "att"])].set_index("component")[column]


def firms(n=800, seed=1, rho=(0.5, -0.4), sigma=(1.2, 0.9), z=0.8, gap=1.0):
    """Wage 1 + gap + x + u1 with a union, 1 + 0.5 x + u0 without; forty towns."""
    rng = np.random.default_rng(seed)
    x, instrument, v, e1, e0 = rng.normal(size=(5, n))
    d = 0.2 + 0.4 * x + z * instrument + v > 0
    u = [s * (r * v + np.sqrt(1 - r**2) * e)
         for s, r, e in zip(sigma, rho, (e1, e0), strict=True)]  # fmt: skip
    one, none = 1 + gap + x + u[0], 1 + 0.5 * x + u[1]
    frame = pd.DataFrame({"x": x, "z": instrument, "d": d * 1.0, "g": rng.integers(0, 40, n)})
    return frame.assign(y=np.where(d, one, none), gain=one - none)


def heckman(frame, seen, vcov):
    """Return the selection model of one regime, the other's outcomes hidden."""
    equation = Equation(id="e", outcomes=("y",), treatments=(), controls=("x",), vcov=vcov,
                        estimator="heckman", options={"selection": ["x", "z"]})  # fmt: skip
    hidden = frame.assign(y=np.where(seen, frame["y"], np.nan))
    return estimates(Study(id="s", data="d", equations=(equation,)), hidden)


# --- two steps ----------------------------------------------------------------------------------


@pytest.mark.parametrize("vcov", ["classical", "HC0"])
def test_each_regime_in_two_steps_is_its_own_selection_model(vcov):
    """Not being in a regime is being selected into the other: lambda changes sign."""
    frame = firms()
    rows = fitted(frame, vcov=vcov)
    for regime, seen, sign in zip(
        REGIMES, (frame["d"] == 1, frame["d"] == 0), (1, -1), strict=True
    ):
        other = heckman(frame, seen, vcov)
        main = other[other["component"] == ""]
        signs = np.array([1, 1, sign])
        np.testing.assert_allclose(by_name(rows, regime), main["estimate"] * signs, rtol=1e-9)
        np.testing.assert_allclose(by_name(rows, regime, "std_error"), main["std_error"], rtol=1e-9)
        ends = other[other["component"] == "transformed"]
        for column, signs in (("estimate", np.array([1, sign])), ("std_error", 1)):
            own = by_name(rows, f"transformed: {regime}", column)
            np.testing.assert_allclose(own, ends[column] * signs, rtol=1e-9)


@pytest.mark.parametrize("method", ["two_step", "ml"])
def test_equations_are_joined_by_the_first_step_as_the_robust_covariance_says(method):
    """Under the model both agree, across equations too."""
    frame, equation = firms(20_000, seed=3, rho=(0.9, -0.9)), asked(method)
    study = Study(id="s", data="d", equations=(equation,))
    sample = sample_of(study, equation, "y", frame)
    fit = switching_regression.fit(sample, equation)
    size = np.sqrt(np.diag(fit.classical))
    robust = covariance(fit, "HC0", sample.clusters).matrix
    np.testing.assert_allclose(
        fit.classical / np.outer(size, size), robust / np.outer(size, size), atol=0.06
    )
    first, regime = (np.array(fit.components) == part for part in ("selection", "regime 1"))
    joint = (fit.classical / np.outer(size, size))[np.ix_(first, regime)]
    assert np.abs(joint).max() > 0.2


# --- maximum likelihood -------------------------------------------------------------------------


def textbook(theta, frame):
    """Return the log likelihood as printed: b1, b0, g, sigma1, rho1, sigma0, rho0."""
    x, z = (sm.add_constant(frame[names]).to_numpy() for names in (["x"], ["x", "z"]))
    y, d, index = frame["y"].to_numpy(), frame["d"].to_numpy() == 1, z @ theta[4:7]
    total = 0.0
    for rows, b, (sigma, rho), q in (
        (d, theta[:2], theta[7:9], 1),
        (~d, theta[2:4], theta[9:], -1),
    ):
        e = (y[rows] - x[rows] @ b) / sigma
        inside = q * (index[rows] + rho * e) / np.sqrt(1 - rho**2)
        total += (stats.norm.logpdf(e) - np.log(sigma) + stats.norm.logcdf(inside)).sum()
    return total


def own_of(rows, column="estimate"):
    """Return b1, b0, g, sigma1, rho1, sigma0, rho0, in the textbook's order."""
    b = [by_name(rows, regime, column)[["const", "x"]] for regime in REGIMES]
    ends = [by_name(rows, f"transformed: {regime}", column)[["sigma", "rho"]] for regime in REGIMES]
    return np.concatenate([*b, by_name(rows, "selection", column), *ends])


def numerical_hessian(function, theta, step=1e-4):
    steps, k = np.eye(len(theta)) * step, len(theta)
    found = np.empty((k, k))
    for i, a in enumerate(steps):
        for j, b in enumerate(steps[: i + 1]):
            above = function(theta + a + b) - function(theta + a - b)
            below = function(theta - a + b) - function(theta - a - b)
            found[i, j] = found[j, i] = (above - below) / 4 / step**2
    return found


def test_ml_is_the_maximum_of_the_textbook_likelihood():
    frame = firms(500, seed=2)
    rows = fitted(frame, "ml")
    start = np.array([2.0, 1.0, 1.0, 0.5, 0.2, 0.4, 0.8, 1.2, 0.4, 0.9, -0.3])
    ends = [(0.05, None), (-0.99, 0.99)] * 2
    other = optimize.minimize(lambda t: -textbook(t, frame), start, bounds=[(None, None)] * 7 + ends,
                              options={"ftol": 1e-12})  # fmt: skip
    np.testing.assert_allclose(own_of(rows), other.x, rtol=5e-3, atol=5e-4)
    extras = json.loads(rows["extras"].iloc[0])
    assert extras["log_likelihood"] == pytest.approx(textbook(own_of(rows), frame), abs=1e-9)
    assert 0.0 <= extras["log_likelihood"] + other.fun < 1e-4
    information = numerical_hessian(lambda t: -textbook(t, frame), own_of(rows))
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    np.testing.assert_allclose(own_of(rows, "std_error"), errors, rtol=1e-4)


def test_gradient_and_hessian_are_those_of_differences():
    frame = firms(200, seed=4)
    z = sm.add_constant(frame[["x", "z"]]).to_numpy()
    chosen = frame["d"].to_numpy() == 1
    seen = [
        Seen(rows, frame["y"].to_numpy()[rows], np.where(chosen, 1.0, -1.0)[rows], z[rows, :2],
             z[rows], slice(2 * j, 2 * j + 2), slice(4, 7), 7 + 2 * j, 8 + 2 * j)
        for j, rows in enumerate((chosen, ~chosen))
    ]  # fmt: skip
    found = likelihood_of_parts(Parts(seen, [], 200, 11))
    theta = np.array([1.5, 0.8, 0.9, 0.6, 0.1, 0.5, 0.7, 0.2, 0.6, -0.1, -0.9])
    steps = np.eye(11) * 1e-5
    slopes = [(found.loglike(theta + s) - found.loglike(theta - s)) / 2e-5 for s in steps]
    np.testing.assert_allclose(found.scores(theta).sum(axis=0), slopes, rtol=1e-6, atol=1e-6)
    bends = [(found.scores(theta + s) - found.scores(theta - s)).sum(axis=0) / 2e-5 for s in steps]
    np.testing.assert_allclose(found.hessian(theta), bends, rtol=1e-6, atol=1e-5)


# --- effects and tests --------------------------------------------------------------------------


def effects_by_hand(theta, frame):
    """Return ATE, ATT, ATU at b1, b0, g, lambda1, lambda0."""
    x, z = (sm.add_constant(frame[names]).to_numpy() for names in (["x"], ["x", "z"]))
    d = frame["d"].to_numpy() == 1
    gap = x @ (theta[:2] - theta[2:4])
    w = corrections(np.where(d, 1.0, -1.0), z @ theta[4:7])[0]
    known = gap + (theta[7] - theta[8]) * w
    return np.array([gap.mean(), known[d].mean(), known[~d].mean()])


@pytest.mark.parametrize("method", ["two_step", "ml"])
def test_effects_and_their_delta_method_errors_by_differences(method):
    frame = firms()
    study = Study(id="s", data="d", equations=(asked(method),))
    equation = study.equations[0]
    fit = switching_regression.fit(sample_of(study, equation, "y", frame), equation)
    at = [j for regime in REGIMES for j, (term, part) in
          enumerate(zip(fit.terms, fit.components, strict=True))
          if part == regime and term in ("const", "x")]  # fmt: skip
    at += [j for j, part in enumerate(fit.components) if part == "selection"]

    def parameters(estimate):
        if method == "two_step":
            return np.append(estimate[at], estimate[[2, 5]])
        sigma, rho = np.exp(estimate[[7, 9]]), np.tanh(estimate[[8, 10]])
        return np.append(estimate[at], sigma * rho)

    rows = fitted(frame, method)
    value = effects_by_hand(parameters(fit.estimate), frame)
    np.testing.assert_allclose(effects(rows)[["all", "treated", "untreated"]], value, rtol=1e-9)
    gradient = np.column_stack([
        effects_by_hand(parameters(fit.estimate + step), frame)
        - effects_by_hand(parameters(fit.estimate - step), frame)
        for step in np.eye(len(fit.terms)) * 1e-5
    ]) / 2e-5  # fmt: skip
    errors = np.sqrt(np.diag(gradient @ fit.classical @ gradient.T))
    np.testing.assert_allclose(effects(rows, "std_error"), errors, rtol=1e-6)
    shares = frame["d"].mean(), 1 - frame["d"].mean()
    if method == "ml":
        assert set(effects(rows, "quantity")) == {"ate", "att"}
    assert abs(shares @ effects(rows)[["treated", "untreated"]].to_numpy() - value[0]) < 0.1


@pytest.mark.parametrize("method", ["two_step", "ml"])
def test_tests_of_equality_and_of_independence(method):
    same = fitted(firms(3000, rho=(0.0, 0.0), sigma=(1.0, 1.0)).pipe(equal_regimes), method)
    extras = json.loads(same["extras"].iloc[0])
    assert min(extras["equality_p"], extras["wald_rho_p"], extras["equality_slopes_p"]) > 0.01
    extras = json.loads(fitted(firms(3000), method)["extras"].iloc[0])
    assert max(extras["equality_p"], extras["wald_rho_p"], extras["equality_slopes_p"]) < 1e-6
    if method == "ml":
        assert extras["lr_rho"] == pytest.approx(extras["wald_rho"], rel=0.25)


def equal_regimes(frame):
    """Return the frame with one outcome equation, errors independent of the regime."""
    noise = np.random.default_rng(8).normal(size=len(frame))
    return frame.assign(y=1 + 0.5 * frame["x"] + noise)


@pytest.mark.parametrize("method", ["two_step", "ml"])
def test_recovery_of_parameters_and_effects(method):
    frame = firms(20_000, seed=7)
    rows = fitted(frame, method, "HC1")
    truth = {("regime 1", "const"): 2.0, ("regime 1", "x"): 1.0, ("regime 0", "const"): 1.0,
             ("regime 0", "x"): 0.5, ("selection", "z"): 0.8, ("regime 1", "lambda"): 0.6,
             ("regime 0", "lambda"): -0.36, ("transformed: regime 1", "rho"): 0.5,
             ("transformed: regime 0", "rho"): -0.4}  # fmt: skip
    for (component, term), value in truth.items():
        gap = by_name(rows, component)[term] - value
        assert abs(gap) < 4 * by_name(rows, component, "std_error")[term] < 0.4
    gains = [frame["gain"].mean(), *(frame["gain"][frame["d"] == d].mean() for d in (1, 0))]
    for value, gain, error in zip(effects(rows), gains, effects(rows, "std_error"), strict=True):
        assert abs(value - gain) < 4 * error + 0.05


@pytest.mark.parametrize("method", ["two_step", "ml"])
def test_without_correlation_in_the_data_each_regime_is_least_squares(method):
    frame = firms(500, seed=5)
    z, d = sm.add_constant(frame[["x", "z"]]).to_numpy(), frame["d"].to_numpy()
    w = corrections(2 * d - 1, z @ sm.Probit(d, z).fit(disp=0, tol=1e-14).params)[0]
    y = frame["y"].to_numpy(copy=True)
    for rows in (d == 1, d == 0):
        b = np.linalg.lstsq(np.column_stack([z[rows, :2], w[rows]]), y[rows], rcond=None)[0]
        y[rows] -= b[-1] * w[rows]
    found = fitted(frame.assign(y=y), method)
    for regime, rows in zip(REGIMES, (d == 1, d == 0), strict=True):
        ols = sm.OLS(y[rows], z[rows, :2]).fit()
        np.testing.assert_allclose(by_name(found, regime)[["const", "x"]], ols.params, rtol=1e-7)
        assert abs(by_name(found, regime)["lambda"]) < 1e-8


# --- notes, refusals, the file ------------------------------------------------------------------


def test_without_instrument_it_is_noted():
    note = "no exclusion restriction: identified by the functional form alone"
    assert note in fitted(firms(3000), instruments=())["note"].iloc[0]


@pytest.mark.parametrize(("change", "more", "text"), [
    (lambda t: t, {"endogenous": ()}, "endogenous"),
    (lambda t: t.assign(d=t["d"] + 1), {}, "0 and 1"),
    (lambda t: t.assign(d=(t["z"] > 0) * 1.0), {}, "selection: z predicts"),
    (lambda t: t.assign(w=t["d"] * t["x"]), {"controls": ("x", "w")}, "w: not where d = 1"),
    (lambda t: t[(t["d"] == 1) | (t["d"].eq(0).cumsum() < 4)], {}, "more than 3 rows where d = 0"),
    (lambda t: t, {"options": {"metod": "ml"}}, "metod"),
    (lambda t: t, {"weights": "x ** 2"}, "no weights"),
    (lambda t: t, {"absorb": ("g",)}, "absorb"),
])  # fmt: skip
def test_refusals(change, more, text):
    with pytest.raises(UserError, match=text):
        fitted(change(firms(200)), **more)


def test_a_study_file_and_its_layout(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "d"\ncluster = "g"\n[[equation]]\nid = "e"\noutcome = "y"\n'
        'controls = ["x"]\nendogenous = ["d"]\ninstruments = ["z"]\n'
        'estimator = "switching_regression"\n[equation.options]\nmethod = "ml"\n'
    )
    frame = firms()
    rows = estimates(read_study(path), frame)
    assert (rows["vcov"] == "cluster").all()
    np.testing.assert_allclose(rows["estimate"], fitted(frame, "ml")["estimate"], rtol=1e-10)
    design = type("Named", (), {"terms": ("const", "x")})
    regimes = tuple(Regime(label, None, None, design) for label in REGIMES)
    at = layout_of(Model(regimes, None, design, ""))
    assert (at.b, at.g) == ((slice(0, 2), slice(2, 4)), slice(4, 6))
    assert (at.log_sigma, at.athrho, at.k) == ((6, 8), (7, 9), 10)


# --- slow ---------------------------------------------------------------------------------------


def tables(frame, vcovs, method):
    """Return the rows under each covariance, fitted once."""
    equation = asked(method)
    study = Study(id="s", data="d", equations=(equation,))
    sample = sample_of(study, equation, "y", frame)
    fit = switching_regression.fit(sample, equation)
    for vcov in vcovs:
        found = covariance(fit, vcov, sample.clusters)
        one = Fitted(study, replace(equation, vcov=vcov), "y", sample, fit, found)
        yield vcov, rows_of(one).set_index(["component", "term"])


@pytest.mark.slow
@pytest.mark.parametrize(("method", "replications"), [("two_step", 1000), ("ml", 200)])
def test_coverage_of_coefficients_and_of_effects_in_the_sample(method, replications):
    """The effect among all, given the rows' x: mean of 1 + 0.5 x."""
    vcovs = ("classical", "HC1")
    truth = {("regime 1", "x"): 1.0, ("regime 0", "x"): 0.5, ("regime 1", "lambda"): 0.6,
             ("regime 0", "lambda"): -0.36, ("selection", "z"): 0.8, ("all", "d"): None}  # fmt: skip
    hits = {(vcov, *key): 0 for vcov in vcovs for key in truth}
    for seed in range(replications):
        frame = firms(1000, seed=seed)
        for vcov, rows in tables(frame, vcovs, method):
            for key, value in truth.items():
                aim = 1 + 0.5 * frame["x"].mean() if value is None else value
                hits[vcov, *key] += rows.loc[key, "ci_low"] <= aim <= rows.loc[key, "ci_high"]
    low, high = stats.binom.ppf([0.0005, 0.9995], replications, 0.95) / replications
    shares = {key: count / replications for key, count in hits.items()}
    assert all(low <= share <= high for share in shares.values()), shares
