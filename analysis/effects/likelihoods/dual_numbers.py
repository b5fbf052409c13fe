"""Values and derivatives of an expression's tree together: forward differentiation."""

import ast
from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
# (n,) values of a term and its derivative with respect to what moves
Dual: TypeAlias = tuple[Array, Array]

FUNCTIONS: Mapping[str, Callable[[Array, Array], Dual]] = {
    "log": lambda x, dx: (np.log(x), dx / x),
    "log1p": lambda x, dx: (np.log1p(x), dx / (1.0 + x)),
    "exp": lambda x, dx: (np.exp(x), dx * np.exp(x)),
    "sqrt": lambda x, dx: (np.sqrt(x), dx / (2.0 * np.sqrt(x))),
}
OPERATIONS: Mapping[type, Callable[[Array, Array, Array, Array], Dual]] = {
    ast.Add: lambda x, dx, y, dy: (x + y, dx + dy),
    ast.Sub: lambda x, dx, y, dy: (x - y, dx - dy),
    ast.Mult: lambda x, dx, y, dy: (x * y, dx * y + x * dy),
    ast.Div: lambda x, dx, y, dy: (x / y, (dx - x / y * dy) / y),
}


def dual(node: ast.AST, movers: Mapping[str, Dual]) -> Dual:
    """Return a tree's values and derivative, given those of the movers (the chain rule).

    Raises
    ------
    LookupError
        If it names what is not a mover or uses what has no derivative (a comparison, a lag).
    """
    if key_of(node) in movers:
        return movers[key_of(node)]
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return np.array(float(node.value)), np.array(0.0)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value, slope = dual(node.operand, movers)
        return -value, -slope
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        return _power(node, movers)
    if isinstance(node, ast.BinOp):
        left, right = dual(node.left, movers), dual(node.right, movers)
        return OPERATIONS[type(node.op)](*left, *right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
        return FUNCTIONS[node.func.id](*dual(node.args[0], movers))
    raise LookupError(ast.unparse(node))


def _power(node: ast.BinOp, movers: Mapping[str, Dual]) -> Dual:
    """Return x ** p for a number p."""
    value, slope = dual(node.left, movers)
    if not isinstance(node.right, ast.Constant) or not isinstance(node.right.value, int | float):
        raise LookupError(ast.unparse(node))
    power = float(node.right.value)
    return value**power, power * value ** (power - 1.0) * slope


def key_of(tree: ast.AST) -> str:
    """Return the text under which equal trees are the same."""
    return ast.dump(tree)
