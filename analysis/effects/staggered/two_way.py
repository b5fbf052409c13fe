"""Regressions with entity and period effects: both taken out exactly, errors by row.

Entity effects by (weighted) means, then period dummies by projection (Frisch, Waugh and Lovell):
exact in one pass for unbalanced panels too. The effects count as parameters; those of entities
nested in clusters do not count in a clustered covariance, as in estimators/fixed_effects.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import qr

from analysis.effects.fit import Fit
from analysis.effects.linear_models.absorbed_levels import nested_in_clusters, parameters_of
from analysis.effects.linear_models.least_squares import solve
from analysis.effects.refusals import needs
from analysis.effects.sample import Sample
from analysis.effects.staggered.panel import StaggeredPanel
from analysis.effects.study import Equation
from analysis.messages import UserError

Array = NDArray[np.float64]
DEPENDENT = 1e-9


@dataclass(frozen=True)
class TwoWay:
    """The fit on the panel's rows, and (n, k) what is left of its columns."""

    fit: Fit
    columns: Array


def within_two_ways(panel: StaggeredPanel, columns: Array, weights: Array | None) -> Array:
    """Return sqrt(w) times what entity and period effects leave of (n, k) columns.

    A column that they explain is exactly 0.
    """
    w = np.ones(len(columns)) if weights is None else weights
    root = np.sqrt(w)[:, None]
    basis = _period_basis(panel, w)
    rest = _demeaned(panel, columns, w) * root
    rest = rest - basis @ (basis.T @ rest)
    rest = rest - basis @ (basis.T @ rest)
    size, left = (np.sqrt((part**2).sum(axis=0)) for part in (columns * root, rest))
    rest[:, left <= DEPENDENT * size] = 0.0
    return rest


def _period_basis(panel: StaggeredPanel, w: Array) -> Array:
    """Return an orthonormal basis of the period dummies within entities, sqrt(w) times."""
    dummies = (panel.period[:, None] == np.arange(len(panel.periods))) * 1.0
    inside = _demeaned(panel, dummies, w) * np.sqrt(w)[:, None]
    q, r, _ = qr(inside, mode="economic", pivoting=True)
    return q[:, np.abs(np.diag(r)) > DEPENDENT * max(abs(r[0, 0]), 1.0)]


def _demeaned(panel: StaggeredPanel, columns: Array, w: Array) -> Array:
    total = np.bincount(panel.entity, w)
    rest = columns
    for _ in range(2):  # the second pass takes out the rounding error of the first
        sums = np.column_stack([np.bincount(panel.entity, w * column) for column in rest.T])
        rest = rest - (sums / total[:, None])[panel.entity]
    return rest


def fit_two_way(
    sample: Sample, equation: Equation, panel: StaggeredPanel, columns: Array, names: Sequence[str]
) -> TwoWay:
    """Fit the outcome on (n, k) ``columns`` and the controls, within entities and periods.

    Raises
    ------
    UserError
        If one of ``columns`` is collinear with the others or the effects, or rows are too few.
    """
    weights = None if sample.weights is None else sample.weights[panel.rows]
    controls = sample.regressors.iloc[panel.rows]
    full = np.column_stack([sample.outcome[panel.rows], columns, controls.to_numpy(float)])
    rest = within_two_ways(panel, full, weights)
    effects = pd.DataFrame({sample.entity.name: panel.entity, "": panel.period})  # type: ignore[union-attr]
    fit = _least_squares(
        [*names, *controls], rest[:, 1:], rest[:, 0], parameters_of(effects), equation.id
    )
    fit = replace(fit, nested_levels=nested_in_clusters(effects, sample.clusters.iloc[panel.rows]))
    _require_identified(fit, names, equation)
    kept = [j for j, name in enumerate([*names, *controls]) if name in fit.terms]
    return TwoWay(fit, rest[:, 1:][:, kept])


def _least_squares(
    names: Sequence[str], columns: Array, response: Array, absorbed: int, equation: str
) -> Fit:
    """Return the fit of (n,) on (n, k); the solver sees the k + 1 rows of their triangle only.

    Raises
    ------
    UserError
        If there are no more rows than parameters.
    """
    triangle = qr(np.column_stack([columns, response]), mode="r")[0][: columns.shape[1] + 1]
    solution = solve(triangle[:, :-1], triangle[:, -1])
    kept = list(solution.kept)
    x = columns[:, kept]
    residuals = response - x @ solution.estimate
    df_resid = len(response) - len(kept) - absorbed
    if df_resid <= 0:
        k = len(kept) + absorbed
        raise UserError("too_few_rows", equation=equation, n=len(response), k=k)
    rss, total = float(residuals @ residuals), float(response @ response)
    return Fit(
        terms=tuple(names[j] for j in kept),
        estimate=solution.estimate,
        bread=solution.bread,
        scores=x * residuals[:, None],
        classical=solution.bread * rss / df_resid,
        df_resid=df_resid,
        r2=1.0 - rss / total if total > 0.0 else None,
        dropped=tuple(name for j, name in enumerate(names) if j not in kept),
    )


def _require_identified(fit: Fit, names: Sequence[str], equation: Equation) -> None:
    lost = [name for name in names if name in fit.dropped]
    if lost:
        listed = ", ".join(lost[:6])
        english = f"effects told apart from entity and period effects ({listed} are not)"
        raise needs(equation, english, f"可与个体和时期效应区分的效应（{listed} 不能）")


def in_sample(fit: Fit, sample: Sample, panel: StaggeredPanel) -> Fit:
    """Return a fit on the panel's rows as one on the sample's: rows left out have no score.

    Degrees of freedom grow by the same share as rows, so that the factors n / (n - k) stay those
    of the rows used. Leaving out a cluster would change the period effects: not a linear problem.
    """
    share = sample.n_obs / len(panel.rows)
    scores = np.zeros((sample.n_obs, fit.scores.shape[1]))
    scores[panel.rows] = fit.scores
    return replace(
        fit, scores=scores, linear=None, df_resid=fit.df_resid * share,
        nested_levels={name: round(share * (n - 1)) + 1 for name, n in fit.nested_levels.items()},
        fixed_effects=f"{sample.entity.name} + {sample.time.name}",  # type: ignore[union-attr]
    )  # fmt: skip


def drift(panel: StaggeredPanel, two_way: TwoWay, weights: Array | None) -> Array:
    """Return (k,) what each coefficient is if the treated drift away by one a period."""
    event = panel.event_time()
    line = np.where(np.isfinite(event), event, 0.0)[:, None]
    rest = within_two_ways(panel, line, weights)[:, 0]
    return two_way.fit.bread @ (two_way.columns.T @ rest)


def n_used(panel: StaggeredPanel) -> dict[str, int]:
    """Return the number of rows in the regression where it is not N."""
    return {} if len(panel.rows) == panel.n_rows else {"n_rows_used": len(panel.rows)}
