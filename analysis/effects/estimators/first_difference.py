"""First differences: dy_it = (a +) dx_it'b + de_it (Wooldridge 2010, section 10.6)."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.linear_models.least_squares import CONSTANT
from analysis.effects.linear_models.linear import fit_linear, require_variation
from analysis.effects.linear_models.panel import (
    Codes,
    entities,
    flag,
    nothing_left,
    shape_of,
    treatment_columns,
    with_extras,
)
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.messages import UserError

Array = NDArray[np.float64]
ABOUT = About(
    fits="least squares on differences of consecutive periods",
    needs="entity, time; treatment or controls that change",
    reports="coefficients, R2 of the differences, number of differences, switchers",
)
CLUSTERED = ("cluster", "CRV3")


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; option ``constant`` (false).

    Consecutive are neighbours among the periods that occur in the sample; a gap of an entity is
    not bridged.

    Raises
    ------
    UserError
        If entity or time is absent, an entity has two rows in a period, no period follows another,
        a treatment never changes, rows are too few, or two-way clusters are asked for.
    """
    require_plain(equation, ("constant",))
    codes = entities(sample, equation)
    require_variation(sample)
    later, earlier, gaps = _pairs(sample, codes, equation)
    columns = np.column_stack([sample.outcome, sample.regressors.to_numpy(float)])
    changes = columns[later] - columns[earlier]
    changes[:, nothing_left(changes, columns)] = 0.0
    _require_change(sample, changes[:, 1:])
    found = _fitted(sample, equation, changes, later)
    notes = [f"{gaps} gaps are not bridged"] if gaps else []
    counts = {"n_differences": len(later), "n_gaps": gaps}
    return with_extras(found, {**shape_of(sample, codes), **counts}, [*notes, *_spacing(sample)])


def _pairs(
    sample: Sample, codes: Codes, equation: Equation
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Return the rows of each difference, later and earlier, in the sample's order; and gaps."""
    if sample.time is None:
        raise needs(equation, "time in the study file", "在研究文件中给出 time")
    period = pd.factorize(sample.time, sort=True)[0]
    order = np.lexsort((period, codes))
    same = codes[order][1:] == codes[order][:-1]
    step = period[order][1:] - period[order][:-1]
    if (same & (step == 0)).any():
        english = f"one row for each {sample.entity.name} and {sample.time.name}"  # type: ignore[union-attr]
        raise needs(equation, english, "每个个体每期只有一行")
    follows = same & (step == 1)
    if not follows.any():
        raise needs(
            equation.estimator, "entities seen in consecutive periods", "有连续两期观测的个体"
        )
    later, earlier = order[1:][follows], order[:-1][follows]
    sequence = np.argsort(later)
    return later[sequence], earlier[sequence], int((same & (step > 1)).sum())


def _spacing(sample: Sample) -> list[str]:
    """Return a note where periods lie at different distances, which differences pass over."""
    if sample.time is None or not pd.api.types.is_numeric_dtype(sample.time):
        return []
    distances = np.unique(np.diff(np.unique(sample.time)))
    return ["periods are not equally spaced"] if len(distances) > 1 else []


def _require_change(sample: Sample, changes: Array) -> None:
    moving = {name for j, name in enumerate(sample.regressors) if changes[:, j].any()}
    for term, columns in treatment_columns(sample):
        if columns and not set(columns) & moving:
            where = f"{term} (between consecutive periods)"
            raise UserError("never_varies", term=where, n=sample.n_obs)


def _fitted(sample: Sample, equation: Equation, changes: Array, later: NDArray[np.int64]) -> Fit:
    """Fit the differences; under clusters spread over the sample's rows, to stand beside them.

    A row without a difference is a row of zeros then: nothing in sums by cluster nor in
    leave-one-cluster-out fits. Such rows are counted as absorbed, and as nested in the clusters,
    so that the factor of the cluster covariance is (n - 1) / (n - k) of the sample's n rows.
    """
    constant = flag(equation, "constant")
    n, idle, nested = len(later), 0, {}
    rows: Array = np.column_stack([np.ones(n), changes]) if constant else changes
    at = 1 if constant else 0
    if equation.vcov in CLUSTERED:
        if sample.clusters.shape[1] > 1:
            raise UserError("one_way_only", vcov=equation.vcov)
        spread = np.zeros((sample.n_obs, rows.shape[1]))
        spread[later] = rows
        rows, idle = spread, sample.n_obs - n
        nested = {str(name): idle + 1 for name in sample.clusters}
    names = [*([CONSTANT] if constant else []), *sample.regressors]
    found = fit_linear(
        names, np.delete(rows, at, axis=1), rows[:, at], constant=False, absorbed_levels=idle,
        nested_levels=nested, equation=equation.id,
        fixed_effects=f"{sample.entity.name} (differenced)",  # type: ignore[union-attr]
    )  # fmt: skip
    return replace(found, r2=_r2(found, changes[:, 0])) if constant else found


def _r2(found: Fit, y: Array) -> float:
    """Return 1 - SSR / SST, SST around the mean of the (n,) differences."""
    residuals = found.linear.response - found.linear.design @ found.estimate  # type: ignore[union-attr]
    return 1.0 - float(residuals @ residuals) / float(((y - y.mean()) ** 2).sum())
