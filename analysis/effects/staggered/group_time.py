"""Group-time average treatment effects ATT(g, t) of Callaway and Sant'Anna.

ATT(g, t) = E[Y_t - Y_b | G = g] less the same among the controls (2021, Journal of Econometrics
225: 200-230, theorem 1), b the base period: the last one before g less the anticipation delta. For
t < g - delta it is a placebo, from the period just before t (varying base) or from b (universal
base). Controls are the never treated, or those not yet treated in t and b, delta periods ahead.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.refusals import needs
from analysis.effects.staggered.four_cells import FourCells, effect_across
from analysis.effects.staggered.panel import StaggeredPanel, choice, shown
from analysis.effects.staggered.two_by_two import METHODS, Comparison, NotEstimableError, effect
from analysis.effects.study import Equation

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
# an effect, its (N,) influence and the controls that were given no weight
Found: TypeAlias = tuple[float, Array, int]
CONTROLS = ("never", "not_yet")
BASES = ("varying", "universal")


@dataclass(frozen=True)
class Rules:
    """How to compare: controls, base of the placebos, method, periods of anticipation."""

    control: str
    base: str
    method: str
    anticipation: float


@dataclass(frozen=True)
class Cell:
    """Cohort g in period t, compared with base period b: positions in cohorts and periods."""

    cohort: float
    period: int
    base: int


@dataclass(frozen=True)
class GroupTime:
    """K effects, all (K,), and their (N, K) influence f_i by entity.

    ``base`` holds the base periods, ``trimmed`` the controls that were given no weight.
    """

    cohort: Array
    period: Array
    base: Array
    estimate: Array
    influence: Array
    trimmed: int
    impossible: tuple[str, ...]

    @property
    def event_time(self) -> Array:
        """Return (K,) periods since the cohort's first."""
        return np.asarray(self.period - self.cohort)

    def names(self) -> list[str]:
        """Return att(g,t) by cell."""
        return [name_of(g, t) for g, t in zip(self.cohort, self.period, strict=True)]


def name_of(cohort: float, period: float) -> str:
    """Return att(g,t)."""
    return f"att({shown(cohort)},{shown(period)})"


def rules_of(equation: Equation) -> Rules:
    """Return what the options control, base, method and anticipation ask for.

    Raises
    ------
    UserError
        If one of them is none of its values.
    """
    ahead = equation.options.get("anticipation", 0)
    if isinstance(ahead, bool) or not isinstance(ahead, int | float) or not 0 <= ahead < np.inf:
        english = "options.anticipation, a number of periods of at least 0"
        raise needs(equation, english, "options.anticipation（不小于0的期数）")
    return Rules(
        choice(equation, "control", CONTROLS), choice(equation, "base", BASES),
        choice(equation, "method", METHODS), float(ahead),
    )  # fmt: skip


def cells_of(panel: StaggeredPanel, rules: Rules) -> Iterator[Cell]:
    """Yield every comparison of a cohort's period with its base."""
    for cohort in panel.cohorts:
        before = int((panel.periods < cohort - rules.anticipation).sum())
        for period in range(len(panel.periods)):
            varies = rules.base == "varying" and period < before
            base = period - 1 if varies else before - 1
            if base >= 0 and base != period:
                yield Cell(float(cohort), period, base)


def group_time(
    panel: StaggeredPanel,
    outcome: Array,
    covariates: pd.DataFrame,
    rules: Rules,
    equation: Equation,
) -> GroupTime:
    """Return every ATT(g, t) that has controls.

    ``outcome`` (n,) and ``covariates`` (n, k) are those of the panel's rows.

    Raises
    ------
    UserError
        If nobody is never treated and such controls are asked for, no comparison is left, or one
        cannot be made with its covariates.
    """
    if rules.control == "never" and not np.isinf(panel.cohort).any():
        english = 'never-treated entities, or options.control = "not_yet"'
        raise needs(equation, english, '从未受处理的个体，或 options.control = "not_yet"')
    columns = covariates.to_numpy(float)
    way = _across_rows if panel.cross_sections else _within_entities
    compare = way(panel, outcome, columns, rules)
    made: list[tuple[Cell, float, Array, int]] = []
    impossible = []
    for cell in cells_of(panel, rules):
        name = name_of(cell.cohort, panel.periods[cell.period])
        found = _compared(compare, cell, name, equation)
        if found is None:
            impossible.append(name)
        else:
            made.append((cell, *found))
    if not made:
        raise needs(equation, "a comparison with controls", "至少一个有对照组的比较")
    return _gathered(panel, made, tuple(impossible))


def _compared(
    compare: Callable[[Cell], Found | None], cell: Cell, name: str, equation: Equation
) -> Found | None:
    try:
        return compare(cell)
    except NotEstimableError as error:
        english, chinese = error.args
        raise needs(equation, f"{english} ({name})", f"{chinese}（{name}）") from error


def _sides(panel: StaggeredPanel, cell: Cell, rules: Rules) -> tuple[Flags, Flags]:
    """Return (N,) who is of the cohort, and who is a control."""
    last = panel.periods[max(cell.period, cell.base)] + rules.anticipation
    untreated = np.isinf(panel.cohort) if rules.control == "never" else panel.cohort > last
    own = panel.cohort == cell.cohort
    return own, untreated & ~own


def _within_entities(
    panel: StaggeredPanel, outcome: Array, covariates: Array, rules: Rules
) -> Callable[[Cell], Found | None]:
    """Return the comparison of changes of those seen in both periods."""
    y = panel.wide(outcome)
    x = np.dstack([np.empty((*y.shape, 0)), *map(panel.wide, covariates.T)])

    def compared(cell: Cell) -> Found | None:
        seen = np.isfinite(y[:, cell.period]) & np.isfinite(y[:, cell.base])
        own, others = (side & seen for side in _sides(panel, cell, rules))
        if not own.any() or not others.any():
            return None
        members = own | others
        two = Comparison(
            change=y[members, cell.period] - y[members, cell.base],
            treated=own[members].astype(float),
            weight=panel.weight[members],
            covariates=x[members, cell.base],
        )
        value, f, trimmed = effect(two, rules.method)
        return value, _spread(members, f), trimmed

    return compared


def _across_rows(
    panel: StaggeredPanel, outcome: Array, covariates: Array, rules: Rules
) -> Callable[[Cell], Found | None]:
    """Return the comparison of the rows of both periods, each row an entity of its own."""

    def compared(cell: Cell) -> Found | None:
        after, before = panel.period == cell.period, panel.period == cell.base
        own, others = _sides(panel, cell, rules)
        if not all((side & when).any() for side in (own, others) for when in (after, before)):
            return None
        members = (own | others) & (after | before)
        four = FourCells(
            outcome=outcome[members],
            treated=own[members].astype(float),
            after=after[members].astype(float),
            weight=panel.weight[members],
            covariates=covariates[members],
        )
        value, f, trimmed = effect_across(four, rules.method)
        return value, _spread(members, f), trimmed

    return compared


def _spread(members: Flags, f: Array) -> Array:
    """Return (N,) influences, 0 for those not compared."""
    full = np.zeros(len(members))
    full[members] = f
    return full


def _gathered(
    panel: StaggeredPanel, made: list[tuple[Cell, float, Array, int]], impossible: tuple[str, ...]
) -> GroupTime:
    cells = [cell for cell, *_ in made]
    return GroupTime(
        cohort=np.array([cell.cohort for cell in cells]),
        period=panel.periods[[cell.period for cell in cells]],
        base=panel.periods[[cell.base for cell in cells]],
        estimate=np.array([value for _, value, _, _ in made]),
        influence=np.column_stack([influence for _, _, influence, _ in made]),
        trimmed=sum(trimmed for *_, trimmed in made),
        impossible=impossible,
    )
