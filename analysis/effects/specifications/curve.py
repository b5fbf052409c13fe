"""Every specification of a curve solved from cross-products, with its bootstrap under the null.

One tensor a sample; heteroskedastic errors and ill-conditioned designs go back to the rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from analysis.effects.cross_products.bootstrap import bootstrapped, drawn_of
from analysis.effects.cross_products.draws import Draws
from analysis.effects.cross_products.rows import ROBUST, One, Rows, of_rows, solved_from_rows
from analysis.effects.cross_products.specifications import (
    WORST_CONDITION,
    Equations,
    Solved,
    equations,
    solved,
)
from analysis.effects.cross_products.tensor import CONSTANT, CrossProducts
from analysis.effects.specifications.choices import Choices, Specification

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Result:
    """One specification: estimate, error, degrees, rows; (B,) slopes and statistics, no effect."""

    specification: Specification
    estimate: float
    error: float
    df_resid: int
    n_obs: int
    slopes: Array
    statistics: Array


def rows_of_sample(
    choices: Choices, controls: dict[str, Array], kept: NDArray[np.bool_], codes: Codes, groups: int
) -> Rows:
    """Return the columns of one sample's rows; ``controls`` holds (n,) design columns by name."""
    keyed = {
        CONSTANT: np.ones(len(kept)),
        **{f"treatment {name}": values for name, values in choices.treatments.items()},
        **{f"control {name}": values for name, values in controls.items()},
        **{f"outcome {name}": values for name, values in choices.outcomes.items()},
    }
    return Rows(tuple(keyed), np.column_stack(list(keyed.values()))[kept], codes[kept], groups)


def results(choices: Choices, tables: dict[str, Rows], draws: Draws) -> Iterator[Result | int]:
    """Yield every specification; of one whose treatment does not vary, its number alone."""
    products = {name: of_rows(rows) for name, rows in tables.items()}

    def family(one: Specification) -> tuple[str, str, str]:
        return one.sample, one.outcome, one.treatment

    for (sample, _, _), group in groupby(choices.specifications(), family):
        members = list(group)
        for vcov in choices.vcovs:
            these = [one for one in members if one.vcov == vcov]
            yield from _family(choices, these, products[sample], tables[sample], draws)


def _family(
    choices: Choices,
    these: Sequence[Specification],
    products: CrossProducts,
    rows: Rows,
    draws: Draws,
) -> Iterator[Result | int]:
    """Yield the specifications of one sample, outcome, treatment and covariance."""
    names = [f"control {name}" for columns in choices.columns.values() for name in columns]
    subsets = np.array(
        [[term in one.controls for term, of in choices.columns.items() for _ in of]
         for one in these], dtype=bool,
    ).reshape(len(these), len(names))  # fmt: skip
    outcome, treatment = f"outcome {these[0].outcome}", f"treatment {these[0].treatment}"
    asked = equations(products, outcome, treatment, (CONSTANT,), tuple(names), subsets)
    vcov = these[0].vcov
    found = solved(asked, "classical" if vcov in ROBUST else vcov)
    sound = np.flatnonzero((found.condition <= WORST_CONDITION) & (vcov not in ROBUST))
    if len(sound):
        yield from _from_products(asked, found, sound, these, draws, vcov)
    for m in np.setdiff1d(np.arange(len(these)), sound):
        others = (CONSTANT, *(name for name, has in zip(names, subsets[m], strict=True) if has))
        one = solved_from_rows(rows, outcome, treatment, others, vcov)
        yield these[m].number if one is None else _from_rows(these[m], one, len(rows.codes), draws)


def _from_products(
    asked: Equations, found: Solved, sound: NDArray[np.int64], these: Sequence[Specification],
    draws: Draws, vcov: str,
) -> Iterator[Result]:  # fmt: skip
    drawn = bootstrapped(asked.part(asked.chosen[sound]), draws, vcov)
    for place, m in enumerate(sound):
        yield Result(
            these[m], float(found.estimate[m]), float(found.std_error[m]), int(found.df_resid[m]),
            asked.n_obs, drawn.slopes[place], drawn.statistics[place],
        )  # fmt: skip


def _from_rows(specification: Specification, one: One, n: int, draws: Draws) -> Result:
    _, slopes, statistics = drawn_of(one.null, draws)
    return Result(
        specification, one.estimate, one.std_error, one.df_resid, n, slopes[0], statistics[0]
    )
