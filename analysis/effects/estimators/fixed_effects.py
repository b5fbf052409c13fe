"""Fixed effects: y_it = x_it'b + a_i (+ c_j ...) + e_it by least squares within the effects.

Wooldridge 2010, section 10.5. How the effects are taken out: linear_models/absorption.py; how many
parameters they hold: linear_models/absorbed_levels.py.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.estimators.random_effects import with_hausman
from analysis.effects.fit import Fit
from analysis.effects.linear_models.absorbed_levels import (
    nested_in_clusters,
    parameters_of,
    singletons_in,
)
from analysis.effects.linear_models.absorption import without_effects
from analysis.effects.linear_models.least_squares import columns_at, independent
from analysis.effects.linear_models.linear import fit_linear, require_variation
from analysis.effects.linear_models.panel import (
    codes_in,
    entities,
    flag,
    is_nested,
    shape_of,
    treatment_columns,
    with_extras,
)
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.messages import UserError

Array = NDArray[np.float64]
USES = ("absorb",)
ABOUT = About(
    fits="least squares within one or more absorbed effects",
    needs="absorb or entity; treatment or controls that vary within the effects",
    reports="coefficients, within R2, switchers, entities, periods, singletons; option hausman",
)
# several effects leave more rounding error than one does: what counts as collinear after them
COLLINEAR = 1e-8
LEVERAGE = ("HC2", "HC3")


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; option ``hausman`` (false) adds Hausman's test against random effects.

    Raises
    ------
    UserError
        If there is no effect to absorb, a treatment does not vary within the effects, rows are too
        few, leverages are asked for, or the effects do not settle.
    """
    require_plain(equation, ("hausman",))
    effects = _effects(sample, equation)
    require_variation(sample)
    if equation.vcov in LEVERAGE:
        english = "vcov classical, HC0, HC1, cluster or CRV3: absorbed effects have leverage too"
        raise needs(equation, english, "vcov 为 classical、HC0、HC1、cluster 或 CRV3")
    columns = np.vstack([sample.outcome, sample.regressors.to_numpy(float).T]).T
    rest = without_effects(columns, effects)
    kept = _varying(rest[:, 1:], several=effects.shape[1] > 1)
    _require_within(sample, kept, effects, equation)
    found = _fitted(sample, equation, effects, rest, kept)
    return with_hausman(found, sample, equation) if flag(equation, "hausman") else found


def _effects(sample: Sample, equation: Equation) -> pd.DataFrame:
    """Return (n, a) codes of the effects: what absorb names, else the entities."""
    if sample.absorbed.shape[1]:
        return pd.DataFrame({name: codes_in(sample.absorbed[name]) for name in sample.absorbed})
    codes = entities(sample, equation)
    return pd.DataFrame({str(sample.entity.name): codes})  # type: ignore[union-attr]


def _varying(rest: Array, *, several: bool) -> list[int]:
    """Return the columns with variation of their own left."""
    varying = [j for j in range(rest.shape[1]) if rest[:, j].any()]
    if not several:
        return varying  # exactly collinear ones are found by the solver
    columns = rest if len(varying) == rest.shape[1] else rest[:, varying]
    return [varying[j] for j in independent(columns, COLLINEAR)]


# --- the fit ----------------------------------------------------------------------------------


def _require_within(
    sample: Sample, kept: list[int], effects: pd.DataFrame, equation: Equation
) -> None:
    """Refuse a treatment of which nothing is left within the effects."""
    names = [name for j, name in enumerate(sample.regressors) if j in kept]
    for term, columns in treatment_columns(sample):
        if columns and not set(columns) & set(names):
            where = f"{term} (within {' and '.join(effects)})"
            raise UserError("never_varies", term=where, n=sample.n_obs)
    if not names:
        raise needs(
            equation.estimator, "a term that varies within the effects", "在固定效应内有变化的变量"
        )


def _fitted(
    sample: Sample, equation: Equation, effects: pd.DataFrame, rest: Array, kept: list[int]
) -> Fit:
    names = list(sample.regressors)
    absorbed = parameters_of(effects)
    found = fit_linear(
        [names[j] for j in kept], columns_at(rest[:, 1:], kept), rest[:, 0], constant=False,
        absorbed_levels=absorbed, nested_levels=nested_in_clusters(effects, sample.clusters),
        equation=equation.id,
    )  # fmt: skip
    aside = [name for j, name in enumerate(names) if j not in kept]
    singletons = singletons_in(effects)
    codes = effects.iloc[:, 0].to_numpy() if sample.entity is None else codes_in(sample.entity)
    counts = {"n_singletons": singletons, "absorbed_parameters": absorbed}
    return with_extras(
        replace(
            found,
            linear=found.linear if _leave_one_out_is_exact(effects, sample.clusters) else None,
            dropped=tuple(name for name in names if name in (*aside, *found.dropped)),
            fixed_effects=" + ".join(effects),
        ),
        {**shape_of(sample, codes), **counts},
        _said(aside, singletons, effects),
    )


def _leave_one_out_is_exact(effects: pd.DataFrame, clusters: pd.DataFrame) -> bool:
    """Return whether leaving out a cluster leaves the other rows' deviations as they are."""
    if effects.shape[1] > 1 or clusters.shape[1] == 0:
        return False
    own = effects.iloc[:, 0].to_numpy()
    return all(is_nested(own, codes_in(clusters[name])) for name in clusters)


def _said(aside: list[str], singletons: int, effects: pd.DataFrame) -> list[str]:
    notes = []
    if aside:
        notes.append(f"no variation of their own within {' + '.join(effects)}: {', '.join(aside)}")
    if singletons:
        notes.append(f"{singletons} rows alone in a level: in N, but they inform no coefficient")
    if effects.shape[1] > 2:
        notes.append("absorbed parameters counted pair by pair: an upper bound")
    return notes
