"""An equation's rows and columns: derived, filtered, complete, counted at every step."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.effects.expressions import Scope, evaluate
from analysis.effects.sample.columns import (
    TERMS,
    Blocks,
    equation_blocks,
    option_blocks,
    scope_of,
)
from analysis.effects.sample.sample import Sample
from analysis.effects.study import Equation, Study
from analysis.messages import UserError


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
    kept = _rows_asked_for(equation, scope)
    blocks = {
        **equation_blocks(study, equation, outcome, scope),
        **option_blocks(equation, scope, option_columns, option_terms, option_groups),
    }
    whole = pd.concat(blocks.values(), axis=1, keys=blocks.keys())[kept]
    whole = whole.replace([np.inf, -np.inf], np.nan)
    complete = _complete(whole, may_miss)
    if complete.empty:
        raise _nothing_left(equation, whole)
    counts = _counts(equation, len(kept), len(whole), len(complete))
    return _sample(complete, blocks, counts, equation)


def _rows_asked_for(equation: Equation, scope: Scope) -> pd.Series:
    """Return whether each row satisfies the equation's condition; every row where it has none."""
    if not equation.where:
        return pd.Series(True, index=scope.columns.index)
    return evaluate(equation.where, scope).astype(bool)


def _complete(whole: pd.DataFrame, may_miss: Sequence[str]) -> pd.DataFrame:
    """Return the rows that miss nothing outside of the blocks that may be missing."""
    needed = [column for column in whole.columns if column[0] not in may_miss]
    return whole[whole[needed].notna().all(axis=1)]


def _counts(
    equation: Equation, in_file: int, asked_for: int, complete: int
) -> tuple[tuple[str, int], ...]:
    """Return (what, rows left) after each step."""
    asked = [(f"where {equation.where}", asked_for)] if equation.where else []
    return (("rows in the file", in_file), *asked, ("complete in every variable", complete))


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


def _nothing_left(equation: Equation, whole: pd.DataFrame) -> UserError:
    if whole.empty:
        return UserError("no_row_where", equation=equation.id, where=equation.where)
    missing = whole.isna().mean()
    worst = missing.idxmax()[1]
    return UserError("no_complete_row", equation=equation.id, column=worst)


def _sample(
    rows: pd.DataFrame,
    blocks: Blocks,
    counts: tuple[tuple[str, int], ...],
    equation: Equation,
) -> Sample:
    complete = rows.reset_index(drop=True)

    def block(name: str) -> pd.DataFrame:
        if name in complete.columns.get_level_values(0):
            return complete[name]
        return pd.DataFrame(index=complete.index)

    def column(name: str) -> pd.Series | None:
        return block(name).iloc[:, 0] if name in blocks else None

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
            name.removeprefix(TERMS): block(name).astype(float)
            for name in blocks
            if name.startswith(TERMS)
        },
        positions=rows.index.to_numpy(dtype=np.int64),
    )
