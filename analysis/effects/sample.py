"""An equation's rows and columns: derived, filtered, complete, counted at every step."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.expressions import Scope, evaluate
from analysis.effects.study import Equation, Study
from analysis.effects.terms import columns_of
from analysis.messages import UserError

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """What an estimator is handed: complete rows only, in the file's order.

    Attributes
    ----------
    outcome
        (n,) values of the outcome.
    regressors, instruments, endogenous
        (n, k) columns by term name, no constant; ``regressors`` holds treatments, then controls.
    absorbed
        (n, a) codes of the effects to absorb.
    entity, time, clusters, weights
        Codes and weights by row where the study names them, else None (clusters: a frame).
    counts
        (what, rows left) after each step.
    others
        Columns that options of the estimator name: an estimator's constant OPTION_COLUMNS lists
        the options (``event``, ``system`` ...) whose values, one expression or a list of them, are
        columns; here they are named option, or option[0], option[1] ... for a list.
    terms
        Columns by term of the options that hold lists of terms (a propensity score's, a selection
        equation's): an estimator's constant OPTION_TERMS lists those options.
    positions
        (n,) positions of the rows in the file.
    notes
        What had to be said on the way.
    """

    outcome: Array
    regressors: pd.DataFrame
    instruments: pd.DataFrame
    endogenous: pd.DataFrame
    absorbed: pd.DataFrame
    entity: pd.Series | None
    time: pd.Series | None
    clusters: pd.DataFrame
    weights: Array | None
    treatments: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]
    others: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: tuple[str, ...] = field(default=())
    terms: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    positions: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @property
    def n_obs(self) -> int:
        """Number of rows."""
        return len(self.outcome)


def take_sample(
    study: Study,
    equation: Equation,
    outcome: str,
    frame: pd.DataFrame,
    option_columns: Sequence[str] = (),
    option_terms: Sequence[str] = (),
    option_groups: Sequence[str] = (),
    may_miss: Sequence[str] = (),
) -> Sample:
    """Return the rows of one equation and outcome.

    Parameters
    ----------
    option_columns, option_terms, option_groups
        Options of the equation whose values are columns of numbers, lists of terms, and columns of
        any kind that tell groups apart (read as the groups' codes).
    may_miss
        Blocks that may be missing in a row, an outcome that only selected rows have: outcome,
        regressors, others, or "terms NAME" of an option NAME.

    Raises
    ------
    UserError
        If a name is unknown, a column is text, or no complete row is left.
    """
    scope = scope_of(study, frame)
    counts = [("rows in the file", len(scope.columns))]
    kept = pd.Series(True, index=scope.columns.index)
    if equation.where:
        kept = evaluate(equation.where, scope).astype(bool)
        counts.append((f"where {equation.where}", int(kept.sum())))
    parts = _parts(study, equation, outcome, scope)
    others = pd.concat(
        [
            _option_columns(equation, option_columns, scope, _number_column),
            _option_columns(equation, option_groups, scope, _group_column),
        ],
        axis=1,
    )
    if others.shape[1]:
        parts["others"] = others
    for name in option_terms:
        if name in equation.options:
            parts[f"terms {name}"] = numbers_of(_listed(equation, name), scope)
    whole = pd.concat(parts.values(), axis=1, keys=parts.keys())[kept]
    whole = whole.replace([np.inf, -np.inf], np.nan)
    needed = [column for column in whole.columns if column[0] not in may_miss]
    complete = whole[whole[needed].notna().all(axis=1)]
    counts.append(("complete in every variable", len(complete)))
    if complete.empty:
        raise _nothing_left(equation, whole)
    return _sample(complete, parts, tuple(counts), equation)


def column_of(study: Study, frame: pd.DataFrame, text: str, sample: Sample) -> pd.Series:
    """Return an expression's (n,) values in the rows of a sample, whatever their type.

    Raises
    ------
    UserError
        If the expression is refused or names an unknown column.
    """
    scope = scope_of(study, frame)
    values = scope.column(text) if text in scope.columns else evaluate(text, scope)
    return values.iloc[sample.positions].reset_index(drop=True)


def scope_of(study: Study, frame: pd.DataFrame) -> Scope:
    """Return the data's columns, those that the study derives among them."""
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


def _parts(study: Study, equation: Equation, outcome: str, scope: Scope) -> dict[str, pd.DataFrame]:
    """Return every block of columns that the equation needs, rows not yet dropped."""
    blocks = {
        "outcome": [outcome],
        "regressors": [*equation.treatments, *equation.controls],
        "instruments": list(equation.instruments),
        "endogenous": list(equation.endogenous),
    }
    found = {name: numbers_of(terms, scope) for name, terms in blocks.items() if terms}
    keys = {
        "absorbed": list(equation.absorb),
        "clusters": list(equation.cluster),
        "entity": [study.entity] if study.entity else [],
        "time": [study.time] if study.time else [],
    }
    for name, columns in keys.items():
        if columns:
            found[name] = pd.DataFrame({column: scope.column(column) for column in columns})
    if equation.weights:
        found["weights"] = numbers_of([equation.weights], scope)
    return found


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


def _nothing_left(equation: Equation, whole: pd.DataFrame) -> UserError:
    if whole.empty:
        return UserError("no_row_where", equation=equation.id, where=equation.where)
    missing = whole.isna().mean()
    worst = missing.idxmax()[1]
    return UserError("no_complete_row", equation=equation.id, column=worst)


def _sample(
    rows: pd.DataFrame,
    parts: dict[str, pd.DataFrame],
    counts: tuple[tuple[str, int], ...],
    equation: Equation,
) -> Sample:
    complete = rows.reset_index(drop=True)

    def block(name: str) -> pd.DataFrame:
        if name in complete.columns.get_level_values(0):
            return complete[name]
        return pd.DataFrame(index=complete.index)

    def column(name: str) -> pd.Series | None:
        return block(name).iloc[:, 0] if name in parts else None

    weights = column("weights")
    return Sample(
        outcome=complete["outcome"].iloc[:, 0].to_numpy(float),
        regressors=block("regressors").astype(float),
        instruments=block("instruments").astype(float),
        endogenous=block("endogenous").astype(float),
        absorbed=block("absorbed"),
        entity=column("entity"),
        time=column("time"),
        clusters=block("clusters"),
        weights=None if weights is None else weights.to_numpy(float),
        treatments=equation.treatments,
        counts=counts,
        others=block("others").astype(float),
        terms={
            name.removeprefix("terms "): block(name).astype(float)
            for name in parts
            if name.startswith("terms ")
        },
        positions=rows.index.to_numpy(dtype=np.int64),
    )
