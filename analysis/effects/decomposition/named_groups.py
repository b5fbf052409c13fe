"""Groups of terms: those that an option names, and the dummies of one C(x)."""

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.effects.expressions import parse
from analysis.effects.terms import categories_in


def columns_of_term(term: str, columns: Sequence[str]) -> list[str]:
    """Return the columns that a term of an equation made: itself, or its dummies.

    ``C(x)`` and ``C(x, 3)`` made ``C(x)=level``; a product made products of them.
    """
    if term in columns:
        return [term]
    wanted = _without_base(term)
    return [name for name in columns if _without_levels(name) == wanted]


def _without_base(term: str) -> str:
    """Return a term with C(x, 3) as C(x) in it, spaced as columns are."""
    tree = parse(term)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "C":
            node.args = node.args[:1]
    return ast.unparse(tree)


def _without_levels(column: str) -> str:
    return " * ".join(part.partition("=")[0] if part.startswith("C(") else part
                      for part in column.split(" * "))  # fmt: skip


def categorical_terms(terms: Sequence[str]) -> dict[str, str | None]:
    """Return, of the terms that are a C(x) alone, C(x) and the base level that is named, if any."""
    found: dict[str, str | None] = {}
    for term in terms:
        node = parse(term)
        if isinstance(node, ast.Call) and categories_in(term):
            base = node.args[1] if len(node.args) > 1 else None
            found[_without_base(term)] = str(base.value) if isinstance(base, ast.Constant) else None
    return found


def groups_of(option: Any, columns: Sequence[str]) -> Mapping[str, list[str]] | None:
    """Return an option's named groups as columns; None where it is no table of lists of terms.

    A term that made no column stays in its group as it is, so that the caller can refuse it.
    """
    if not isinstance(option, Mapping) or not all(map(_is_terms, option.values())):
        return None
    return {
        str(name): [
            column
            for term in ([terms] if isinstance(terms, str) else terms)
            for column in (columns_of_term(term, columns) or [term])
        ]
        for name, terms in option.items()
    }


def _is_terms(value: Any) -> bool:
    if isinstance(value, str):
        return True
    return isinstance(value, list) and bool(value) and all(isinstance(t, str) for t in value)
