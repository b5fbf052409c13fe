"""A panel with a first treated period for each entity, checked, and its rows laid out.

A cohort is the entities first treated in the same period. Cohort 0, infinite or missing is never
treated, and so is one that starts after the last period (plus anticipation). Entities treated in
the first period or before have no period to compare with: they are left out and counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.linear_models.panel import codes_in, entities, is_nested
from analysis.effects.refusals import needs
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
OPTION = "cohort"
# the block of the sample that may miss in a row: a missing cohort is never treated
MISSING_IS_NEVER = f"terms {OPTION}"
NEVER = np.inf
PAIRS, BALANCED, CROSS_SECTIONS = KINDS = ("pairs", "balanced", "cross_sections")


@dataclass(frozen=True)
class StaggeredPanel:
    """N entities seen in some of T periods, each with its cohort.

    Attributes
    ----------
    rows, entity, period
        (n,) positions in the sample of the rows used, codes of their entities 0 .. N - 1 and of
        their periods 0 .. T - 1.
    periods
        (T,) periods in order.
    cohort, weight
        (N,) first treated period (infinite: never) and weight of each entity.
    first
        (N,) position in the sample of each entity's first row.
    n_rows, cross_sections
        Rows of the sample; whether each row is an entity of its own.
    counts, notes
        What to report, and what had to be said.
    """

    rows: Codes
    entity: Codes
    period: Codes
    periods: Array
    cohort: Array
    weight: Array
    first: Codes
    n_rows: int
    cross_sections: bool
    counts: Mapping[str, Any]
    notes: tuple[str, ...]

    @property
    def cohorts(self) -> Array:
        """Return the treated cohorts in order."""
        return np.unique(self.cohort[np.isfinite(self.cohort)])

    def event_time(self) -> Array:
        """Return (n,) periods since the first treated one; minus infinity for the never treated."""
        return np.asarray(self.periods[self.period] - self.cohort[self.entity])

    def wide(self, values: Array) -> Array:
        """Return (N, T) of (n,) values of the rows used; missing where an entity is not seen."""
        table = np.full((len(self.cohort), len(self.periods)), np.nan)
        table[self.entity, self.period] = values
        return table

    def on_rows(self, influence: Array) -> Array:
        """Return (n of the sample, k) of (N, k): an entity's stands on its first row."""
        full = np.zeros((self.n_rows, influence.shape[1]))
        full[self.first] = influence
        return full


def staggered_panel(
    sample: Sample, equation: Equation, anticipation: float = 0.0, kind: str = PAIRS
) -> StaggeredPanel:
    """Return the panel of a sample.

    ``kind`` balanced keeps the entities seen in every period only; with cross_sections every row
    is an entity of its own.

    Raises
    ------
    UserError
        If the study names no entity or time, time or cohort is not numeric, an entity's cohort
        changes or it has two rows in a period, or nobody is first treated after the first period.
    """
    rows_alone = kind == CROSS_SECTIONS
    codes = np.arange(sample.n_obs) if rows_alone else entities(sample, equation)
    time, cohort = _times(sample, equation), _cohorts(sample, equation)
    _require_positive(sample, equation)
    _require_meaning(time, equation)
    _require_one_row(sample, codes, time, equation)
    by_entity = _cohort_of_entity(sample, codes, cohort, equation)
    periods = np.unique(time)
    if len(periods) < 2:
        raise needs(equation, "at least two periods", "至少两个时期")
    started = by_entity <= periods[0] + anticipation
    seen = np.bincount(codes)
    partial = (seen < len(periods)) & (kind == BALANCED)
    used = ~started & ~partial
    by_entity = np.where(by_entity > periods[-1] + anticipation, NEVER, by_entity)
    if not np.isfinite(by_entity[used]).any():
        english = "entities first treated after the first period"
        raise needs(equation, english, "有个体在第一个时期之后才首次受处理")
    panel = _laid_out(sample, codes, time, periods, by_entity, used, started, partial)
    return _of_rows(panel, sample) if rows_alone else panel


def _of_rows(panel: StaggeredPanel, sample: Sample) -> StaggeredPanel:
    """Return the panel said to be one of rows."""
    notes = tuple(
        note.replace("entities", "rows").replace("one entity", "one row") for note in panel.notes
    )
    if sample.entity is not None and sample.entity.duplicated().any():
        notes = (*notes, f"rows of one {sample.entity.name} taken as independent: cluster by it")
    counts = {name: number for name, number in panel.counts.items() if name != "n_entities"}
    return replace(panel, cross_sections=True, counts=counts, notes=notes)


def _laid_out(
    sample: Sample,
    codes: Codes,
    time: Array,
    periods: Array,
    cohort: Array,
    used: NDArray[np.bool_],
    started: NDArray[np.bool_],
    partial: NDArray[np.bool_],
) -> StaggeredPanel:
    rows = np.flatnonzero(used[codes])
    renumbered = np.cumsum(used) - 1
    entity = renumbered[codes[rows]]
    first = rows[np.unique(entity, return_index=True)[1]]
    weight, uneven = _weights(sample, entity, rows, first)
    cohort = cohort[used]
    return StaggeredPanel(
        rows=rows, entity=entity, period=np.searchsorted(periods, time[rows]), periods=periods,
        cohort=cohort, weight=weight, first=first, n_rows=sample.n_obs,
        cross_sections=False,
        counts=_counted(cohort, periods, started, partial),
        notes=_said(cohort, rows, sample.n_obs, started, partial, uneven),
    )  # fmt: skip


# --- what is refused --------------------------------------------------------------------------


def _times(sample: Sample, equation: Equation) -> Array:
    if sample.time is None:
        raise needs(equation, "time in the study file", "在研究文件中给出 time")
    if not pd.api.types.is_numeric_dtype(sample.time):
        english = f"numeric periods ({sample.time.name} is not)"
        raise needs(equation, english, f"数值型时期（{sample.time.name} 不是）")
    return sample.time.to_numpy(dtype=float)


def _cohorts(sample: Sample, equation: Equation) -> Array:
    """Return (n,) first treated periods, infinite for never (0, infinite or missing)."""
    block = sample.terms.get(OPTION)
    if block is None or block.shape[1] != 1:
        english = 'options.cohort = "the first treated period" (0 or missing: never)'
        raise needs(equation, english, "options.cohort（首次受处理的时期，0或缺失表示从未）")
    values = block.iloc[:, 0].to_numpy(float)
    return np.where(np.isnan(values) | (values == 0.0), NEVER, values)


def _require_positive(sample: Sample, equation: Equation) -> None:
    if sample.weights is not None and not (sample.weights > 0.0).all():
        raise needs(equation, "positive weights", "正的权重")


def _require_meaning(time: Array, equation: Equation) -> None:
    """Refuse periods around 0, where cohort 0 could be a period or never."""
    if (time == 0.0).any():
        english = "periods without 0 (cohort 0 means never treated): shift time and cohort"
        raise needs(
            equation, english, "时期中没有0（cohort 为0表示从未受处理）：请平移时间与cohort"
        )


def _require_one_row(sample: Sample, codes: Codes, time: Array, equation: Equation) -> None:
    twice = pd.DataFrame({"entity": codes, "time": time}).duplicated().to_numpy()
    if twice.any():
        who, when = sample.entity.iloc[twice.argmax()], time[twice.argmax()]  # type: ignore[union-attr]
        english = f"one row an entity and period (entity {who} has two in {shown(when)})"
        raise needs(equation, english, f"每个个体每期一行（个体 {who} 在 {shown(when)} 有两行）")


def _cohort_of_entity(sample: Sample, codes: Codes, cohort: Array, equation: Equation) -> Array:
    first = np.unique(codes, return_index=True)[1]
    by_entity = cohort[first]
    changes = cohort != by_entity[codes]
    if changes.any():
        who = sample.entity.iloc[changes.argmax()]  # type: ignore[union-attr]
        english = f"one cohort an entity (that of entity {who} changes)"
        raise needs(equation, english, f"每个个体只有一个cohort（个体 {who} 的cohort有变化）")
    return by_entity


def require_clusters_of_entities(sample: Sample, equation: Equation) -> None:
    """Refuse clusters that cut through entities.

    Raises
    ------
    UserError
        If the rows of one entity lie in different clusters.
    """
    codes = entities(sample, equation)
    for name in sample.clusters:
        if not is_nested(codes, codes_in(sample.clusters[name])):
            english = f"clusters that hold entities whole ({name} does not)"
            raise needs(equation, english, f"聚类包含完整的个体（{name} 不是）")


def choice(equation: Equation, name: str, allowed: Sequence[str]) -> str:
    """Return an option that is one of ``allowed``, the first where absent.

    Raises
    ------
    UserError
        If it is none of them.
    """
    value = equation.options.get(name, allowed[0])
    if value not in allowed:
        listed = " | ".join(allowed)
        raise needs(equation, f"options.{name} = {listed}", f"options.{name} 为 {listed}")
    return str(value)


# --- what is said -----------------------------------------------------------------------------


def shown(value: float) -> str:
    """Return a period, cohort or event time as it is written in a component."""
    return f"{value:.10g}"


def _weights(sample: Sample, entity: Codes, rows: Codes, first: Codes) -> tuple[Array, bool]:
    """Return an entity's first weight, and whether weights differ within entities."""
    if sample.weights is None:
        return np.ones(len(first)), False
    weight = sample.weights[first]
    return weight, bool((sample.weights[rows] != weight[entity]).any())


def _counted(
    cohort: Array, periods: Array, started: NDArray[np.bool_], partial: NDArray[np.bool_]
) -> dict[str, Any]:
    values, sizes = np.unique(cohort, return_counts=True)
    names = ["n_never" if np.isinf(value) else f"n_g={shown(value)}" for value in values]
    left = {"n_treated_at_start": int(started.sum()), "n_not_balanced": int(partial.sum())}
    return {
        "n_entities": len(cohort),
        "n_periods": len(periods),
        "n_never": 0,
        **dict(zip(names, map(int, sizes), strict=True)),
        **{name: number for name, number in left.items() if number},
    }


def _said(
    cohort: Array,
    rows: Codes,
    n_rows: int,
    started: NDArray[np.bool_],
    partial: NDArray[np.bool_],
    uneven: bool,
) -> tuple[str, ...]:
    values, sizes = np.unique(cohort[np.isfinite(cohort)], return_counts=True)
    alone = ", ".join(shown(value) for value in values[sizes == 1])
    in_n = f" ({n_rows - len(rows)} rows, still in N)"
    said = {
        f"{started.sum()} entities without a period before treatment: left out{in_n}": (
            started.any()
        ),
        f"{partial.sum()} entities not seen in every period: left out{in_n}": partial.any(),
        f"cohorts of one entity: {alone}; their errors hold the controls' variance only": alone,
        "weights differ within entities: the first of each counts": uneven,
    }
    return tuple(text for text, holds in said.items() if holds)
