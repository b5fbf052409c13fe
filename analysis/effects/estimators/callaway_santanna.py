"""Group-time average treatment effects on the treated, and their averages.

Callaway and Sant'Anna 2021, Journal of Econometrics 225: 200-230; covariates by Sant'Anna and Zhao
2020, Journal of Econometrics 219: 101-122. Every ATT(g, t) compares cohort g with the never (or not
yet) treated over the periods from its base to t; staggered/group_time.py has the definition.

Panels need not be balanced: each comparison uses the entities seen in both of its periods
(``panel = "pairs"``), cohort shares are those of all entities; ``panel = "balanced"`` keeps the
entities seen in every period. Covariates (controls) are taken at the comparison's base period, and
an entity's weight is its first one. With ``panel = "cross_sections"`` every row is an entity of its
own (staggered/four_cells.py), with its own covariates and weight.

Errors are those of influence functions by entity, which stand on the entity's first row: every
robust covariance is sum f_i f_i' without a small-sample factor, clusters add f_i within clusters
(times G / (G - 1)), and the estimated cohort shares are part of f_i.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.inference import bootstrap
from analysis.effects.inference.covariance import codes_of
from analysis.effects.inference.influence import fit_of_influence
from analysis.effects.refusals import needs, require_options
from analysis.effects.sample import Sample
from analysis.effects.staggered import bands
from analysis.effects.staggered.aggregation import (
    CALENDAR,
    CELLS,
    DYNAMIC,
    EFFECT,
    GROUP,
    PLACEBO,
    Averages,
    averages,
    joined,
)
from analysis.effects.staggered.group_time import GroupTime, group_time, rules_of
from analysis.effects.staggered.panel import (
    CROSS_SECTIONS,
    KINDS,
    MISSING_IS_NEVER,
    OPTION,
    StaggeredPanel,
    choice,
    require_clusters_of_entities,
    staggered_panel,
)
from analysis.effects.study import Equation

Array = NDArray[np.float64]
ABOUT = About(
    fits="group-time effects on the treated when treatment starts at different times",
    needs="entity, time, option cohort (first treated period); controls, weights if wanted",
    reports="att(g,t), event study e=, cohorts g=, periods t=, overall; critical values of bands",
)
OPTION_TERMS = (OPTION,)
MAY_MISS = (MISSING_IS_NEVER,)
DRAWS = bands.DRAWS
TERM = "att"
OPTIONS = (OPTION, "control", "base", "method", "anticipation", "panel", "bands")


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it.

    Options: ``cohort`` (expression; 0, infinite or missing is never treated), ``control`` (never |
    not_yet), ``base`` of the placebos (varying | universal), ``method`` with controls (dr | reg |
    ipw), ``anticipation`` (0, periods), ``panel`` (pairs | balanced | cross_sections), ``bands``
    (mammen | rademacher | none) with ``draws`` and ``seed``.

    Rows of quantity ``att`` are effects, those of quantity ``test`` placebos of the periods before;
    the base period itself has no row. Extras ``critical_value_*`` times a row's standard error
    make a band that holds for its whole family at once.

    Raises
    ------
    UserError
        If the panel, an option or a comparison is refused (staggered/panel.py, group_time.py),
        clusters cut through entities, or the equation names a treatment.
    """
    require_options(equation, OPTIONS)
    if equation.treatments:
        raise needs(
            equation, "option cohort in place of a treatment", "以选项 cohort 代替 treatment"
        )
    rules, kind = rules_of(equation), choice(equation, "panel", KINDS)
    if kind != CROSS_SECTIONS:
        require_clusters_of_entities(sample, equation)
    panel = staggered_panel(sample, equation, rules.anticipation, kind)
    covariates = sample.regressors.iloc[panel.rows].reset_index(drop=True)
    effects = group_time(panel, sample.outcome[panel.rows], covariates, rules, equation)
    parts = averages(panel, effects, rules.anticipation)
    return _fitted(sample, equation, panel, effects, parts)


def _fitted(
    sample: Sample,
    equation: Equation,
    panel: StaggeredPanel,
    effects: GroupTime,
    parts: list[Averages],
) -> Fit:
    names = [name for part in parts for name in part.names]
    influence = joined(parts, lambda part: part.influence)
    placebo = joined(parts, lambda part: part.placebo)
    return fit_of_influence(
        [TERM] * len(names),
        joined(parts, lambda part: part.estimate),
        panel.on_rows(influence),
        df_resid=float(sample.n_obs),
        components=tuple(names),
        quantities=tuple(PLACEBO if before else EFFECT for before in placebo),
        extras={**panel.counts, **_bands(sample, equation, panel, parts, influence)},
        notes=(*panel.notes, *_said(effects, sample.regressors)),
        material={"trend": joined(parts, lambda part: part.trend), "placebo": placebo},
    )


def _bands(
    sample: Sample,
    equation: Equation,
    panel: StaggeredPanel,
    parts: list[Averages],
    influence: Array,
) -> dict[str, float | int | str]:
    """Return the critical values by family; none under a bootstrap, or two ways of clustering."""
    kind = choice(equation, "bands", (*bands.MULTIPLIERS, "none"))
    if kind == "none" or equation.vcov == bootstrap.NAME or sample.clusters.shape[1] > 1:
        return {}
    draws = equation.draws or bands.DRAWS
    seed = bands.SEED if equation.seed is None else equation.seed
    summed = _by_cluster(sample, equation, panel, influence)
    found = bands.critical_values(
        summed, _families(parts), kind, draws, seed, f"bands {equation.id}"
    )
    about: dict[str, float | int | str] = {"bands": kind, "draws": draws, "seed": seed}
    return {**about, **{f"critical_value_{name}": value for name, value in found.items()}}


def _by_cluster(
    sample: Sample, equation: Equation, panel: StaggeredPanel, influence: Array
) -> Array:
    """Return (C, k) influences summed within clusters where the covariance is clustered."""
    if equation.vcov != "cluster" or sample.clusters.shape[1] == 0:
        return influence
    codes = codes_of(sample.clusters.iloc[panel.first].reset_index(drop=True))
    return np.column_stack([np.bincount(codes, weights=column) for column in influence.T])


def _families(parts: list[Averages]) -> dict[str, slice]:
    families, start = {}, 0
    for part in parts:
        count = len(part.names)
        if part.family in (CELLS, DYNAMIC, GROUP, CALENDAR) and part.names != (part.family,):
            families[part.family] = slice(start, start + count)
        start += count
    return families


def _said(effects: GroupTime, covariates: pd.DataFrame) -> list[str]:
    said = []
    if effects.impossible:
        shown = ", ".join(effects.impossible[:8]) + (" ..." if len(effects.impossible) > 8 else "")
        said.append(f"{len(effects.impossible)} comparisons without controls left out: {shown}")
    if effects.trimmed:
        said.append(f"{effects.trimmed} controls sure to be treated given no weight")
    return said
