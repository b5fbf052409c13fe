"""Fixed effects: y_it = x_it'b + a_i (+ c_j ...) + e_it by least squares within the effects.

One effect is taken out by its means, several by alternating projections (Frisch, Waugh and
Lovell; Wooldridge 2010, section 10.5; Guimaraes and Portugal 2010, Stata Journal 10: 628-649).
The absorbed parameters count: levels for one effect; for two, levels less the connected components
of their graph (Abowd, Creecy and Kramarz 2002); for more, the same pair by pair, an upper bound.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.estimators.random_effects import with_hausman
from analysis.effects.fit import Fit
from analysis.effects.linear_models.linear import fit_linear, require_variation
from analysis.effects.linear_models.panel import (
    Codes,
    codes_in,
    entities,
    flag,
    is_nested,
    nothing_left,
    shape_of,
    treatment_columns,
    with_extras,
    within,
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
SWEEPS, SETTLED = 100_000, 1e-12
# projections leave more rounding error than means do: what counts as collinear after them
COLLINEAR = 1e-8
LEVERAGE = ("HC2", "HC3")


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; option ``hausman`` (false) adds Hausman's test against random effects.

    Raises
    ------
    UserError
        If there is no effect to absorb, a treatment does not vary within the effects, rows are too
        few, leverages are asked for, or the projections do not converge.
    """
    require_plain(equation, ("hausman",))
    effects = _effects(sample, equation)
    require_variation(sample)
    if equation.vcov in LEVERAGE:
        english = "vcov classical, HC0, HC1, cluster or CRV3: absorbed effects have leverage too"
        raise needs(equation, english, "vcov 为 classical、HC0、HC1、cluster 或 CRV3")
    columns = np.column_stack([sample.outcome, sample.regressors.to_numpy(float)])
    rest = without_effects(columns, effects, equation)
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


# --- taking effects out -----------------------------------------------------------------------


def without_effects(columns: Array, effects: pd.DataFrame, equation: Equation) -> Array:
    """Return (n, k) columns with the effects projected out; one that they explain is exactly 0.

    Raises
    ------
    UserError
        If the projections do not converge.
    """
    codes = effects.to_numpy()
    rest = within(columns, codes[:, 0])
    others = [j for j in range(1, codes.shape[1]) if codes[:, j].max() > 0]
    moving = np.flatnonzero((rest != 0.0).any(axis=0))
    if not others or not len(moving):
        return rest
    size = np.sqrt((rest[:, moving] ** 2).mean(axis=0))
    projected = _projected(rest[:, moving] / size, codes[:, [0, *others]], equation) * size
    projected[:, nothing_left(projected, columns[:, moving])] = 0.0
    rest[:, moving] = projected
    return rest


def _projected(scaled: Array, codes: NDArray[np.int64], equation: Equation) -> Array:
    """Return what symmetric projections, sped up by conjugate gradients, converge to."""
    import pyhdfe

    options = {
        "transform": "symmetric", "acceleration": "cg", "acceleration_tol": SETTLED**2,
        "tol": SETTLED, "iteration_limit": SWEEPS,
    }  # fmt: skip
    sweeps = pyhdfe.create(
        codes, drop_singletons=False, compute_degrees=False, residualize_method="map",
        options=options,
    )  # fmt: skip
    try:
        return np.asarray(sweeps.residualize(scaled), dtype=np.float64)
    except RuntimeError as error:
        english = f"absorbed effects whose projections converge in {SWEEPS} sweeps"
        raise needs(
            equation.estimator, english, f"吸收效应的投影在 {SWEEPS} 次迭代内收敛"
        ) from error


def _varying(rest: Array, *, several: bool) -> list[int]:
    """Return the columns with variation of their own left."""
    varying = [j for j in range(rest.shape[1]) if rest[:, j].any()]
    if not several:
        return varying  # exactly collinear ones are found by the solver
    kept: list[int] = []
    basis = np.empty((rest.shape[0], 0))
    for j in varying:
        column = rest[:, j] / np.linalg.norm(rest[:, j])
        own = column - basis @ (basis.T @ column)
        own = own - basis @ (basis.T @ own)
        if np.linalg.norm(own) > COLLINEAR:
            kept.append(j)
            basis = np.column_stack([basis, own / np.linalg.norm(own)])
    return kept


# --- counting levels --------------------------------------------------------------------------


def parameters_of(effects: pd.DataFrame) -> int:
    """Return how many independent parameters the effects hold, a constant among them."""
    # pyhdfe counts them without singletons, which stay in the sample here
    codes = list(effects.to_numpy().T)
    repeated = [
        max(_components(one, other) for other in codes[:j]) for j, one in enumerate(codes) if j
    ]
    return sum(int(one.max()) + 1 for one in codes) - sum(repeated)


def _components(one: Codes, other: Codes) -> int:
    """Return the connected components of the graph whose edges are pairs of levels in a row."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    first, size = int(one.max()) + 1, int(one.max() + other.max()) + 2
    graph = coo_array((np.ones(len(one)), (one, first + other)), shape=(size, size))
    return int(connected_components(graph, directed=False, return_labels=False))


def nested_in_clusters(effects: pd.DataFrame, clusters: pd.DataFrame) -> dict[str, int]:
    """Return, by cluster column, the parameters of the effects that are nested in it.

    An effect nested in two cluster columns stands with the first, so that it counts once.
    """
    nested: dict[str, int] = {}
    left = list(effects)
    for name in clusters:
        outer = codes_in(clusters[name])
        inside = [effect for effect in left if is_nested(effects[effect].to_numpy(), outer)]
        if inside:
            nested[str(name)] = parameters_of(effects[inside])
        left = [effect for effect in left if effect not in inside]
    return nested


def singletons_in(effects: pd.DataFrame) -> int:
    """Return how many rows are alone in a level, those who become so when others go included."""
    left = effects
    while len(left):
        alone = np.zeros(len(left), dtype=bool)
        for name in left:
            alone |= left.groupby(name)[name].transform("size").to_numpy() == 1
        if not alone.any():
            break
        left = left[~alone]
    return len(effects) - len(left)


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
        [names[j] for j in kept], rest[:, 1:][:, kept], rest[:, 0], constant=False,
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
