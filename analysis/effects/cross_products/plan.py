"""Which columns a tensor has, and how a block of the data's rows becomes a block of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.cross_products.row_sums import sums_of
from analysis.effects.cross_products.tensor import (
    CONSTANT,
    CrossProducts,
    Layout,
    Sums,
    finished,
    joined,
)
from analysis.effects.expressions import Scope, evaluate, names_in
from analysis.effects.refusals import needs
from analysis.effects.terms import categories_in, columns_of, sorted_levels
from analysis.messages import UserError

Array = NDArray[np.float64]
BLOCK_ROWS = 131_072
FIRST_LOOK_ROWS = 20_000
# blocks added up at a time: bounded memory, few additions
BATCH = 16
REPEATS = "__repeats"
# functions that look beyond their own row: a block does not have all that they need
ACROSS_ROWS = re.compile(r"\b(lag|group_mean|leave_one_out_mean)\s*\(")


@dataclass(frozen=True)
class Plan:
    """Terms of the tensor's columns, and the columns that say cluster, effect, weight, rows.

    ``effects`` are small crossed effects kept as dummies; ``absorb`` is one effect nested in the
    clusters, taken out by its means; ``samples`` are expressions of samples that are asked for
    besides all rows.

    Raises
    ------
    UserError
        If an expression looks beyond its own row (lag, group means).
    """

    outcomes: tuple[str, ...]
    treatments: tuple[str, ...]
    controls: tuple[str, ...]
    cluster: str
    effects: tuple[str, ...] = ()
    absorb: str = ""
    weights: str = ""
    where: str = ""
    derive: Mapping[str, str] = field(default_factory=dict)
    samples: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if any(ACROSS_ROWS.search(text) for text in self._texts()):
            raise needs(
                "cross_products", "expressions of one row each (no lag, no group means)",
                "仅涉及单行的表达式（不含滞后与组均值）",
            )  # fmt: skip

    def _texts(self) -> list[str]:
        return [*self.terms, *self.derive.values(), *self.samples, self.where, self.weights]

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms in the order of the tensor's columns."""
        dummies = tuple(f"C({name})" for name in self.effects)
        return (*self.outcomes, *self.treatments, *dummies, *self.controls)

    def columns_needed(self) -> list[str]:
        """Return the data's own columns that the plan reads."""
        named = [name for text in self._texts() if text for name in sorted(names_in(text))]
        named += [self.cluster, self.absorb]
        return [name for name in dict.fromkeys(named) if name and name not in self.derive]


@dataclass(frozen=True)
class Look:
    """A first look at the data: labels of the clusters, levels of the dummies, some rows."""

    clusters: tuple
    levels: Mapping[str, Sequence]
    rows: pd.DataFrame


def categories(plan: Plan) -> list[str]:
    """Return the columns whose levels must be known beforehand."""
    return list(dict.fromkeys(name for term in plan.terms for name in categories_in(term)))


def look_at(plan: Plan, frame: pd.DataFrame) -> Look:
    """Return the first look at data held in memory."""
    known = _derived(plan, frame)
    return Look(
        tuple(sorted_levels(known[plan.cluster].unique().tolist())),
        {name: sorted_levels(known[name].unique().tolist()) for name in categories(plan)},
        frame.head(FIRST_LOOK_ROWS),
    )


def layout_of(plan: Plan, look: Look) -> tuple[Layout, dict[str, tuple[str, ...]]]:
    """Return the layout, shift and scale from the first rows, and the columns of each term.

    Raises
    ------
    UserError
        If a term is refused, or the first rows have no complete one.
    """
    wide, by_term = _columns(plan, _derived(plan, look.rows), look)
    complete = wide.dropna()
    if complete.empty:
        worst = str(wide.isna().mean().idxmax())
        raise UserError("no_complete_row", equation="cross_products", column=worst)
    shift, scale = complete.mean().to_numpy(float), complete.std(ddof=0).to_numpy(float)
    scale = np.where(scale > 0.0, scale, 1.0)
    names = tuple(wide.columns)
    if not plan.absorb:
        names, shift, scale = (CONSTANT, *names), np.append(0.0, shift), np.append(1.0, scale)
    return Layout(names, shift, scale, look.clusters, plan.samples), by_term


def _columns(
    plan: Plan, known: pd.DataFrame, look: Look
) -> tuple[pd.DataFrame, dict[str, tuple[str, ...]]]:
    scope = Scope(known)
    parts: dict[str, pd.Series] = {}
    by_term = {}
    for term in plan.terms:
        found = columns_of(term, scope, look.levels)
        parts |= found
        by_term[term] = tuple(found)
    return pd.DataFrame(parts), by_term


def _derived(plan: Plan, frame: pd.DataFrame) -> pd.DataFrame:
    for name, text in plan.derive.items():
        frame = frame.assign(**{name: evaluate(text, Scope(frame))})
    return frame


def block_sums(plan: Plan, look: Look, layout: Layout, frame: pd.DataFrame) -> Sums:
    """Return the sums of a block of the data's rows: filtered, complete."""
    known = _derived(plan, frame)
    wide, _ = _columns(plan, known, look)
    clusters = pd.Index(look.clusters).get_indexer(known[plan.cluster])
    strata, stated = _strata(plan, known)
    cells = strata * len(look.clusters) + clusters
    values = wide.to_numpy(float)
    weight = evaluate(plan.weights, Scope(known)).to_numpy(float) if plan.weights else None
    kept = np.isfinite(values).all(axis=1) & (clusters >= 0) & stated
    if weight is not None:
        kept &= weight > 0.0
    if plan.where:
        kept &= evaluate(plan.where, Scope(known)).to_numpy(bool)
    if plan.absorb:
        kept &= known[plan.absorb].notna().to_numpy()
    ones = [] if plan.absorb else [np.ones((len(values), 1))]
    block = np.hstack([*ones, values])

    def of_kept(column: NDArray | None) -> NDArray | None:
        return column if column is None or kept.all() else column[kept]

    return sums_of(
        layout,
        block if kept.all() else block[kept],
        cells if kept.all() else cells[kept],
        of_kept(known[plan.absorb].to_numpy() if plan.absorb else None),
        of_kept(weight),
        of_kept(frame[REPEATS].to_numpy() if REPEATS in frame else None),
    )


def _strata(plan: Plan, known: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return (n,) binary numbers of the samples that hold each row, and where all are stated."""
    strata, stated = np.zeros(len(known), dtype=np.int64), np.ones(len(known), dtype=bool)
    for place, text in enumerate(plan.samples):
        inside = evaluate(text, Scope(known))
        stated &= inside.notna().to_numpy()
        strata |= (inside.fillna(0).to_numpy() != 0).astype(np.int64) << place
    return strata, stated


def added_up(parts: Iterator[Sums]) -> Sums:
    """Return the sum of all blocks, some at a time.

    Raises
    ------
    UserError
        If there is no block.
    """
    batch: list[Sums] = []
    for part in parts:
        batch.append(part)
        if len(batch) == BATCH:
            batch = [joined(batch)]
    if not batch:
        raise UserError("no_row_where", equation="cross_products", where="-")
    return joined(batch)


def from_frame(plan: Plan, frame: pd.DataFrame, rows: int = BLOCK_ROWS) -> CrossProducts:
    """Return the tensor of data held in memory, built block by block.

    Raises
    ------
    UserError
        If a term is refused or the absorbed effect is not nested in the clusters.
    """
    return finished(sums_of_frame(plan, frame, rows))


def sums_of_frame(plan: Plan, frame: pd.DataFrame, rows: int = BLOCK_ROWS) -> Sums:
    """Return the sums of data held in memory; ``finished`` makes one sample's tensor of them.

    Raises
    ------
    UserError
        If a term is refused.
    """
    look = look_at(plan, frame)
    layout, _ = layout_of(plan, look)
    blocks = (frame.iloc[start : start + rows] for start in range(0, len(frame), rows))
    return added_up(block_sums(plan, look, layout, block) for block in blocks)
