"""Expressions of study files: what is permitted works, what is hostile is refused unrun."""

import contextlib
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.effects.expressions import Scope, evaluate, names_in, parse
from analysis.effects.terms import columns_of
from analysis.messages import UserError


@pytest.fixture
def scope():
    frame = pd.DataFrame(
        {
            "id": [1, 1, 2, 2],
            "t": [1, 2, 1, 2],
            "x": [1.0, 2.0, 3.0, 4.0],
            "big": [10**9] * 4,
            "city": ["a", "b", "a", "b"],
        }
    )
    return Scope(frame, "id", "t")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("x * (t - 1)", [0, 2, 0, 4]),
        ("x ** 2", [1, 4, 9, 16]),
        ("-x + 1", [0, -1, -2, -3]),
        ("log(x)", np.log([1, 2, 3, 4])),
        ("lag(x)", [np.nan, 1, np.nan, 3]),
        ("group_mean(x, by=[id])", [1.5, 1.5, 3.5, 3.5]),
        ("leave_one_out_mean(x, by=city)", [3, 4, 1, 2]),
        ("x >= 2 and not city == 'a'", [0, 1, 0, 1]),
        ("city in ['a']", [1, 0, 1, 0]),
        ("1 < x < 4", [0, 1, 1, 0]),
        ("x * (city == 'a')", [1, 0, 3, 0]),
    ],
)
def test_a_permitted_expression_has_its_value(scope, text, values):
    np.testing.assert_allclose(evaluate(text, scope).astype(float), np.asarray(values, float))


HOSTILE = [
    '__import__("os").system("true")', "x.__class__", "().__class__.__bases__", "lambda: 1",
    "x[0]", "__x", "[y for y in x]", "f'{x}'", "x if x else x", "open('f')", "eval('1')",
    "exec('1')", "getattr(x, 'y')", "x.values", "(yield)", "await x", "x := 1", "{1: 2}", "*x",
    "b'a'", "None", "...", "1j", "x @ x", "x % 2", "x << 2", "x // 2", "'a' * big", "city * big",
    "city + city", "-city", "[1] * big", "log(x, x)", "log('a')", "lag(1)", "x in 3", "x and 1",
    "9**9**9", "1/0", "import os", "x; x", "", "C(x)", "group_mean(x)", "group_mean(x, by='id')",
    "(" * 10_000 + "x" + ")" * 10_000, "-" * 900 + "x", "x" + "+x" * 600, "'a'*1000000000",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:30])
def test_a_hostile_expression_is_refused_quickly(scope, text):
    started = time.perf_counter()
    with pytest.raises(UserError):
        evaluate(text, scope)
    assert time.perf_counter() - started < 1.0


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_a_value_or_one_refusal(text):
    scope = Scope(pd.DataFrame({"x": [1.0, 2.0]}))
    with contextlib.suppress(UserError):
        assert len(evaluate(text, scope)) == 2


@pytest.mark.parametrize(
    ("text", "nearest"), [("lg(x)", "log"), ("xx + 1", "x"), ("citty == 'a'", "city")]
)
def test_an_unknown_name_gets_the_nearest(scope, text, nearest):
    with pytest.raises(UserError, match=f"did you mean {nearest}"):
        evaluate(text, scope)


def test_lags_need_to_know_who_and_when():
    with pytest.raises(UserError, match="entity and time"):
        evaluate("lag(x)", Scope(pd.DataFrame({"x": [1.0]})))


def test_a_lag_does_not_reach_over_a_gap():
    frame = pd.DataFrame({"id": [1, 1, 1], "t": [1, 2, 4], "x": [1.0, 2.0, 3.0]})
    values = evaluate("lag(x)", Scope(frame, "id", "t"))
    np.testing.assert_allclose(values, [np.nan, 1.0, np.nan])


def test_division_by_nothing_is_missing_in_logs(scope):
    assert evaluate("log(x - 1)", scope).isna().tolist() == [True, False, False, False]


def test_names_are_those_of_columns_not_of_functions():
    assert names_in("log(x) * union + lag(wage)") == {"x", "union", "wage"}


def test_dummies_leave_out_the_first_level_or_the_one_named(scope):
    assert list(columns_of("C(city)", scope)) == ["C(city)=b"]
    assert list(columns_of("C(city, 'b')", scope)) == ["C(city)=a"]
    with pytest.raises(UserError):
        columns_of("C(city, 'z')", scope)


def test_a_product_with_dummies_is_their_products(scope):
    columns = columns_of("C(city) * x * t", scope)
    assert list(columns) == ["C(city)=b * x * t"]
    np.testing.assert_allclose(columns["C(city)=b * x * t"], [0, 4, 0, 8])


def test_parsing_runs_nothing(tmp_path):
    witness = tmp_path / "ran"
    with pytest.raises(UserError):
        parse(f"open({str(witness)!r}, 'w')")
    assert not witness.exists()
