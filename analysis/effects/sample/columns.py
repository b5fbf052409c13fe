"""The blocks of columns that an equation needs, worked out on every row of the data."""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from analysis.effects.expressions import Scope, evaluate
from analysis.effects.study import Equation, Study
from analysis.effects.terms import columns_of
from analysis.messages import UserError

Blocks = Mapping[str, pd.DataFrame]
# a block of an option's terms is named by this and the option
TERMS = "terms "


def scope_of(study: Study, frame: pd.DataFrame) -> Scope:
    """Return the data with the study's derived columns, for its expressions to be evaluated in.

    Raises
    ------
    UserError
        If an expression is refused or names an unknown column.
    """
    columns = frame.reset_index(drop=True)
    entity, time = study.entity or None, study.time or None
    for name, text in study.derive.items():
        scope = Scope(columns, entity, time)
        columns = columns.assign(**{name: evaluate(text, scope)})
    return Scope(columns, entity, time)


def numbers_of(terms: Sequence[str], scope: Scope) -> pd.DataFrame:
    """Return the terms' columns as numbers.

    Raises
    ------
    UserError
        If a term is refused, or a column is text.
    """
    columns: dict[str, pd.Series] = {}
    for term in terms:
        columns |= columns_of(term, scope)
    return pd.DataFrame(columns)


def equation_blocks(study: Study, equation: Equation, outcome: str, scope: Scope) -> Blocks:
    """Return every block of columns that an equation names, rows not yet dropped.

    Raises
    ------
    UserError
        If a name is unknown or a column of numbers is text.
    """
    blocks = {
        "outcome": [outcome],
        "regressors": [*equation.treatments, *equation.controls],
        "instruments": list(equation.instruments),
        "endogenous": list(equation.endogenous),
    }
    keys = {
        "absorbed": list(equation.absorb),
        "clusters": list(equation.cluster),
        "entity": [study.entity] if study.entity else [],
        "time": [study.time] if study.time else [],
    }
    found = {name: numbers_of(terms, scope) for name, terms in blocks.items() if terms}
    for name, columns in keys.items():
        if columns:
            found[name] = pd.DataFrame({column: scope.column(column) for column in columns})
    if equation.weights:
        found["weights"] = numbers_of([equation.weights], scope)
    return found


def option_blocks(
    equation: Equation,
    scope: Scope,
    columns: Sequence[str],
    terms: Sequence[str],
    groups: Sequence[str],
) -> Blocks:
    """Return the block ``others`` of the options' columns, and one a list of terms.

    Raises
    ------
    UserError
        If a name is unknown, a column of numbers is text or an option holds no list of terms.
    """
    numbers = _option_columns(equation, columns, scope, _number_column)
    codes = _option_columns(equation, groups, scope, _group_column)
    others = pd.concat([numbers, codes], axis=1)
    lists = {
        f"{TERMS}{name}": numbers_of(_listed(equation, name), scope)
        for name in terms
        if name in equation.options
    }
    return {"others": others, **lists} if others.shape[1] else lists


def _option_columns(
    equation: Equation,
    names: Sequence[str],
    scope: Scope,
    read: Callable[[str, Scope], pd.Series],
) -> pd.DataFrame:
    """Return the columns that options name, keyed by the option."""
    columns: dict[str, pd.Series] = {}
    for name in names:
        value = equation.options.get(name)
        if isinstance(value, str):
            columns[name] = read(value, scope)
        elif isinstance(value, list):
            for position, text in enumerate(value):
                columns[f"{name}[{position}]"] = read(str(text), scope)
    return pd.DataFrame(columns)


def _listed(equation: Equation, option: str) -> list[str]:
    """Return an option's terms, one or a list of them.

    Raises
    ------
    UserError
        If it is neither.
    """
    value = equation.options[option]
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list):
        raise UserError("option_terms", option=option, value=value)
    return [str(term) for term in value]


def _number_column(text: str, scope: Scope) -> pd.Series:
    try:
        return evaluate(text, scope).astype(float)
    except (TypeError, ValueError) as error:
        raise UserError("text_column", column=text) from error


def _group_column(text: str, scope: Scope) -> pd.Series:
    """Return codes 0, 1 ... of a column's values, missing where it is."""
    values = scope.column(text) if text in scope.columns else evaluate(text, scope)
    codes = pd.Series(pd.factorize(values)[0], index=values.index, dtype=float)
    return codes.where(codes >= 0.0)
