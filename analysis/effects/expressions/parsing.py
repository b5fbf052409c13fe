"""Expressions parsed to a tree and held against a whitelist, before anything is computed."""

import ast

from analysis.effects.expressions.functions import FUNCTIONS
from analysis.effects.expressions.operators import ARITHMETIC, COMPARISONS
from analysis.effects.expressions.scope import unknown
from analysis.messages import UserError

LONGEST, DEEPEST = 1000, 40
CATEGORICAL = "C"
PERMITTED = (
    ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Call, ast.Name, ast.Constant, ast.List,
    ast.keyword, ast.Load, ast.USub, ast.UAdd, ast.Not, ast.Invert, ast.And, ast.Or, ast.In,
    ast.NotIn, *ARITHMETIC, *COMPARISONS,
)  # fmt: skip


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


def names_in(text: str) -> set[str]:
    """Return the columns that an expression names."""
    tree = parse(text)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in called}


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
