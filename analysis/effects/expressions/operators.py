"""Operators of expressions: on numbers, on conditions, on both; text takes part in none."""

import ast
import operator
from collections.abc import Callable
from typing import Any, TypeAlias

import pandas as pd

Value: TypeAlias = float | str | pd.Series | list[Any]

ARITHMETIC: dict[type, Callable] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
}
COMPARISONS: dict[type, Callable] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def number(value: Value) -> Value:
    """Return a number or numeric column; text is refused (times a number it would repeat itself).

    Raises
    ------
    TypeError
        For text, or a column of text.
    """
    if isinstance(value, pd.Series) and pd.api.types.is_bool_dtype(value):
        return value
    if isinstance(value, pd.Series) and pd.api.types.is_numeric_dtype(value):
        return value.astype(float)
    if isinstance(value, float):
        return value
    raise TypeError("arithmetic on text")


def flag(value: Value) -> pd.Series:
    """Return a condition on every row.

    Raises
    ------
    TypeError
        For anything but a column.
    """
    if not isinstance(value, pd.Series):
        raise TypeError("and, or and not join conditions on columns")
    return value.astype(bool)


def fold(join: Callable, parts: list) -> Value:
    """Return the parts joined two by two, from the left."""
    whole = parts[0]
    for part in parts[1:]:
        whole = join(whole, part)
    return whole
