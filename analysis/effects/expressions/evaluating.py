"""Expressions worked out on columns: what each permitted node of a tree means."""

import ast
import operator

import numpy as np
import pandas as pd

from analysis.effects.expressions.functions import FUNCTIONS
from analysis.effects.expressions.operators import (
    ARITHMETIC,
    COMPARISONS,
    Value,
    flag,
    fold,
    number,
)
from analysis.effects.expressions.parsing import CATEGORICAL, parse, refusal
from analysis.effects.expressions.scope import Scope


def evaluate(text: str, scope: Scope) -> pd.Series:
    """Return an expression's value on every row.

    Raises
    ------
    UserError
        If the expression is refused or names an unknown column.
    """
    value = _value(parse(text), scope, text)
    if isinstance(value, pd.Series):
        return value
    if isinstance(value, list):
        raise refusal(text, "a list is no column")
    return pd.Series(value, index=scope.columns.index)


def _value(node: ast.AST, scope: Scope, text: str) -> Value:
    if isinstance(node, ast.Constant):
        # floats: an integer power such as 9**9**9 would never end
        return node.value if isinstance(node.value, str) else float(node.value)  # type: ignore
    if isinstance(node, ast.Name):
        return scope.column(node.id)
    if isinstance(node, ast.List):
        return [_value(item, scope, text) for item in node.elts]
    if isinstance(node, ast.Call):
        return _call(node, scope, text)
    with np.errstate(all="ignore"):
        return _operation(node, scope, text)


def _operation(node: ast.AST, scope: Scope, text: str) -> Value:
    try:
        if isinstance(node, ast.BinOp):
            left, right = (number(_value(s, scope, text)) for s in (node.left, node.right))
            return ARITHMETIC[type(node.op)](left, right)
        if isinstance(node, ast.UnaryOp):
            return _unary(node, scope, text)
        if isinstance(node, ast.BoolOp):
            parts = [flag(_value(part, scope, text)) for part in node.values]
            join = operator.and_ if isinstance(node.op, ast.And) else operator.or_
            return fold(join, parts)
        if isinstance(node, ast.Compare):
            return _compare(node, scope, text)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError) as error:
        raise refusal(text, str(error)) from error
    raise refusal(text, f"{type(node).__name__} is not permitted here")


def _unary(node: ast.UnaryOp, scope: Scope, text: str) -> Value:
    operand = _value(node.operand, scope, text)
    if isinstance(node.op, ast.Not | ast.Invert):
        return ~flag(operand)
    signed = number(operand)
    return -signed if isinstance(node.op, ast.USub) else signed  # type: ignore[operator]


def _compare(node: ast.Compare, scope: Scope, text: str) -> Value:
    values = [_value(part, scope, text) for part in (node.left, *node.comparators)]
    parts = []
    for left, test, right in zip(values, node.ops, values[1:], strict=False):
        if isinstance(test, ast.In | ast.NotIn):
            if not (isinstance(left, pd.Series) and isinstance(right, list)):
                raise TypeError("in takes a column and a list")
            inside = left.isin(right)
            parts.append(~inside if isinstance(test, ast.NotIn) else inside)
        else:
            parts.append(COMPARISONS[type(test)](left, right))
    return fold(operator.and_, parts)


def _call(node: ast.Call, scope: Scope, text: str) -> Value:
    name = node.func.id  # type: ignore[attr-defined]
    if name == CATEGORICAL:
        raise refusal(text, "C(...) is a set of columns: use it among the controls")
    arguments = [_value(argument, scope, text) for argument in node.args]
    keywords = {key.arg: _by(key.value, text) for key in node.keywords if key.arg}
    if not (arguments and isinstance(arguments[0], pd.Series | float)):
        raise refusal(text, f"{name} takes a column of numbers")
    try:
        return FUNCTIONS[name](scope, number(arguments[0]), *arguments[1:], **keywords)
    except (TypeError, AttributeError) as error:
        raise refusal(text, f"{name} does not take these arguments") from error


def _by(node: ast.AST, text: str) -> list[str]:
    """Return the column names of ``by=[a, b]`` or ``by=a``."""
    names = node.elts if isinstance(node, ast.List) else [node]
    if not all(isinstance(name, ast.Name) for name in names):
        raise refusal(text, "by= takes column names")
    return [name.id for name in names]  # type: ignore[attr-defined]
