"""Expressions of study files: parsed to a tree, held against a whitelist, worked out on columns.

A study file is data. Its text never reaches Python's eval, nor a formula library that evaluates:
Python's own parser gives a tree, and the functions below know what each permitted node means.
Everything else (attributes, calls of other names, lambdas, subscripts, double underscores) is
refused before anything is computed. Length and depth are bounded.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from analysis.messages import UserError

LONGEST, DEEPEST = 1000, 40
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


@dataclass(frozen=True)
class Scope:
    """What an expression may name: the columns, and who and when for lags."""

    columns: pd.DataFrame
    entity: str | None = None
    time: str | None = None
    where: str = ""

    def column(self, name: str) -> pd.Series:
        """Return a column.

        Raises
        ------
        UserError
            If there is none of that name; the nearest is named.
        """
        if name not in self.columns.columns:
            raise unknown("column", name, [str(column) for column in self.columns.columns])
        return self.columns[name]


def unknown(kind: str, name: str, known: list[str]) -> UserError:
    """Return the refusal of a name that is not known, with the nearest that is."""
    nearest = get_close_matches(name, known, n=1, cutoff=0.0)
    return UserError("unknown_name", kind=kind, value=name, nearest=nearest[0] if nearest else "-")


def parse(text: str) -> ast.expr:
    """Return the tree of a permitted expression.

    Raises
    ------
    UserError
        If it is too long, too deep, not an expression, or holds anything off the whitelist.
    """
    if len(text) > LONGEST:
        raise refusal(text, f"longer than {LONGEST} characters")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise refusal(text, "not an expression") from error
    _require_permitted(tree, text, 0)
    return tree


def refusal(text: str, reason: str) -> UserError:
    """Return the refusal of an expression, its text shortened."""
    shown = text if len(text) <= 60 else f"{text[:57]}..."
    return UserError("expression", value=shown, reason=reason)


PERMITTED = (
    ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Call, ast.Name, ast.Constant, ast.List,
    ast.keyword, ast.Load, ast.USub, ast.UAdd, ast.Not, ast.Invert, ast.And, ast.Or, ast.In,
    ast.NotIn, *ARITHMETIC, *COMPARISONS,
)  # fmt: skip


def _require_permitted(node: ast.AST, text: str, depth: int) -> None:
    if depth > DEEPEST:
        raise refusal(text, f"nested deeper than {DEEPEST}")
    if not isinstance(node, PERMITTED):
        raise refusal(text, f"{type(node).__name__} is not permitted")
    if isinstance(node, ast.Name) and node.id.startswith("__"):
        raise refusal(text, "double underscores are not permitted")
    if isinstance(node, ast.Call):
        _require_known_function(node, text)
    if isinstance(node, ast.Constant) and not isinstance(node.value, int | float | str):
        raise refusal(text, f"a constant {node.value!r} is not permitted")
    for child in ast.iter_child_nodes(node):
        _require_permitted(child, text, depth + 1)


def _require_known_function(node: ast.Call, text: str) -> None:
    if not isinstance(node.func, ast.Name):
        raise refusal(text, "only named functions may be called")
    if node.func.id not in FUNCTIONS and node.func.id != CATEGORICAL:
        raise unknown("function", node.func.id, [*FUNCTIONS, CATEGORICAL])


CATEGORICAL = "C"


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


def names_in(text: str) -> set[str]:
    """Return the columns that an expression names."""
    tree = parse(text)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in called}


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
            left, right = (_number(_value(s, scope, text)) for s in (node.left, node.right))
            return ARITHMETIC[type(node.op)](left, right)
        if isinstance(node, ast.UnaryOp):
            return _unary(node, scope, text)
        if isinstance(node, ast.BoolOp):
            parts = [_flag(_value(part, scope, text)) for part in node.values]
            join = operator.and_ if isinstance(node.op, ast.And) else operator.or_
            return _fold(join, parts)
        if isinstance(node, ast.Compare):
            return _compare(node, scope, text)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError) as error:
        raise refusal(text, str(error)) from error
    raise refusal(text, f"{type(node).__name__} is not permitted here")


def _number(value: Value) -> Value:
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


def _unary(node: ast.UnaryOp, scope: Scope, text: str) -> Value:
    operand = _value(node.operand, scope, text)
    if isinstance(node.op, ast.Not | ast.Invert):
        return ~_flag(operand)
    number = _number(operand)
    return -number if isinstance(node.op, ast.USub) else number  # type: ignore[operator]


def _flag(value: Value) -> pd.Series:
    if not isinstance(value, pd.Series):
        raise TypeError("and, or and not join conditions on columns")
    return value.astype(bool)


def _fold(join: Callable, parts: list) -> Value:
    whole = parts[0]
    for part in parts[1:]:
        whole = join(whole, part)
    return whole


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
    return _fold(operator.and_, parts)


# --- functions --------------------------------------------------------------------------------


def _call(node: ast.Call, scope: Scope, text: str) -> Value:
    name = node.func.id  # type: ignore[attr-defined]
    if name == CATEGORICAL:
        raise refusal(text, "C(...) is a set of columns: use it among the controls")
    arguments = [_value(argument, scope, text) for argument in node.args]
    keywords = {key.arg: _by(key.value, text) for key in node.keywords if key.arg}
    if not (arguments and isinstance(arguments[0], pd.Series | float)):
        raise refusal(text, f"{name} takes a column of numbers")
    try:
        return FUNCTIONS[name](scope, _number(arguments[0]), *arguments[1:], **keywords)
    except (TypeError, AttributeError) as error:
        raise refusal(text, f"{name} does not take these arguments") from error


def _by(node: ast.AST, text: str) -> list[str]:
    """Return the column names of ``by=[a, b]`` or ``by=a``."""
    names = node.elts if isinstance(node, ast.List) else [node]
    if not all(isinstance(name, ast.Name) for name in names):
        raise refusal(text, "by= takes column names")
    return [name.id for name in names]  # type: ignore[attr-defined]


def _lag(scope: Scope, values: pd.Series, steps: float = 1.0) -> pd.Series:
    """Return the same entity's value ``steps`` periods earlier; missing where there is none."""
    if scope.entity is None or scope.time is None:
        raise UserError("needs_panel", function="lag")
    keys = [scope.entity, scope.time]
    frame = scope.columns[keys].assign(value=values)
    earlier = frame.assign(**{scope.time: frame[scope.time] + steps}).drop_duplicates(keys)
    merged = frame[keys].merge(earlier, on=keys, how="left")
    return pd.Series(merged["value"].to_numpy(), index=values.index)


def _group_mean(scope: Scope, values: pd.Series, by: list[str]) -> pd.Series:
    """Return the mean of the rows of the same group."""
    return values.groupby([scope.column(name) for name in by]).transform("mean")


def _leave_one_out_mean(scope: Scope, values: pd.Series, by: list[str]) -> pd.Series:
    """Return the mean of the other rows of the same group; missing for a group of one."""
    groups = values.groupby([scope.column(name) for name in by])
    others = groups.transform("count") - 1
    return (groups.transform("sum") - values) / others.where(others > 0)


def _elementwise(function: Callable) -> Callable:
    def apply(scope: Scope, values: Value) -> Value:
        with np.errstate(all="ignore"):
            result = function(values)
        if isinstance(result, pd.Series):
            return result.where(np.isfinite(result))
        return result

    return apply


FUNCTIONS: Mapping[str, Callable] = {
    "log": _elementwise(np.log),
    "log1p": _elementwise(np.log1p),
    "exp": _elementwise(np.exp),
    "sqrt": _elementwise(np.sqrt),
    "abs": _elementwise(np.abs),
    "lag": _lag,
    "group_mean": _group_mean,
    "leave_one_out_mean": _leave_one_out_mean,
}
