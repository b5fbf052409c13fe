"""Terms of an equation to columns: an expression, a set of dummies C(x), or a product with one."""

import ast
from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.effects.expressions import CATEGORICAL, Scope, evaluate, parse, refusal
from analysis.messages import UserError

MOST_LEVELS = 2000


# the levels of columns in C(...) where a block of rows must have those of the whole
Levels = Mapping[str, Sequence]


def columns_of(text: str, scope: Scope, levels: Levels | None = None) -> dict[str, pd.Series]:
    """Return the columns of one term by name.

    ``C(x)`` gives a dummy for every level but the first, ``C(x, 3)`` for every level but 3; a
    product of dummies and expressions gives their products; anything else is one column.
    ``levels`` names every level where the rows at hand may lack some.

    Raises
    ------
    UserError
        If the expression is refused, names an unknown column, or holds text.
    """
    try:
        return _columns_of(text, scope, levels)
    except (TypeError, ValueError) as error:
        raise UserError("text_column", column=text) from error


def _columns_of(text: str, scope: Scope, levels: Levels | None) -> dict[str, pd.Series]:
    factors = _factors(parse(text))
    if not any(_is_categorical(node) for node in factors):
        return {text: evaluate(text, scope).astype(float)}
    columns: dict[str, pd.Series] = {}
    for node in factors:
        these = (
            _dummies(node, scope, text, levels) if _is_categorical(node) else _single(node, scope)
        )
        columns = _products(columns, these) if columns else these
    return columns


def categories_in(text: str) -> list[str]:
    """Return the columns that a term has in C(...)."""
    return [
        node.args[0].id  # type: ignore[attr-defined]
        for node in _factors(parse(text))
        if _is_categorical(node) and isinstance(node.args[0], ast.Name)  # type: ignore[attr-defined]
    ]


def base_of(text: str, scope: Scope) -> dict[str, str]:
    """Return the base level, as printed, of each column that a term has in C(...).

    Raises
    ------
    UserError
        If the expression is refused or names an unknown column.
    """
    bases = {}
    for node in filter(_is_categorical, _factors(parse(text))):
        name, levels, base = _levels_and_base(node, scope, text, None)
        if levels:
            bases[name] = _plain(base)
    return bases


def _factors(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return [*_factors(node.left), *_factors(node.right)]
    return [node]


def _is_categorical(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == CATEGORICAL
    )


def _single(node: ast.expr, scope: Scope) -> dict[str, pd.Series]:
    name = ast.unparse(node)
    return {name: evaluate(name, scope).astype(float)}


def _dummies(
    node: ast.expr, scope: Scope, text: str, known_levels: Levels | None
) -> dict[str, pd.Series]:
    name, levels, base = _levels_and_base(node, scope, text, known_levels)
    values = scope.column(name)
    known = values.notna()
    return {
        f"C({name})={_plain(level)}": (values == level).astype(float).where(known)
        for level in levels
        if level != base
    }


def _levels_and_base(
    node: ast.expr, scope: Scope, text: str, known_levels: Levels | None
) -> tuple[str, list, object]:
    """Return the column of C(...), its levels in the order of their dummies, and the base."""
    arguments = node.args  # type: ignore[attr-defined]
    if len(arguments) not in (1, 2) or not isinstance(arguments[0], ast.Name):
        raise refusal(text, "C takes a column and, if wanted, the base level")
    name = arguments[0].id
    values = scope.column(name)
    levels = list((known_levels or {}).get(name) or sorted_levels(values.unique().tolist()))
    if len(levels) > MOST_LEVELS:
        raise refusal(text, f"{name} has {len(levels)} levels: absorb it")
    return name, levels, _base(arguments, levels, text)


def _base(arguments: list[ast.expr], levels: list, text: str) -> object:
    if len(arguments) == 1:
        return levels[0] if levels else None
    wanted = arguments[1]
    value = wanted.value if isinstance(wanted, ast.Constant) else None
    if value not in levels:
        raise refusal(text, f"no level {value!r}")
    return value


def sorted_levels(values: Sequence) -> list:
    """Return levels in the order of their dummies, missing ones left out."""
    return sorted((value for value in values if pd.notna(value)), key=_order)


def _order(level: object) -> tuple[bool, object]:
    return isinstance(level, str), level


def _plain(level: object) -> str:
    return f"{level:g}" if isinstance(level, float) else str(level)


def _products(left: dict[str, pd.Series], right: dict[str, pd.Series]) -> dict[str, pd.Series]:
    return {f"{one} * {other}": left[one] * right[other] for one in left for other in right}
