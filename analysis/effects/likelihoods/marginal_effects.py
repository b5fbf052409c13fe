"""Average marginal effects: what moving one regressor, with every term it is in, does on average.

A regressor that enters as ``educ``, ``educ ** 2`` and ``union * educ`` has one effect: its terms
move together. Terms are taken apart as trees: a term that is built of other terms moves with them;
what is left are the regressors that have an effect of their own.
"""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.expressions import CATEGORICAL, names_in, parse, unknown
from analysis.effects.fit import Derived
from analysis.effects.likelihoods.dual_numbers import Dual, dual, key_of
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.messages import UserError

Array = NDArray[np.float64]
OPTION, COLUMNS_OPTION = "ame", "ame_columns"
CHOICES = ("discrete", "derivative")


class Curve(NamedTuple):
    """The mean outcome by row as a function of x'b, and its derivatives.

    ``tail`` (n, t) holds derivatives by the parameters after the coefficients (a standard
    deviation, cut points), ``slope_tail`` those of the slope.
    """

    value: Array
    slope: Array
    curvature: Array
    tail: Array
    slope_tail: Array


@dataclass(frozen=True)
class Regressors:
    """The regressors of an equation, taken apart.

    Attributes
    ----------
    movers
        (n,) values of everything that has an effect of its own, by name.
    keys
        The tree of each mover, as text, to its name.
    built
        The tree of each term that is built of movers.
    alone
        Terms that share a column with others but cannot be taken apart: moved by themselves.
    """

    movers: Mapping[str, Array]
    keys: Mapping[str, str]
    built: Mapping[str, ast.expr]
    alone: tuple[str, ...]


def average_effects(
    sample: Sample,
    equation: Equation,
    terms: Sequence[str],
    columns: Array,
    coefficients: Array,
    curve: Callable[[Array], Curve],
    component: str = "",
) -> tuple[tuple[Derived, ...], tuple[str, ...]]:
    """Return the average marginal effects with their gradients, and notes.

    (1/n) sum [m(x_i1'b) - m(x_i0'b)] for a regressor of 0 and 1 (the other dummies of its factor
    at 0), (1/n) sum m'(x_i'b) dx_i'b/dx otherwise (Wooldridge 2010, section 2.2.5 and 15.6);
    standard errors by the delta method.

    Parameters
    ----------
    terms, columns, coefficients
        k names, (n, k) design and (k,) coefficients b, in the same order.
    curve
        m as a function of (n,) values of x'b.

    Raises
    ------
    UserError
        If the option ``ame`` is neither discrete nor derivative, or ``ame_columns`` no list.
    """
    choice = equation.options.get(OPTION, CHOICES[0])
    if choice not in CHOICES:
        raise unknown(OPTION, str(choice), list(CHOICES))
    taken = take_apart(sample, equation)
    here = pd.DataFrame(columns, columns=list(terms))
    derived = []
    for name, values in taken.movers.items():
        discrete = choice == CHOICES[0] and set(np.unique(values)) <= {0.0, 1.0}
        effect = _discrete if discrete else _derivative
        found = effect(taken, name, here, coefficients, curve)
        if found is not None:
            derived.append(Derived(name, *found, quantity="ame", component=component))
    return tuple(derived), _notes(taken)


def _notes(taken: Regressors) -> tuple[str, ...]:
    squares = tuple(
        f"{square} is {name} squared but moves by itself: write it {name} ** 2"
        for name, square in _squares(taken.movers)
    )
    if not taken.alone:
        return squares
    names = ", ".join(taken.alone)
    return (
        f"average marginal effects move these terms by themselves, their columns being no terms "
        f"({COLUMNS_OPTION} = [...] names them): {names}",
        *squares,
    )


def _squares(movers: Mapping[str, Array]) -> Iterator[tuple[str, str]]:
    """Yield pairs of columns of which the second is the first squared, made before the study."""
    by_sum = {name: values.sum() for name, values in movers.items()}
    for name, values in movers.items():
        squared = values**2
        total = squared.sum()
        for other, sum_of_other in by_sum.items():
            near = other != name and np.isclose(total, sum_of_other)
            if near and not np.allclose(squared, values) and np.allclose(squared, movers[other]):
                yield name, other


# --- the effect of one regressor --------------------------------------------------------------


def _discrete(
    taken: Regressors, name: str, here: pd.DataFrame, b: Array, curve: Callable[[Array], Curve]
) -> tuple[float, Array] | None:
    """Return the mean change of m from 0 to 1 and its gradient; None if nothing moves."""
    low, high = (set_to(taken, name, level, here) for level in (0.0, 1.0))
    if np.array_equal(low, high):
        return None
    before, after = curve(low @ b), curve(high @ b)
    slopes = after.slope @ high - before.slope @ low
    tail = (after.tail - before.tail).mean(axis=0)
    value = float((after.value - before.value).mean())
    return value, np.concatenate([slopes / len(low), tail])


def set_to(taken: Regressors, name: str, level: float, here: pd.DataFrame) -> Array:
    """Return the (n, k) design with a regressor of 0 and 1 at a level, its factor's others at 0."""
    factor = _factor(name)
    siblings = [m for m in taken.movers if factor and _factor(m) == factor]
    changed = {m: np.zeros(len(here)) for m in siblings} | {name: np.full(len(here), level)}
    return move_terms(taken, {m: (v, np.zeros(len(here))) for m, v in changed.items()}, here)[0]


def _derivative(
    taken: Regressors, name: str, here: pd.DataFrame, b: Array, curve: Callable[[Array], Curve]
) -> tuple[float, Array] | None:
    """Return the mean of m'(x'b) dx'b and its gradient; None if nothing moves."""
    moved = {name: (taken.movers[name], np.ones(len(here)))}
    columns, slopes = move_terms(taken, moved, here)
    if not slopes.any():
        return None
    at, index = curve(columns @ b), slopes @ b
    by_b = (at.curvature * index) @ columns + at.slope @ slopes
    by_tail = (at.slope_tail * index[:, None]).mean(axis=0)
    value = float((at.slope * index).mean())
    return value, np.concatenate([by_b / len(here), by_tail])


def move_terms(
    taken: Regressors, moved: Mapping[str, Dual], here: pd.DataFrame
) -> tuple[Array, Array]:
    """Return the design with regressors at other values, and its derivative by what moves."""
    nothing = np.zeros(len(here))
    duals = {
        key: moved.get(name, (taken.movers[name], nothing)) for key, name in taken.keys.items()
    }
    values, slopes = here.to_numpy(float).copy(), np.zeros(here.shape)
    for j, term in enumerate(here.columns):
        if term in moved:
            values[:, j], slopes[:, j] = moved[term]
        elif term in taken.built:
            values[:, j], slopes[:, j] = dual(taken.built[term], duals)
    return values, slopes


# --- terms taken apart ------------------------------------------------------------------------


def take_apart(sample: Sample, equation: Equation) -> Regressors:
    """Return the regressors that move and the terms that move with them."""
    values = {str(name): sample.regressors[name].to_numpy(float) for name in sample.regressors}
    for name, column in _option_columns(sample, equation):
        values.setdefault(name, column)
    trees = _trees(list(values))
    keys = {key_of(tree): name for name, tree in trees.items()}
    built = {name: tree for name, tree in trees.items() if _is_built(tree, keys)}
    movers = {name: column for name, column in values.items() if name not in built}
    by_key = {key_of(tree): name for name, tree in trees.items() if name in movers}
    return Regressors(movers, by_key, built, tuple(_alone(movers, trees)))


def _option_columns(sample: Sample, equation: Equation) -> Iterator[tuple[str, Array]]:
    """Yield the columns that ``ame_columns`` names beside the terms."""
    wanted = equation.options.get(COLUMNS_OPTION, [])
    if isinstance(wanted, str):
        yield wanted, sample.others[COLUMNS_OPTION].to_numpy(float)
    elif isinstance(wanted, list):
        for i, text in enumerate(wanted):
            yield str(text), sample.others[f"{COLUMNS_OPTION}[{i}]"].to_numpy(float)
    else:
        what = f"{COLUMNS_OPTION} = [...]"
        raise UserError("estimator_needs", estimator=equation.estimator, what=what)


def _factor(name: str) -> str:
    """Return C(x) for the dummy C(x)=level, else nothing."""
    head, sign, rest = name.partition(")=")
    single = name.startswith(f"{CATEGORICAL}(") and sign and " * " not in rest
    return f"{head})" if single else ""


def _trees(names: Sequence[str]) -> dict[str, ast.expr]:
    """Return the tree of each term that can be read; dummies stand in them as plain names."""
    dummies = sorted((name for name in names if _factor(name)), key=len, reverse=True)
    trees = {}
    for name in names:
        try:
            trees[name] = parse(_with_plain_dummies(name, dummies))
        except UserError:
            continue
    return trees


def _with_plain_dummies(text: str, dummies: Sequence[str]) -> str:
    factors = f" * {text} * "
    for position, dummy in enumerate(dummies):
        factors = factors.replace(f" * {dummy} * ", f" * _dummy_{position}_ * ")
    return factors[3:-3]


def _is_built(tree: ast.expr, keys: Mapping[str, str]) -> bool:
    """Return whether a tree is made of other terms by operations that have a derivative."""
    own = key_of(tree)
    others = {key: (np.ones(1), np.ones(1)) for key in keys if key != own}
    if isinstance(tree, ast.Name | ast.Constant):
        return False
    try:
        with np.errstate(all="ignore"):
            dual(tree, others)
    except LookupError:
        return False
    return True


def _alone(movers: Mapping[str, Array], trees: Mapping[str, ast.expr]) -> Iterator[str]:
    """Yield movers that are no plain column and share a column with another mover."""
    named = {name: names_in(ast.unparse(trees[name])) for name in movers if name in trees}
    for name in movers:
        plain = name in trees and isinstance(trees[name], ast.Name)
        rest = [columns for other, columns in named.items() if other != name]
        if name not in named or (not plain and any(named[name] & other for other in rest)):
            yield name
