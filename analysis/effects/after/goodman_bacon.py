"""The two-way fixed-effects coefficient taken apart into its comparisons of two groups.

Goodman-Bacon 2021, Journal of Econometrics 225: 254-277, theorem 1: with n_k the share of cohort k,
D_k its share of treated periods and U the never treated, the weights are proportional to

    n_k n_U D_k (1 - D_k)            k against the never treated,
    n_k n_l (D_k - D_l) (1 - D_k)    k against the later l, before l is treated,
    n_k n_l D_l (D_k - D_l)          l against the earlier k, already treated,

each with its two-by-two difference in differences. They add up to the coefficient exactly.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.estimates import Fitted
from analysis.effects.findings import Asked, Finding
from analysis.effects.staggered.panel import OPTION, StaggeredPanel, shown, staggered_panel

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
ABOUT = About(
    fits="the two-way fixed-effects coefficient as a weighted mean of two-by-two comparisons",
    needs="an estimator with option cohort, a balanced panel, no controls",
    reports="each comparison with its weight, their means by type, the coefficient",
)
NEVER, EARLIER, LATER = "treated v never", "earlier v later", "later v earlier"


@dataclass(frozen=True)
class TwoByTwo:
    """One comparison: treated against control, its type, difference and (unscaled) weight."""

    kind: str
    treated: float
    control: float
    estimate: float
    weight: float

    @property
    def name(self) -> str:
        """Return the cohorts compared."""
        other = "never" if np.isinf(self.control) else shown(self.control)
        return f"{shown(self.treated)} v {other}"


def find(asked: Asked) -> list[Finding]:
    """Return the coefficient, its parts by type, and every comparison; extras hold the weights.

    Raises
    ------
    UserError
        If the estimator has no cohorts, the panel is not balanced, the equation has controls, or
        weights differ within entities.
    """
    asked.require()
    return [finding for fitted in asked.fitted for finding in _taken_apart(asked, fitted)]


def _taken_apart(asked: Asked, fitted: Fitted) -> Iterator[Finding]:
    panel = _balanced_panel(asked, fitted)
    parts = comparisons(panel, fitted.sample.outcome[panel.rows])
    weights = np.array([part.weight for part in parts])
    weights = weights / weights.sum()
    values = np.array([part.estimate for part in parts])
    finding = partial(Finding, outcome=fitted.outcome, term=fitted.fit.terms[0])
    note = "the share on later v earlier compares with cohorts that are already treated"
    total = float(weights @ values)
    yield finding(estimate=total, extras={"comparisons": len(parts)}, note=note)
    for kind in (NEVER, EARLIER, LATER):
        own = np.array([part.kind == kind for part in parts])
        if own.any():
            share = float(weights[own].sum())
            mean = float(weights[own] @ values[own]) / share
            yield finding(estimate=mean, detail=kind, extras={"weight": share})
    for part, weight in zip(parts, weights, strict=True):
        extras = {"weight": float(weight), "kind": part.kind}
        yield finding(estimate=part.estimate, detail=part.name, extras=extras)


def _balanced_panel(asked: Asked, fitted: Fitted) -> StaggeredPanel:
    if OPTION not in fitted.sample.terms:
        english = "an estimator with option cohort (two_way_event_study)"
        raise asked.needs(english, "带 cohort 选项的估计方法（two_way_event_study）")
    if fitted.equation.controls:
        raise asked.needs("an equation without controls", "不含控制变量的方程")
    panel = staggered_panel(fitted.sample, fitted.equation)
    if len(panel.rows) != len(panel.cohort) * len(panel.periods):
        raise asked.needs("a balanced panel", "平衡面板")
    weights = fitted.sample.weights
    if weights is not None and (weights[panel.rows] != panel.weight[panel.entity]).any():
        raise asked.needs("weights that do not change within entities", "个体内不变的权重")
    return panel


def comparisons(panel: StaggeredPanel, outcome: Array) -> list[TwoByTwo]:
    """Return every two-by-two comparison of a balanced panel with its unscaled weight."""
    groups = np.unique(panel.cohort)
    member = (panel.cohort[:, None] == groups) * panel.weight[:, None]
    share = member.sum(axis=0) / member.sum()
    means = (member / member.sum(axis=0)).T @ panel.wide(outcome)
    treated = (panel.periods[None, :] >= groups[:, None]).mean(axis=1)
    found: list[TwoByTwo] = []
    for i, k in enumerate(groups):
        for j in range(i + 1, len(groups)):
            found += _pair(panel.periods, (k, groups[j]), means[[i, j]], share[[i, j]],
                           treated[[i, j]])  # fmt: skip
    return found


def _pair(
    periods: Array, cohorts: tuple[float, float], means: Array, share: Array, treated: Array
) -> Iterator[TwoByTwo]:
    """Yield the comparison(s) of cohort k with l > k; l is infinite for the never treated."""
    k, later = cohorts
    size, (d_k, d_l) = share[0] * share[1], treated
    before = periods < later
    first = _difference(means[0] - means[1], periods >= k, before)
    kind = NEVER if np.isinf(later) else EARLIER
    yield TwoByTwo(kind, k, later, first, size * (d_k - d_l) * (1.0 - d_k))
    if kind == EARLIER:
        second = _difference(means[1] - means[0], periods >= later, periods >= k)
        yield TwoByTwo(LATER, later, k, second, size * d_l * (d_k - d_l))


def _difference(gap: Array, after: Flags, window: Flags) -> float:
    """Return the mean gap after less that before, both within the window."""
    return float(gap[after & window].mean() - gap[~after & window].mean())
