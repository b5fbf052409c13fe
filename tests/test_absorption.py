"""Effects taken out of columns: what dummies leave; millions of rows by their cross-products."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.effects.linear_models import absorption, least_squares
from analysis.effects.linear_models.absorbed_levels import parameters_of, singletons_in
from analysis.effects.linear_models.absorption import without_effects
from analysis.effects.linear_models.least_squares import independent, solve
from analysis.effects.linear_models.normal_equations import MANY_ROWS, solve_by_products
from analysis.effects.outcomes import samples_of_outcomes
from analysis.effects.study import Equation, Study


def effects(n, levels, seed):
    rng = np.random.default_rng(seed)
    return pd.DataFrame({f"e{j}": rng.integers(0, count, n) for j, count in enumerate(levels)})


def by_dummies(columns, frame, weights):
    dummies = np.hstack([pd.get_dummies(frame[name]).to_numpy(float) for name in frame])
    root = np.sqrt(weights)[:, None]
    return columns - dummies @ np.linalg.lstsq(dummies * root, columns * root, rcond=None)[0]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), few=st.lists(st.integers(1, 6), max_size=2),
       weighted=st.booleans(), iterated=st.booleans())  # fmt: skip
def test_what_is_left_is_what_dummies_leave(seed, few, weighted, iterated):
    rng = np.random.default_rng(seed)
    frame = effects(90, [25, *few], seed)
    columns = rng.normal(size=(90, 2)) + 100.0
    weights = rng.uniform(0.5, 2.0, 90) if weighted else np.ones(90)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(absorption, "FEW_LEVELS", -1 if iterated else 500)
        rest = without_effects(columns, frame, weights if weighted else None)
    np.testing.assert_allclose(rest, by_dummies(columns, frame, weights), atol=1e-9)


def test_persons_in_firms_settle_although_few_of_them_move():
    rng = np.random.default_rng(1)
    person, firm = np.repeat(np.arange(2000), 4), np.repeat(rng.integers(0, 700, 2000), 4)
    moved = rng.random(8000) < 0.01
    firm[moved] = rng.integers(0, 700, moved.sum())
    frame = pd.DataFrame({"person": person, "firm": firm})
    rest = without_effects(rng.normal(size=(8000, 2)), frame)
    for name in frame:
        assert abs(pd.DataFrame(rest).groupby(frame[name]).sum().to_numpy()).max() < 1e-9


def test_a_column_that_the_effects_explain_is_exactly_zero():
    frame = effects(60, [20, 4], 3)
    explained = frame["e0"] * 7.0 - frame["e1"] * 3.0
    rest = without_effects(np.column_stack([explained, np.arange(60.0) ** 2]), frame)
    assert not rest[:, 0].any()
    assert rest[:, 1].any()


def test_levels_are_counted_as_the_rank_of_their_dummies():
    frame = effects(40, [12, 9], 5)
    dummies = np.hstack([pd.get_dummies(frame[name]).to_numpy(float) for name in frame])
    assert parameters_of(frame) == np.linalg.matrix_rank(dummies)
    alone = pd.DataFrame({"a": [0, 0, 1, 2, 2], "b": [0, 1, 1, 0, 1]})
    assert singletons_in(alone) == 1


# --- many rows ----------------------------------------------------------------------------------


def design(n=MANY_ROWS + 10, seed=2):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), 1e6 + rng.normal(size=n), rng.normal(size=(n, 2)) * 1e-3])
    return x, x[:, 1] - 1e6 + 500 * x[:, 2] + rng.normal(size=n) + 1e7


@pytest.mark.parametrize("constant", [0, None])
def test_cross_products_give_the_digits_of_extended_precision(constant):
    x, y = design()
    x = x if constant == 0 else x - x.mean(axis=0) + 0.1
    mine = solve(x, y, constant)
    slopes = [1, 2, 3] if constant == 0 else [0, 1, 2, 3]
    exact = least_squares._solve_by_qr(x[:, slopes], y, slopes, constant)
    assert mine.kept == exact.kept
    error = np.sqrt(np.diag(exact.bread))
    np.testing.assert_allclose(mine.estimate / error, exact.estimate / error, rtol=1e-12, atol=1e-7)
    np.testing.assert_allclose(mine.residuals, exact.residuals, atol=1e-8)
    scale = np.outer(error, error)
    np.testing.assert_allclose(mine.bread / scale, exact.bread / scale, rtol=1e-9, atol=1e-9)


def test_a_badly_conditioned_design_goes_by_qr():
    x, y = design()
    assert solve_by_products(x[:, 1:], y, centred=True) is not None
    near = np.column_stack([x[:, 1:], x[:, 2] + 1e-8 * x[:, 3]])
    assert solve_by_products(near, y, centred=True) is None
    twice = np.column_stack([x, 2 * x[:, 2] - x[:, 3]])
    assert solve(twice, y, 0).kept == (0, 1, 2, 3)


@pytest.mark.parametrize("n", [50, MANY_ROWS])
def test_collinear_columns_are_found_at_any_length(n):
    x = np.random.default_rng(0).normal(size=(n, 3))
    both = np.column_stack([x, x[:, 0] - x[:, 2] + 1e-12 * x[:, 1]])
    assert independent(x, 1e-8) == [0, 1, 2]
    assert independent(both, 1e-8) == [0, 1, 2]


# --- outcomes that share their rows -------------------------------------------------------------


def test_outcomes_that_miss_the_same_rows_share_their_regressors():
    frame = pd.DataFrame({"d": [0.0, 1, 0, 1], "a": [1.0, 2, 3, 4], "b": [4.0, 3, np.nan, 1],
                          "c": [9.0, 8, np.nan, 6]})  # fmt: skip
    equation = Equation("e", ("a", "b", "c", "log(a)"), ("d",), (), "ols")
    a, b, c, log_a = samples_of_outcomes(
        Study("s", "-", (equation,)), equation, equation.outcomes, frame
    )
    assert log_a.regressors is a.regressors
    assert c.regressors is b.regressors
    assert b.regressors is not a.regressors
    assert list(c.outcome) == [9.0, 8.0, 6.0]
    np.testing.assert_allclose(log_a.outcome, np.log(a.outcome))
