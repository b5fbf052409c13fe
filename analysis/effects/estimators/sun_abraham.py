"""Interaction-weighted event study: cohort by time effects, averaged by cohort shares.

Sun and Abraham 2021, Journal of Econometrics 225: 175-199, section 4. y_it = a_i + c_t + sum_g
sum_{t != r(g)} d_gt 1{G_i = g} 1{t} + x_it'd + u_it by least squares, r(g) the last period before
g; the reference is the never treated, or the last treated cohort in the periods before it. An event
time's effect is sum_g s_ge d_g,g+e, s_ge the cohort's share of the (weighted) rows at e.

Shares are estimated: their sampling error is part of the covariance, as in proposition 6 of the
paper. ``shares = "fixed"`` takes them as known, as much software does.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.inference.influence import influence_of
from analysis.effects.refusals import needs, require_options
from analysis.effects.sample import Sample
from analysis.effects.staggered.aggregation import (
    CELLS,
    EFFECT,
    PLACEBO,
    Averages,
    Shares,
    event_averages,
    joined,
)
from analysis.effects.staggered.group_time import name_of
from analysis.effects.staggered.panel import (
    MISSING_IS_NEVER,
    NEVER,
    OPTION,
    StaggeredPanel,
    choice,
    shown,
    staggered_panel,
)
from analysis.effects.staggered.two_way import TwoWay, drift, fit_two_way, in_sample, n_used
from analysis.effects.study import Equation

Array = NDArray[np.float64]
ABOUT = About(
    fits="event study of cohort by time effects weighted by cohort shares, two-way fixed effects",
    needs="entity, time, option cohort (first treated period); controls, weights if wanted",
    reports="att(g,t), event study e=, simple and dynamic averages",
)
OPTION_TERMS = (OPTION,)
MAY_MISS = (MISSING_IS_NEVER,)
VCOVS = ("HC1", "classical", "HC0", "cluster", "bootstrap")
TERM = "att"


@dataclass(frozen=True)
class Interactions:
    """Cohort and period of K interactions, (K,), and their (n, K) dummies."""

    cohort: Array
    period: Array
    columns: Array

    @property
    def event_time(self) -> Array:
        """Return (K,) periods since the cohort's first."""
        return np.asarray(self.period - self.cohort)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it.

    Options: ``cohort`` (expression; 0, infinite or missing is never treated), ``control`` (never |
    last; without it never where there are such), ``shares`` (estimated | fixed).

    Raises
    ------
    UserError
        If the panel is refused (staggered/panel.py), the equation names a treatment, never-treated
        controls are asked for and absent, a cohort is not seen before it is treated, or an
        interaction is not told apart from the effects.
    """
    require_options(equation, (OPTION, "control", "shares"))
    if equation.treatments:
        raise needs(
            equation, "option cohort in place of a treatment", "以选项 cohort 代替 treatment"
        )
    panel = _with_reference(staggered_panel(sample, equation), equation)
    cells = _interactions(panel, equation)
    names = [name_of(g, t) for g, t in zip(cells.cohort, cells.period, strict=True)]
    found = fit_two_way(sample, equation, panel, cells.columns, names)
    return _averaged(sample, equation, panel, cells, found, names)


# --- the reference ----------------------------------------------------------------------------


def _with_reference(panel: StaggeredPanel, equation: Equation) -> StaggeredPanel:
    has_never = bool(np.isinf(panel.cohort).any())
    asked = choice(equation, "control", ("never", "last") if has_never else ("last", "never"))
    if asked == "never" and not has_never:
        english = 'never-treated entities, or options.control = "last"'
        raise needs(equation, english, '从未受处理的个体，或 options.control = "last"')
    return panel if asked == "never" else _before_the_last(panel, equation)


def _before_the_last(panel: StaggeredPanel, equation: Equation) -> StaggeredPanel:
    """Return the treated cohorts before the last one starts, which becomes the reference."""
    last = panel.cohorts[-1]
    if len(panel.cohorts) < 2:
        english = "two treated cohorts, or never-treated entities"
        raise needs(equation, english, "两个处理队列，或从未受处理的个体")
    keep = (panel.periods[panel.period] < last) & np.isfinite(panel.cohort[panel.entity])
    left, entity = np.unique(panel.entity[keep], return_inverse=True)
    cohort = panel.cohort[left]
    note = f"reference: cohort {shown(last)}, the last treated, in the periods before it"
    return replace(
        panel, rows=panel.rows[keep], entity=entity, period=panel.period[keep],
        cohort=np.where(cohort == last, NEVER, cohort), weight=panel.weight[left],
        first=panel.first[left], notes=(*panel.notes, note),
    )  # fmt: skip


def _interactions(panel: StaggeredPanel, equation: Equation) -> Interactions:
    """Return a dummy for every cohort and period seen, but the cohort's last before treatment."""
    cohort, time = panel.cohort[panel.entity], panel.periods[panel.period]
    pairs = []
    for g in panel.cohorts:
        seen = np.unique(time[cohort == g])
        before = seen[seen < g]
        if not len(before):
            english = f"rows of cohort {shown(g)} before it is treated"
            raise needs(equation, english, f"队列 {shown(g)} 受处理之前的观测")
        pairs += [(g, t) for t in seen if t != before[-1]]
    columns = np.column_stack([(cohort == g) & (time == t) for g, t in pairs]) * 1.0
    groups, periods = np.array(pairs).T
    return Interactions(groups, periods, columns)


# --- averages ---------------------------------------------------------------------------------


def _averaged(
    sample: Sample,
    equation: Equation,
    panel: StaggeredPanel,
    cells: Interactions,
    found: TwoWay,
    names: list[str],
) -> Fit:
    """Return interactions, their averages M d, and the controls as one fit of influences."""
    count = len(names)
    weights = None if sample.weights is None else sample.weights[panel.rows]
    parts = _parts(panel, found, cells, names, drift(panel, found, weights), weights)
    share_error = joined(parts, lambda part: part.influence[count:])
    if choice(equation, "shares", ("estimated", "fixed")) == "fixed":
        share_error = np.zeros_like(share_error)
    controls = found.fit.terms[count:]
    jacobian = _with_controls(joined(parts, lambda part: part.influence[:count]).T, len(controls))
    share_error = np.pad(share_error, ((0, 0), (0, len(controls))))
    fit = in_sample(found.fit, sample, panel)
    scores = influence_of(fit.bread, fit.scores) @ jacobian.T
    scores[panel.first] += share_error
    labels = [name for part in parts for name in part.names]
    placebo = joined(parts, lambda part: part.placebo)
    none = np.zeros(len(controls))
    kinds = [PLACEBO if before else EFFECT for before in placebo]
    return replace(
        fit,
        terms=(*[TERM] * len(labels), *controls),
        components=(*labels, *[""] * len(controls)),
        quantities=(*kinds, *["coefficient"] * len(controls)),
        estimate=np.concatenate([joined(parts, lambda part: part.estimate), fit.estimate[count:]]),
        bread=np.eye(len(jacobian)),
        scores=scores,
        classical=jacobian @ fit.classical @ jacobian.T + share_error.T @ share_error,
        extras={**panel.counts, **n_used(panel)},
        notes=panel.notes,
        material={
            "trend": np.concatenate([joined(parts, lambda part: part.trend), none]),
            "placebo": np.concatenate([placebo, none.astype(bool)]),
        },
    )


def _parts(
    panel: StaggeredPanel,
    found: TwoWay,
    cells: Interactions,
    names: list[str],
    trend: Array,
    weights: Array | None,
) -> list[Averages]:
    """Return the families with K + N rows of derivatives: by interaction, then by entity's rows."""
    count, n = len(names), len(cells.columns)
    w = np.ones(n) if weights is None else weights
    held = np.column_stack([np.bincount(panel.entity, w * cell) for cell in cells.columns.T])
    own = np.vstack([np.eye(count), np.zeros((len(held), count))])
    shares = Shares(held.sum(axis=0) / n, np.vstack([np.zeros((count, count)), held / n]))
    event = cells.event_time
    whole = Averages(
        CELLS, tuple(names), found.fit.estimate[:count], own, event < 0.0, trend[:count]
    )
    return [whole, *event_averages(whole, shares, event)]


def _with_controls(jacobian: Array, controls: int) -> Array:
    """Return the (k, K) Jacobian with the controls' coefficients passed on as they are."""
    rows, columns = jacobian.shape
    full = np.zeros((rows + controls, columns + controls))
    full[:rows, :columns] = jacobian
    full[rows:, columns:] = np.eye(controls)
    return full
