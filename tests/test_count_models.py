"""Binomial and hurdle counts: statsmodels, truncated laws by hand, tests, refusals, coverage."""

import json

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.discrete.truncated_model import HurdleCountModel, TruncatedLFNegativeBinomialP
from statsmodels.tools.numdiff import approx_fprime, approx_hess

from analysis.effects.distribution.truncated_counts import truncated_likelihood, truncated_mean
from analysis.effects.fitting import estimates
from analysis.effects.study import Equation, Study, read_study
from analysis.messages import UserError


def fitted(frame, estimator, outcome, vcov="classical", terms=("x",), **more):
    equation = Equation("e", (outcome,), ("d",), terms, estimator, vcov=vcov, **more)
    rows = estimates(Study("s", "d", (equation,)), frame)
    return rows, json.loads(rows["extras"].iloc[0])


def part(rows, component="", quantity="coefficient", name="estimate"):
    chosen = rows[(rows["component"] == component) & (rows["quantity"] == quantity)]
    return chosen[name].astype(float).to_numpy()


def workers(n=800, seed=1, common=0.7):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"d": rng.integers(0, 2, n) * 1.0, "x": rng.normal(size=n)})
    frame["g"], frame["m"] = rng.integers(0, 40, n), rng.integers(2, 7, n) * 1.0
    index = 0.3 * frame["d"] + 0.5 * frame["x"]
    p = stats.logistic.cdf(index + common * rng.normal(size=n))
    frame["held"], frame["five"] = (
        rng.binomial(frame["m"].astype(int), p) * 1.0,
        rng.binomial(5, p) * 1.0,
    )
    rate = np.exp(0.4 + index) * rng.gamma(2, 0.5, n)
    passed = rng.uniform(size=n) < stats.logistic.cdf(0.5 + index)
    frame["violations"] = rng.poisson(rate) * passed * 1.0
    return frame


def design(frame):
    return sm.add_constant(frame[["d", "x"]])


LINKS = {"logit": sm.families.links.Logit(), "probit": sm.families.links.Probit()}

# --- k of m -----------------------------------------------------------------------------------


@pytest.mark.parametrize("link", list(LINKS))
@pytest.mark.parametrize(("outcome", "trials"), [("five", 5), ("held", "m")])
def test_binomial_count_is_the_generalised_linear_model(link, outcome, trials):
    frame = workers()
    k, m = frame[outcome], frame["m"] if trials == "m" else 5.0
    x, both = design(frame), np.column_stack([k, m - k])
    other = sm.GLM(both, x, family=sm.families.Binomial(LINKS[link])).fit(tol=1e-14)
    rows, extras = fitted(
        frame, "binomial_count", outcome, options={"trials": trials, "link": link}
    )
    np.testing.assert_allclose(part(rows), other.params, rtol=1e-8)
    information = -other.model.hessian(other.params, scale=1.0, observed=True)
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    np.testing.assert_allclose(part(rows, name="std_error"), errors, rtol=1e-7)
    assert extras["log_likelihood"] == pytest.approx(other.llf, rel=1e-10)
    assert extras["dispersion"] == pytest.approx(other.pearson_chi2 / (len(frame) - 3), rel=1e-8)
    assert extras["pseudo_r2"] == pytest.approx(1 - other.llf / other.llnull, rel=1e-8)


def test_effects_are_those_on_the_share():
    frame = workers()
    rows = fitted(frame, "binomial_count", "five", options={"trials": 5})[0]
    b = part(rows)
    cdf = stats.logistic.cdf
    by_d = (cdf(b[0] + b[1] + b[2] * frame["x"]) - cdf(b[0] + b[2] * frame["x"])).mean()
    p = cdf(design(frame) @ b)
    np.testing.assert_allclose(part(rows, quantity="ame"), [by_d, b[2] * (p * (1 - p)).mean()])


def test_grouped_rows_are_as_good_as_single_answers():
    """k of 3 is three rows of 0 and 1: same estimates, and same errors once clustered by person."""
    frame = workers(200)
    frame["three"] = np.minimum(frame["five"], 3.0)
    long = frame.loc[frame.index.repeat(3)].assign(
        person=np.repeat(np.arange(200), 3),
        answer=lambda f: (np.tile([1, 2, 3], 200) <= f["three"]) * 1.0,
    )
    grouped = fitted(frame.assign(person=np.arange(200)), "binomial_count", "three", "cluster",
                     options={"trials": 3}, cluster=("person",))[0]  # fmt: skip
    single = fitted(long, "logit", "answer", "cluster", cluster=("person",))[0]
    for name in ("estimate", "std_error"):
        np.testing.assert_allclose(part(grouped, name=name), part(single, name=name), rtol=1e-8)


def test_quasi_errors_are_scaled_by_the_dispersion():
    frame = workers()
    options = {"trials": 5}
    rows, extras = fitted(frame, "binomial_count", "five", options=options)
    quasi = fitted(frame, "binomial_count", "five", "quasi", options=options)[0]
    expected = rows["std_error"] * np.sqrt(extras["dispersion"])
    np.testing.assert_allclose(quasi["std_error"], expected, rtol=1e-10)
    assert "overdispersed" in rows["note"].iloc[0]
    even = workers(common=0.0)
    assert (
        "overdispersed"
        not in fitted(even, "binomial_count", "five", options=options)[0]["note"].iloc[0]
    )


# --- hurdles ----------------------------------------------------------------------------------


def test_poisson_hurdle_is_that_of_statsmodels():
    frame = workers()
    other = HurdleCountModel(frame["violations"], design(frame), dist="poisson", zerodist="poisson")
    other = other.fit(disp=0, method="newton", maxiter=200)
    rows, extras = fitted(frame, "hurdle_count", "violations", options={"zero": "poisson"})
    both = np.concatenate([part(rows, "participation"), part(rows, "amount")])
    np.testing.assert_allclose(both, other.params, atol=2e-4)
    errors = [part(rows, c, name="std_error") for c in ("participation", "amount")]
    np.testing.assert_allclose(np.concatenate(errors), other.bse, rtol=1e-3)
    assert extras["log_likelihood"] == pytest.approx(other.llf, rel=1e-7)
    assert extras["log_likelihood"] >= other.llf - 1e-8


def test_truncated_negative_binomial_is_that_of_statsmodels():
    frame = workers(2000)
    rows, extras = fitted(
        frame, "hurdle_count", "violations", options={"counts": "negative_binomial"}
    )
    above = frame[frame["violations"] > 0]
    other = TruncatedLFNegativeBinomialP(above["violations"], design(above))
    other = other.fit(disp=0, method="bfgs", maxiter=1000)
    np.testing.assert_allclose(part(rows, "amount"), other.params, rtol=2e-3, atol=1e-3)
    np.testing.assert_allclose(part(rows, "amount", name="std_error"), other.bse, rtol=5e-3)
    first = sm.Logit((frame["violations"] > 0) * 1.0, design(frame)).fit(disp=0)
    np.testing.assert_allclose(part(rows, "participation"), first.params, rtol=1e-6)
    assert extras["log_likelihood"] == pytest.approx(first.llf + other.llf, rel=1e-8)


@pytest.mark.parametrize("law", ["poisson", "negative_binomial"])
def test_truncated_likelihood_sums_to_one_and_has_these_derivatives(law):
    b, alpha = np.array([0.2, 0.5]), 0.7
    p = b if law == "poisson" else np.append(b, np.log(alpha))
    counts = np.arange(1.0, 400.0)
    one = truncated_likelihood(counts, np.tile([1.0, 0.3], (399, 1)), law)
    singles = [
        truncated_likelihood(np.array([y]), np.array([[1.0, 0.3]]), law).loglike(p) for y in counts
    ]
    chances = np.exp(singles)
    assert chances.sum() == pytest.approx(1.0, abs=1e-10)
    assert one.loglike(p) == pytest.approx(sum(singles))
    mean = truncated_mean(law, None if law == "poisson" else alpha)(np.array([0.35]))
    assert mean.value[0] == pytest.approx(counts @ chances, rel=1e-9)
    x = np.column_stack([np.ones(6), np.linspace(-1, 1, 6)])
    likelihood = truncated_likelihood(np.array([1.0, 1, 2, 3, 7, 4]), x, law)
    slopes = approx_fprime(p, likelihood.loglike, centered=True)
    np.testing.assert_allclose(likelihood.scores(p).sum(axis=0), slopes, rtol=1e-6)
    np.testing.assert_allclose(
        likelihood.hessian(p), approx_hess(p, likelihood.loglike), rtol=1e-4, atol=1e-4
    )


@pytest.mark.parametrize("counts", ["poisson", "negative_binomial"])
def test_hurdle_effects_are_differences_of_means(counts):
    frame = workers()
    rows = fitted(frame, "hurdle_count", "violations", options={"counts": counts})[0]
    a, b = part(rows, "participation"), part(rows, "amount")
    alpha = b[3] if counts == "negative_binomial" else None

    def mean(d):
        index = b[0] + b[1] * d + b[2] * frame["x"]
        m = np.exp(index)
        zero = np.exp(-m) if alpha is None else (1 + alpha * m) ** (-1 / alpha)
        chance = stats.logistic.cdf(a[0] + a[1] * d + a[2] * frame["x"])
        return (chance * m / (1 - zero)).mean()

    assert part(rows, "combined", "ame")[0] == pytest.approx(mean(1.0) - mean(0.0), rel=1e-9)


def test_hurdle_against_poisson_keeps_its_level_and_sees_the_hurdle():
    rng = np.random.default_rng(0)
    values = []
    for _ in range(40):
        frame = pd.DataFrame({"d": rng.integers(0, 2, 300) * 1.0, "x": rng.normal(size=300)})
        frame["y"] = rng.poisson(np.exp(0.2 + 0.3 * frame["d"] + 0.3 * frame["x"])) * 1.0
        values.append(fitted(frame, "hurdle_count", "y")[1]["lr_poisson"])
    assert stats.kstest(values, stats.chi2(3).cdf).pvalue > 0.01
    seen = fitted(workers(), "hurdle_count", "violations")[1]
    assert seen["lr_poisson_df"] == 3
    assert seen["lr_poisson_p"] < 1e-6


# --- refusals and study files -----------------------------------------------------------------


@pytest.mark.parametrize(("options", "change", "phrase"), [
    ({}, {}, "trials = a number or one column"),
    ({"trials": True}, {}, "trials = a number"),
    ({"trials": 4}, {}, "whole numbers from 0 to trials"),
    ({"trials": 5.5}, {}, "whole numbers from 1"),
    ({"trials": "m - m"}, {}, "whole numbers from 1"),
    ({"trials": ["m", "m"]}, {}, "trials = a number or one column"),
    ({"trials": 5}, {"five": 0.5}, "whole numbers from 0"),
    ({"trials": 5}, {"five": 0.0}, "not all 0"),
    ({"trials": 5}, {"five": 5.0}, "not all 0"),
    ({"trials": 5, "link": "cloglog"}, {}, "logit"),
    ({"trial": 5}, {}, "trials"),
    ({"trials": 5}, {"five": lambda f: 5.0 * f["d"]}, "d predicts"),
    ({"trials": 5}, {"d": 1.0}, "never varies"),
])  # fmt: skip
def test_binomial_counts_refused(options, change, phrase):
    with pytest.raises(UserError, match=phrase):
        fitted(workers(200).assign(**change), "binomial_count", "five", options=options)


@pytest.mark.parametrize(("options", "change", "phrase"), [
    ({}, {"violations": lambda f: f["violations"] + 0.5 * (f["violations"] > 0)}, "two_part is for amounts"),
    ({}, {"violations": lambda f: f["violations"] + 1}, "zero in some rows"),
    ({}, {"violations": lambda f: f["violations"] - 1}, "never negative"),
    ({}, {"violations": lambda f: (f["violations"] > 0) * 1.0}, "use logit"),
    ({"counts": "negative_binomial"}, {"violations": lambda f: np.minimum(f["violations"], 2)}, "counts = poisson"),
    ({"zero": "cloglog"}, {}, "logit"),
    ({"count": "poisson"}, {}, "counts"),
    ({}, {"d": lambda f: (f["violations"] > 0) * 1.0}, "d predicts"),
    ({}, {"d": lambda f: (f["violations"] > 1) * 1.0}, "predicts"),
])  # fmt: skip
def test_hurdle_counts_refused(options, change, phrase):
    with pytest.raises(UserError, match=phrase):
        fitted(workers(200).assign(**change), "hurdle_count", "violations", options=options)


@pytest.mark.parametrize("estimator", ["binomial_count", "hurdle_count"])
def test_weights_are_refused(estimator):
    with pytest.raises(UserError, match="no weights"):
        fitted(
            workers(),
            estimator,
            "five",
            weights="m",
            options={"trials": 5} if estimator[0] == "b" else {},
        )


def test_a_study_file_asks_for_both(tmp_path):
    path, frame = tmp_path / "s.toml", workers(200)
    path.write_text(
        '[study]\nid = "s"\ndata = "d"\n'
        '[[equation]]\nid = "k"\noutcome = "held"\ntreatment = "d"\nestimator = "binomial_count"\n'
        '[equation.options]\ntrials = "m"\n'
        '[[equation]]\nid = "h"\noutcome = "violations"\ntreatment = "d"\nestimator = "hurdle_count"\n'
    )
    rows = estimates(read_study(path), frame)
    assert rows["equation"].value_counts().to_dict() == {"k": 3, "h": 7}


# --- coverage ---------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("estimator", ["binomial_count", "hurdle_count"])
def test_intervals_cover(estimator):
    hits, replications = 0, 200
    for seed in range(replications):
        rng = np.random.default_rng(seed)
        frame = pd.DataFrame({"d": rng.integers(0, 2, 500) * 1.0, "x": rng.normal(size=500)})
        index = 0.4 * frame["d"] + 0.3 * frame["x"]
        if estimator == "binomial_count":  # five answers of a person hang together: not binomial
            latent = index + rng.logistic(size=500)
            frame["y"] = 5.0 * (latent > 0)
            row = fitted(frame, estimator, "y", "HC1", options={"trials": 5})[0].iloc[1]
        else:
            positive = rng.uniform(size=500) < stats.logistic.cdf(index)
            m = np.exp(index)
            draw = stats.poisson.ppf(np.exp(-m) + rng.uniform(size=500) * -np.expm1(-m), m)
            frame["y"] = np.where(positive, np.maximum(draw, 1.0), 0.0)
            rows = fitted(frame, estimator, "y", "classical")[0]
            row = rows[(rows["component"] == "amount") & (rows["term"] == "d")].iloc[0]
        hits += row["ci_low"] < 0.4 < row["ci_high"]
    low, high = stats.binom.ppf([0.0005, 0.9995], replications, 0.95)
    assert low <= hits <= high
