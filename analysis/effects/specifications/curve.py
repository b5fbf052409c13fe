"""Every specification of a curve solved from cross-products, with its bootstrap under the null.

One tensor a sample; heteroskedastic errors and ill-conditioned designs go back to the rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from analysis.effects.cross_products.bootstrap import bootstrapped, drawn_of
from analysis.effects.cross_products.draws import Draws
from analysis.effects.cross_products.rows import ROBUST, One, solved_from_rows
from analysis.effects.cross_products.specifications import (
    WORST_CONDITION,
    Equations,
    Solved,
    equations,
    leave_one_out,
    require_sound,
    solved,
)
from analysis.effects.specifications.choices import Choices, Specification
from analysis.effects.specifications.material import Material

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Result:
    """One specification: estimate, error, degrees, rows; (B,) slopes and statistics, no effect.

    ``without`` holds the (G,) estimates without each cluster, where they were asked for and
    cross-products give them.
    """

    specification: Specification
    estimate: float
    error: float
    df_resid: int
    n_obs: int
    slopes: Array
    statistics: Array
    without: Array | None = None


def results(
    choices: Choices, material: Mapping[str, Material], draws: Draws, influence: bool = False
) -> Iterator[Result | int]:
    """Yield every specification; of one whose treatment does not vary, its number alone.

    Raises
    ------
    UserError
        If one needs rows and there are none.
    """

    def family(one: Specification) -> tuple[str, str, str]:
        return one.sample, one.outcome, one.treatment

    for (sample, _, _), group in groupby(choices.specifications(), family):
        members = list(group)
        for vcov in choices.vcovs:
            these = [one for one in members if one.vcov == vcov]
            yield from _family(choices, these, material[sample], draws, influence)


def _family(
    choices: Choices,
    these: Sequence[Specification],
    material: Material,
    draws: Draws,
    influence: bool,
) -> Iterator[Result | int]:
    """Yield the specifications of one sample, outcome, treatment and covariance."""
    names = tuple(material.column("control", name) for name in choices.control_columns)
    outcome = material.column("outcome", these[0].outcome)
    treatment = material.column("treatment", these[0].treatment)
    subsets = _subsets(choices, these)
    asked = equations(material.products, outcome, treatment, material.always, names, subsets)
    vcov, rows = these[0].vcov, material.rows
    found = solved(asked, "classical" if vcov in ROBUST else vcov)
    if rows is None:
        require_sound(found)
    sound = np.flatnonzero((found.condition <= WORST_CONDITION) & (vcov not in ROBUST))
    if len(sound):
        yield from _from_products(asked, found, sound, these, draws, vcov, influence)
    for m in np.setdiff1d(np.arange(len(these)), sound):
        chosen = (name for name, has in zip(names, subsets[m], strict=True) if has)
        one = solved_from_rows(rows, outcome, treatment, (*material.always, *chosen), vcov)  # type: ignore[arg-type]
        yield these[m].number if one is None else _from_rows(these[m], one, asked.n_obs, draws)


def _subsets(choices: Choices, these: Sequence[Specification]) -> NDArray[np.bool_]:
    """Return (m, q): which columns of controls each specification has."""
    sizes = [len(columns) for columns in choices.columns.values()]
    terms = [[term in one.controls for term in choices.columns] for one in these]
    chosen = np.array(terms, dtype=bool).reshape(len(these), len(sizes))
    return np.repeat(chosen, sizes, axis=1)


def _from_products(
    asked: Equations, found: Solved, sound: NDArray[np.int64], these: Sequence[Specification],
    draws: Draws, vcov: str, influence: bool,
) -> Iterator[Result]:  # fmt: skip
    mine = asked.part(asked.chosen[sound])
    drawn = bootstrapped(mine, draws, vcov)
    without = leave_one_out(mine).T * mine.unit if influence else [None] * len(sound)
    for place, m in enumerate(sound):
        yield Result(
            these[m], float(found.estimate[m]), float(found.std_error[m]), int(found.df_resid[m]),
            asked.n_obs, drawn.slopes[place], drawn.statistics[place], without[place],
        )  # fmt: skip


def _from_rows(specification: Specification, one: One, n: int, draws: Draws) -> Result:
    _, slopes, statistics = drawn_of(one.null, draws)
    return Result(
        specification, one.estimate, one.std_error, one.df_resid, n, slopes[0], statistics[0]
    )
