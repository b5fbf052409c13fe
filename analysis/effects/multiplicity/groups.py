"""Two groups of rows of one equation: each fitted apart, or together with everything interacted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.estimates import Fitted
from analysis.effects.findings import Asked
from analysis.effects.inference.bootstrap import keys_of
from analysis.effects.inference.covariance import codes_of
from analysis.effects.study import Equation

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
GROUP, CELL = "_group", "_group_"
MOST_GROUPS = 10
# covariances that take rows to be independent
BY_ROW = ("classical", "HC0", "HC1", "HC2", "HC3")


@dataclass(frozen=True)
class Pair:
    """Two groups of one outcome's rows: 1 and the reference 0, NaN for rows in neither.

    ``frame`` is the file with column ``_group``; ``name`` says "value-reference".
    """

    name: str
    frame: pd.DataFrame
    pooled: Fitted

    @property
    def labels(self) -> Array:
        """(n,) groups of the pooled fit's rows."""
        return self.frame[GROUP].to_numpy(float)[self.pooled.sample.positions]

    def with_labels(self, labels: Array) -> pd.DataFrame:
        """Return the file with other groups for the pooled fit's rows."""
        column = np.full(len(self.frame), np.nan)
        column[self.pooled.sample.positions] = labels
        return self.frame.assign(**{GROUP: column})


def pairs_of(asked: Asked, by: str, fitted: Fitted) -> Iterator[Pair]:
    """Yield each value of ``by`` but the lowest against the lowest, fitted together.

    Raises
    ------
    UserError
        If ``by`` has one value or more than ten in the fit's rows.
    """
    values = asked.column(by, fitted.sample)
    found = sorted(values.dropna().unique().tolist(), key=lambda v: (isinstance(v, str), v))
    if not 2 <= len(found) <= MOST_GROUPS:
        raise asked.needs(
            f"by with 2 to {MOST_GROUPS} values; {by} has {len(found)}",
            f"by 取 2 至 {MOST_GROUPS} 个值；{by} 有 {len(found)} 个",
        )
    frame = asked.frame.reset_index(drop=True)
    for value in found[1:]:
        column = np.full(len(frame), np.nan)
        both = values.map({found[0]: 0.0, value: 1.0}).to_numpy(float)
        column[fitted.sample.positions] = both
        here = frame.assign(**{GROUP: column})
        plain = replace(asked.equation, after=(), where=_where(asked.equation, f"{GROUP} >= 0"))
        pooled = asked.fit_again(plain, fitted.outcome, here)
        yield Pair(f"{_label(value)}-{_label(found[0])}", here, pooled)


def _label(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _where(equation: Equation, condition: str) -> str:
    return f"({equation.where}) and ({condition})" if equation.where else condition


def fit_group(asked: Asked, pair: Pair, frame: pd.DataFrame, group: int) -> Fitted:
    """Return the equation fitted on one group of ``frame``."""
    where = _where(asked.equation, f"{GROUP} == {group}")
    equation = replace(asked.equation, after=(), where=where)
    return asked.fit_again(equation, pair.pooled.outcome, frame)


def estimates_of(fitted: Fitted, keys: list[tuple[str, str]]) -> Array:
    """Return the estimates of (term, component) keys, NaN for those that are not there."""
    found = dict(zip(keys_of(fitted.fit), fitted.fit.estimate, strict=True))
    return np.array([found.get(key, np.nan) for key in keys], dtype=float)


# --- everything interacted --------------------------------------------------------------------


def interacted(asked: Asked, pair: Pair) -> Fitted:
    """Return both groups in one fit: each term again times the group, effects by group.

    Raises
    ------
    UserError
        If the estimator does not take such terms.
    """
    equation, fitted = asked.equation, pair.pooled
    effects = equation.absorb or tuple(filter(None, fitted.fit.fixed_effects.split(" + ")))
    columns = {f"{CELL}{j}": _by_group(asked, pair, name) for j, name in enumerate(effects)}
    whole = replace(
        equation,
        treatments=_doubled(equation.treatments),
        controls=(GROUP, *_doubled(equation.controls)),
        endogenous=_doubled(equation.endogenous),
        instruments=_doubled(equation.instruments),
        absorb=tuple(columns),
        where=_where(equation, f"{GROUP} >= 0"),
        after=(),
    )
    return asked.fit_again(whole, fitted.outcome, pair.frame.assign(**columns))


def _doubled(terms: tuple[str, ...]) -> tuple[str, ...]:
    return (*terms, *(f"({term}) * {GROUP}" for term in terms))


def times_group(term: str, terms: tuple[str, ...]) -> str:
    """Return the name of a term times the group among the fit's terms; empty if not there."""
    names = (f"({term}) * {GROUP}", f"{term} * {GROUP}")
    return next((name for name in names if name in terms), "")


def _by_group(asked: Asked, pair: Pair, name: str) -> Array:
    """Return codes of an absorbed effect's levels in each group, by row of the file."""
    sample = pair.pooled.sample
    levels = pd.factorize(asked.column(name, sample))[0]
    column = np.full(len(pair.frame), np.nan)
    column[sample.positions] = 2 * levels + pair.labels
    return column


# --- fitted apart -----------------------------------------------------------------------------


def error_of_difference(one: Fitted, other: Fitted, i: int, j: int) -> float:
    """Return the standard error of b_i in one fit less b_j in another, over disjoint rows.

    V = V_i + V_j - 2 r sqrt(V_i V_j), each V under the equation's covariance; r, where rows of one
    cluster stand in both groups, is the correlation sum_g f_g h_g / sqrt(sum f_g^2 sum h_g^2) of
    the clusters' sums of the two influence functions (seemingly unrelated estimation: Weesie 1999,
    Stata Technical Bulletin 52: 34-47). NaN where V is not positive.
    """
    first, second = one.covariance.matrix[i, i], other.covariance.matrix[j, j]
    if not (first > 0.0 and second > 0.0):
        return float("nan")
    clustered = one.sample.clusters.shape[1] and one.equation.vcov not in BY_ROW
    r = _correlation(one, other, i, j) if clustered else 0.0
    variance = first + second - 2.0 * r * float(np.sqrt(first * second))
    return float(np.sqrt(variance)) if variance > 0.0 else float("nan")


def _correlation(one: Fitted, other: Fitted, i: int, j: int) -> float:
    """Return r; with two cluster columns each sum is S_a + S_b - S_ab."""
    f, h = one.fit.scores @ one.fit.bread[i], other.fit.scores @ other.fit.bread[j]
    pair = np.zeros((len(f) + len(h), 2))
    pair[: len(f), 0], pair[len(f) :, 1] = f, h
    both = pd.concat([one.sample.clusters, other.sample.clusters], ignore_index=True)
    names = list(both)
    parts = [(1.0, [name]) for name in names] + ([(-1.0, names)] if len(names) == 2 else [])
    total = np.zeros((2, 2))
    for sign, columns in parts:
        sums = pd.DataFrame(pair).groupby(codes_of(both[columns])).sum().to_numpy()
        total += sign * sums.T @ sums
    return float(total[0, 1] / np.sqrt(total[0, 0] * total[1, 1]))
