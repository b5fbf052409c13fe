"""A panel on a grid of entities and periods: regressors in levels, the equations to estimate.

Rows of the grid's equations: first the transformed ones, by period 1 .. T - 1, then, in a system,
those in levels, by period 0 .. T - 1. An equation that an entity does not have is a row of zeros.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.dynamic_panel.asked import Asked
from analysis.effects.linear_models.least_squares import CONSTANT
from analysis.effects.linear_models.panel import codes_in
from analysis.effects.refusals import needs
from analysis.effects.sample import Sample

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Grid:
    """The panel.

    Attributes
    ----------
    terms, extra, columns
        K names of regressors, J of further instruments; (N, T, 1 + K + J) outcome, regressors and
        instruments in levels; 0 where the equation of that period lacks anything.
    complete
        (N, T): is the equation in levels complete?
    used
        (N, R): the equations that are estimated.
    transform
        (N or 1, T - 1, T) differences, or forward orthogonal deviations stored a period late.
    levels
        (N, T) outcome (by the name of its first lag) and regressors, NaN where missing.
    exogenous, dummies
        Terms that instrument themselves; those of them that are the dummies of ``time_dummies``.
    first_rows
        (N,) an entity's first row in the sample.
    """

    terms: tuple[str, ...]
    extra: tuple[str, ...]
    columns: Array
    complete: Flags
    used: Flags
    transform: Array
    levels: dict[str, Array]
    exogenous: tuple[str, ...]
    dummies: tuple[str, ...]
    first_rows: NDArray[np.int64]
    periods: int

    @property
    def n_transformed(self) -> int:
        """Number of transformed equations."""
        return int(self.used[:, : self.periods - 1].sum())

    @property
    def n_levels(self) -> int:
        """Number of equations in levels."""
        return int(self.used[:, self.periods - 1 :].sum())


def lag_name(asked: Asked, lag: int) -> str:
    """Return the name of a lag of the outcome."""
    outcomes = asked.equation.outcomes
    name = outcomes[0] if len(outcomes) == 1 else "outcome"
    return f"lag({name})" if lag == 1 else f"lag({name}, {lag})"


def grid_of(sample: Sample, asked: Asked) -> Grid:
    """Return the panel on its grid, entities without an equation left out.

    Neighbours among the periods that occur in the sample are consecutive; a gap is not bridged.

    Raises
    ------
    UserError
        If the panel has too few periods for the lags, or no equation is left.
    """
    y, levels, extra = _tables(sample)
    _require_periods(asked, y.shape[1])
    lags = {lag_name(asked, j): _lagged(y, j) for j in range(1, asked.lags + 1)}
    _require_own_lags(lags, levels, asked)
    needed = np.stack([y, *lags.values(), *levels.values(), *extra.values()])
    complete = np.asarray(np.isfinite(needed).all(axis=0), dtype=np.bool_)
    transform, transformed = _transform(complete, asked.orthogonal)
    if not transformed.any():
        raise _no_equation(asked)
    dummies = _time_dummies(sample, asked, complete)
    constant = {CONSTANT: np.ones(y.shape)} if asked.system else {}
    regressors = {**lags, **levels, **dummies, **constant}
    used = np.hstack([transformed, complete]) if asked.system else transformed
    kept = used.any(axis=1)
    whole = np.stack([y, *regressors.values(), *extra.values()], axis=2)
    return Grid(
        terms=tuple(regressors),
        extra=tuple(extra),
        columns=np.where(complete[:, :, None], whole, 0.0)[kept],
        complete=complete[kept],
        used=used[kept],
        transform=transform[kept] if asked.orthogonal else transform,
        levels={name: one[kept] for name, one in {lag_name(asked, 1): y, **levels}.items()},
        exogenous=tuple(name for name in (*levels, *dummies) if name not in asked.first_lag),
        dummies=tuple(dummies),
        first_rows=np.unique(codes_in(sample.entity), return_index=True)[1][kept],
        periods=y.shape[1],
    )


def _tables(sample: Sample) -> tuple[Array, dict[str, Array], dict[str, Array]]:
    """Return (N, T) outcome, regressors and further instruments; NaN where there is no value."""
    period = pd.factorize(sample.time, sort=True)[0]
    entity = codes_in(sample.entity)

    def placed(values: Array) -> Array:
        table = np.full((int(entity.max()) + 1, int(period.max()) + 1), np.nan)
        table[entity, period] = values
        return table

    levels, extra = (
        {str(name): placed(values.to_numpy()) for name, values in block.items()}
        for block in (sample.regressors, sample.instruments)
    )
    return placed(sample.outcome), levels, extra


def _require_own_lags(lags: dict, levels: dict, asked: Asked) -> None:
    twice = set(lags) & set(levels)
    if twice:
        english = f"{min(twice)} from options.lags alone, not among the controls"
        raise needs(asked.equation, english, f"{min(twice)} 由 options.lags 给出，不写入控制变量")


def _require_periods(asked: Asked, periods: int) -> None:
    least = asked.lags + 2
    if periods < least:
        english = f"{least} periods or more for {asked.lags} lags of the outcome ({periods} found)"
        chinese = f"因变量滞后 {asked.lags} 期时至少要 {least} 期（现有 {periods} 期）"
        raise needs(asked.equation, english, chinese)
    if asked.max_lag is not None and asked.max_lag > periods - 1:
        english = f"max_lag at most {periods - 1}: the panel has {periods} periods"
        raise needs(asked.equation, english, f"max_lag 至多 {periods - 1}：面板只有 {periods} 期")


def _no_equation(asked: Asked) -> Exception:
    least = asked.lags + 2
    english = f"entities seen without missing values in {least} consecutive periods"
    return needs(asked.equation, english, f"有连续 {least} 期完整观测的个体")


def _lagged(table: Array, lag: int) -> Array:
    moved = np.full_like(table, np.nan)
    moved[:, lag:] = table[:, :-lag]
    return moved


def _transform(complete: Flags, orthogonal: bool) -> tuple[Array, Flags]:
    """Return the transformation (N or 1, T - 1, T) and which rows an entity has.

    Differences e_t - e_(t-1) (row t); or sqrt(c / (c + 1)) (e_t - mean of the c later ones), stored
    in row t + 1 so that the same lags are valid instruments (Arellano and Bover 1995, Journal of
    Econometrics 68: 29-51, equation 20; Roodman 2009, Stata Journal 9: 86-136, section 3.5).
    """
    periods = complete.shape[1]
    if not orthogonal:
        rows = np.eye(periods)[1:] - np.eye(periods)[:-1]
        return rows[None], complete[:, 1:] & complete[:, :-1]
    later = np.triu(np.ones((periods, periods)), 1)[:-1][None] * complete[:, None, :]
    count = later.sum(axis=2)
    used = complete[:, :-1] & (count > 0)
    safe = np.maximum(count, 1.0)[:, :, None]
    moved = np.eye(periods)[:-1][None] - later / safe
    return np.sqrt(safe / (safe + 1.0)) * moved * used[:, :, None], used


def _time_dummies(sample: Sample, asked: Asked, complete: Flags) -> dict[str, Array]:
    """Return dummies of the periods of the equations, the first in levels left out."""
    if not asked.time_dummies:
        return {}
    labels = np.unique(sample.time)  # type: ignore[arg-type]
    present = np.asarray(complete.any(axis=0), dtype=np.bool_)
    first = int(np.flatnonzero(present)[0])
    return {
        f"C({sample.time.name})={label}": np.broadcast_to(  # type: ignore[union-attr]
            np.arange(len(labels)) == t, complete.shape
        ).astype(float)
        for t, label in enumerate(labels)
        if present[t] and t != first
    }
