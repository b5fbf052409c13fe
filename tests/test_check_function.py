"""The check function's exact minimum: linear programming, ties, outliers, large samples."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from analysis.effects.distribution.check_function import check_loss, minimise_check

FIVE = [0.05, 0.25, 0.5, 0.75, 0.95]


def linear_program(design, response, tau):
    """The least check function, by the dual linear program: max y'a, X'a = (1 - tau) X'1."""
    found = linprog(
        -response, A_eq=design.T, b_eq=(1 - tau) * design.sum(axis=0), bounds=(0, 1), method="highs"
    )
    return -found.fun - (1 - tau) * response.sum()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(FIVE), st.integers(1, 5), st.booleans())
def test_minimum_is_that_of_linear_programming_with_ties_and_outliers(seed, tau, k, tied):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(20, 150))
    design = np.column_stack([np.ones(n), rng.integers(0, 3, (n, k - 1))]) * 1.0
    response = design.sum(axis=1) + rng.standard_cauchy(n)
    if tied:
        response = np.clip(np.round(response), 0, 4)
    if np.linalg.matrix_rank(design) < k:
        return
    found = minimise_check(design, response, tau)
    loss = check_loss(response - design @ found.estimate, tau)
    assert loss == pytest.approx(linear_program(design, response, tau), rel=1e-9, abs=1e-9)
    assert (np.abs(found.residuals[found.rows]) < 1e-9).all()


@pytest.mark.parametrize("shape", ["normal", "heaped", "lognormal", "huge"])
@pytest.mark.parametrize("tau", [0.03, 0.5])
def test_large_samples_are_proved_optimal_by_their_dual_values(shape, tau):
    rng = np.random.default_rng(4)
    n, groups = 20_000, 6
    dummies = np.eye(groups)[rng.integers(0, groups, n)][:, 1:]
    design = np.column_stack([np.ones(n), rng.normal(size=n), dummies])
    normal = design @ np.arange(groups + 1.0) + rng.normal(size=n)
    response = {"normal": normal, "heaped": np.maximum(np.round(normal, 1), 2.0),
                "lognormal": np.exp(normal), "huge": np.exp(6 * normal)}[shape]  # fmt: skip
    found = minimise_check(design, response, tau)
    loss, dual = check_loss(response - design @ found.estimate, tau), found.dual
    assert (dual >= tau - 1 - 1e-9).all()
    assert (dual <= tau + 1e-9).all()
    np.testing.assert_allclose(design.T @ dual, 0.0, atol=1e-8)
    assert response @ dual == pytest.approx(loss, rel=1e-8)


def test_columns_that_hang_together_are_an_error_of_arithmetic():
    x = np.random.default_rng(0).normal(size=50)
    with pytest.raises(np.linalg.LinAlgError, match="not independent"):
        minimise_check(np.column_stack([np.ones(50), x, 2 * x]), x**2, 0.5)


def test_other_minima_are_noticed():
    design, response = np.ones((4, 1)), np.array([1.0, 2.0, 4.0, 8.0])
    assert not minimise_check(design, response, 0.5).unique
    assert minimise_check(design, response, 0.4).unique
    assert minimise_check(design, response, 0.4).estimate[0] == 2.0
