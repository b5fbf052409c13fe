"""Averages of group-time effects: over time since treatment, by cohort, by period, over all.

Callaway and Sant'Anna 2021, section 3.1 and table 1: weights are cohort shares, and their
estimation is part of the influence (their theorem 2 with the remark on estimated weights).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.effects.staggered.group_time import GroupTime
from analysis.effects.staggered.panel import StaggeredPanel, shown

Array = NDArray[np.float64]
CELLS, DYNAMIC, GROUP, CALENDAR, SIMPLE = "att", "dynamic", "group", "calendar", "simple"
EFFECT, PLACEBO = "att", "test"


@dataclass(frozen=True)
class Averages:
    """k numbers of one family: their names, (k,) values, (N, k) influence.

    ``placebo`` (k,) marks what is no effect but a test of common trends; ``trend`` (k,) is what
    each would be if the treated drifted away by one a period.
    """

    family: str
    names: tuple[str, ...]
    estimate: Array
    influence: Array
    placebo: NDArray[np.bool_]
    trend: Array


@dataclass(frozen=True)
class Shares:
    """Cohort shares p_g by cell, (K,), and their (N, K) influence."""

    value: Array
    influence: Array

    def of(self, cells: NDArray[np.int64]) -> "Shares":
        """Return those of some cells."""
        return Shares(self.value[cells], self.influence[:, cells])


def averages(panel: StaggeredPanel, effects: GroupTime, anticipation: float) -> list[Averages]:
    """Return the effects themselves, then every average that some of them make.

    Overall averages follow their family: ``simple`` weights each ATT(g, t) with t >= g by its
    cohort's share; ``dynamic`` is the plain mean over e >= 0, ``calendar`` that over periods;
    ``group`` weights cohorts by their shares.
    """
    cells = Averages(
        CELLS, tuple(effects.names()), effects.estimate, effects.influence,
        effects.event_time < -anticipation, np.asarray(effects.period - effects.base),
    )  # fmt: skip
    shares = _cohort_shares(panel, effects)
    after = effects.event_time >= 0
    by_event = event_averages(cells, shares, effects.event_time)
    if not after.any():
        return [cells, *by_event]
    group = _family(GROUP, "g", cells, shares, effects.cohort, after)
    calendar = _family(CALENDAR, "t", cells, shares, effects.period, after)
    own = _shares_by_cohort(shares, effects.cohort, after)
    return [
        cells, by_event[0], group, calendar, *by_event[1:],
        _weighted(GROUP, (GROUP,), group, [np.arange(len(group.names))], own),
        _plain(CALENDAR, calendar, np.arange(len(calendar.names))),
    ]  # fmt: skip


def event_averages(cells: Averages, shares: Shares, event_time: Array) -> list[Averages]:
    """Return the event study, then ``simple`` and ``dynamic`` where something is treated."""
    every, after = np.ones(len(event_time), dtype=bool), event_time >= 0
    dynamic = _family(DYNAMIC, "e", cells, shares, event_time, every)
    if not after.any():
        return [dynamic]
    simple = _weighted(SIMPLE, (SIMPLE,), cells, [np.flatnonzero(after)], shares)
    return [dynamic, simple, _plain(DYNAMIC, dynamic, np.flatnonzero(np.unique(event_time) >= 0))]


def _cohort_shares(panel: StaggeredPanel, effects: GroupTime) -> Shares:
    member = panel.weight[:, None] * (panel.cohort[:, None] == effects.cohort[None, :])
    value = member.mean(axis=0)
    return Shares(value, (member - value) / len(member))


def _shares_by_cohort(shares: Shares, cohort: Array, after: NDArray[np.bool_]) -> Shares:
    positions = np.flatnonzero(after)
    first = np.unique(cohort[positions], return_index=True)[1]
    return shares.of(positions[first])


def _family(
    family: str, letter: str, cells: Averages, shares: Shares, key: Array, used: NDArray[np.bool_]
) -> Averages:
    """Return share-weighted means over the cells used with one value of ``key`` each."""
    values = np.unique(key[used])
    members = [np.flatnonzero(used & (key == value)) for value in values]
    names = tuple(f"{letter}={shown(value)}" for value in values)
    return _weighted(family, names, cells, members, shares)


def _weighted(
    family: str,
    names: tuple[str, ...],
    parts: Averages,
    members: Sequence[NDArray[np.int64]],
    shares: Shares,
) -> Averages:
    made = [share_weighted(parts.estimate[m], parts.influence[:, m], shares.of(m)) for m in members]
    weights = [shares.value[m] / shares.value[m].sum() for m in members]
    return Averages(
        family, names,
        np.array([value for value, _ in made]),
        _columns(f for _, f in made) if made else np.empty((len(parts.influence), 0)),
        np.array([bool(parts.placebo[m].all()) for m in members], dtype=bool),
        np.array([float(w @ parts.trend[m]) for w, m in zip(weights, members, strict=True)]),
    )  # fmt: skip


def share_weighted(values: Array, influence: Array, shares: Shares) -> tuple[float, Array]:
    """Return theta = sum p_k v_k / sum p_k and its (N,) influence, that of the p_k included.

    d theta / d p_k = (v_k - theta) / sum p.
    """
    total = shares.value.sum()
    theta = float(shares.value @ values / total)
    f = influence @ (shares.value / total) + shares.influence @ ((values - theta) / total)
    return theta, f


def _plain(family: str, parts: Averages, members: NDArray[np.int64]) -> Averages:
    return Averages(
        family, (family,),
        np.array([parts.estimate[members].mean()]),
        parts.influence[:, members].mean(axis=1)[:, None],
        np.array([False]),
        np.array([parts.trend[members].mean()]),
    )  # fmt: skip


def _columns(columns: Iterator[Array]) -> Array:
    return np.column_stack(list(columns))


def joined(parts: Sequence[Averages], of: Callable[[Averages], NDArray[Any]]) -> NDArray[Any]:
    """Return one array of all families, columns side by side."""
    return np.concatenate([of(part) for part in parts], axis=-1)
