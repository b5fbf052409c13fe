"""Functions of expressions: each takes the scope, a column of numbers and what else it needs."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from analysis.effects.expressions.operators import Value
from analysis.effects.expressions.scope import Scope
from analysis.messages import UserError


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
