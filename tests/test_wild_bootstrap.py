"""The restricted wild cluster bootstrap against refits by brute force."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.effects.inference.covariance import covariance
from analysis.effects.inference.wild_bootstrap import (
    clusters_of,
    interval,
    p_value,
    t_statistics,
    weights,
)
from analysis.effects.linear_models.linear import fit_linear
from analysis.messages import UserError


@pytest.fixture
def problem():
    rng = np.random.default_rng(3)
    firm = np.repeat(np.arange(8), 15)
    x = np.column_stack([rng.normal(size=120) + firm % 3, rng.normal(size=120)])
    y = 0.3 * x[:, 0] + rng.normal(size=120) + rng.normal(size=8)[firm]
    return fit_linear(["union", "size"], x, y, constant=True), firm, x, y


def brute_force(x, y, firm, null, drawn):
    """Refit every bootstrap sample with statsmodels."""
    full = sm.add_constant(x)
    restricted = sm.OLS(y - null * x[:, 0], full[:, [0, 2]]).fit()
    fitted, residual = restricted.fittedvalues + null * x[:, 0], restricted.resid

    def statistic(response):
        result = sm.OLS(response, full).fit(
            cov_type="cluster", cov_kwds={"groups": firm, "use_correction": False}
        )
        return (result.params[1] - null) / result.bse[1]

    return statistic(y), np.array([statistic(fitted + residual * w[firm]) for w in drawn])


@pytest.mark.parametrize("null", [0.0, 0.2])
def test_statistics_are_those_of_refits(problem, null):
    fit, firm, x, y = problem
    drawn, _ = weights(8)
    some = drawn[::16]
    observed, bootstrap = t_statistics(clusters_of(fit.linear, firm), 1, null, some)
    expected_observed, expected = brute_force(x, y, firm, null, some)
    assert observed == pytest.approx(expected_observed, rel=1e-8)
    np.testing.assert_allclose(bootstrap, expected, rtol=1e-6, atol=1e-8)


def test_few_clusters_are_enumerated_and_many_drawn():
    drawn, name = weights(8)
    assert len({tuple(row) for row in drawn}) == 256
    assert "all 256" in name
    drawn, name = weights(31, draws=999, seed=1)
    assert drawn.shape == (999, 31)
    assert "Webb" in name
    np.testing.assert_array_equal(drawn, weights(31, draws=999, seed=1)[0])


def test_the_interval_holds_the_nulls_that_are_not_rejected(problem):
    fit, firm, *_ = problem
    sums, (drawn, _) = clusters_of(fit.linear, firm), weights(8)
    low, high = interval(sums, 1, drawn)
    assert low < fit.estimate[1] < high
    width = high - low
    for inside in (low + 0.01 * width, high - 0.01 * width):
        assert p_value(sums, 1, inside, drawn) > 0.05
    for outside in (low - 0.01 * width, high + 0.01 * width):
        assert p_value(sums, 1, outside, drawn) <= 0.05


def test_under_a_true_null_it_rejects_about_as_often_as_it_says():
    rng = np.random.default_rng(11)
    firm = np.repeat(np.arange(10), 8)
    drawn, _ = weights(10)
    rejected = 0
    for _ in range(200):
        x = rng.normal(size=(80, 1)) + rng.normal(size=10)[firm][:, None]
        y = rng.normal(size=80) + rng.normal(size=10)[firm]
        fit = fit_linear(["x"], x, y, constant=True)
        rejected += p_value(clusters_of(fit.linear, firm), 1, 0.0, drawn) <= 0.05
    assert 2 <= rejected <= 22


def test_it_decides_the_treatments_p_and_names_the_draws(problem):
    fit, firm, *_ = problem
    found = covariance(fit, "wild_bootstrap", pd.DataFrame({"firm": firm}), ["union"])
    assert set(found.bootstrap) == {"union"}
    assert "all 256" in found.notes[0]
    with pytest.raises(UserError, match="one cluster column"):
        covariance(fit, "wild_bootstrap", pd.DataFrame({"a": firm, "b": firm}), ["union"])
