"""A curve as rows: specifications in order of the estimate, then what they say together.

The band is what chance draws: with no effect in any specification, each draw's estimates in order,
and of those at one place of the curve the 2.5 and 97.5 % (Simonsohn, Simmons and Nelson 2020,
figure 3, with the wild bootstrap's draws). Influence: the median without the cluster that lowers
it most, and without the one that raises it most.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from analysis.effects.cross_products.draws import Draws
from analysis.effects.specifications.choices import Choices
from analysis.effects.specifications.curve import Result
from analysis.effects.specifications.joint import NAMES, joint_test

Array = NDArray[np.float64]
LEVEL = 0.05
# places of the curve at which the band is written down
PLACES = np.linspace(0.0, 1.0, 41)
LOW, HIGH = "null_low", "null_high"
MEDIAN_WITHOUT = ("median_without_lowest", "median_without_highest")


@dataclass(frozen=True)
class Line:
    """One row: its component and quantity, the estimate, error and p value where it has them."""

    term: str
    component: str
    quantity: str
    estimate: float
    error: float | None = None
    p_value: float | None = None


@dataclass(frozen=True)
class Together:
    """A curve: results in order of the estimate, degrees of freedom, (m, 2) band of the null."""

    ordered: tuple[Result, ...]
    df: int
    band: Array
    lines: tuple[Line, ...]


def together(
    found: Sequence[Result], choices: Choices, draws: Draws, *, band: bool, clusters: Sequence = ()
) -> Together:
    """Return the curve of all specifications.

    Parameters
    ----------
    band
        Whether the null's band is among the lines.
    clusters
        Labels of the clusters, where the results hold estimates without each of them.
    """
    order = np.argsort([one.estimate for one in found], kind="stable")
    ordered = tuple(found[j] for j in order)
    fewest = min(one.df_resid for one in found)
    df = min(fewest, draws.groups - 1) if "cluster" in choices.vcovs else fewest
    slopes = np.stack([one.slopes for one in ordered], axis=1)
    null = np.quantile(np.sort(slopes, axis=1), [LEVEL / 2.0, 1.0 - LEVEL / 2.0], axis=0).T
    lines = [
        *_each(ordered, choices),
        *_joint(ordered, slopes, df, draws, choices.treatments[0]),
        *(_influence(ordered, clusters, choices.treatments[0]) if len(clusters) else ()),
        *(_band(null, choices.treatments[0]) if band else ()),
    ]
    return Together(ordered, df, null, tuple(lines))


def _each(ordered: Sequence[Result], choices: Choices) -> Iterator[Line]:
    several = choices.several
    for one in ordered:
        words = one.specification.words(several)
        yield Line(one.specification.treatment, words, "coefficient", one.estimate, one.error)


def _joint(
    ordered: Sequence[Result], slopes: Array, df: int, draws: Draws, term: str
) -> Iterator[Line]:
    estimates = np.array([one.estimate for one in ordered])
    statistics = estimates / np.array([one.error for one in ordered])
    under_null = np.stack([one.statistics for one in ordered], axis=1)
    critical = float(stats.t(df).ppf(1.0 - LEVEL / 2.0))
    joint = joint_test(estimates, statistics, slopes, under_null, critical, draws.complete)
    quantities = ("test", "share", "share")
    for name, quantity, value, p in zip(
        NAMES, quantities, joint.values, joint.p_values, strict=True
    ):
        yield Line(term, name, quantity, float(value), p_value=float(p))


def _influence(ordered: Sequence[Result], clusters: Sequence, term: str) -> Iterator[Line]:
    without = [one.without for one in ordered if one.without is not None]
    if len(without) < len(ordered):
        return
    medians = np.median(np.stack(without), axis=0)
    for name, place in zip(MEDIAN_WITHOUT, (medians.argmin(), medians.argmax()), strict=True):
        yield Line(term, f"{name}: {clusters[int(place)]}", "test", float(medians[place]))


def _band(null: Array, term: str) -> Iterator[Line]:
    places = PLACES * (len(null) - 1)
    for name, edge in zip((LOW, HIGH), null.T, strict=True):
        for share, value in zip(PLACES, np.interp(places, np.arange(len(edge)), edge), strict=True):
            yield Line(term, f"{name}={share:g}", "test", float(value))


def table_of(curve: Together) -> pd.DataFrame:
    """Return one row a specification in the order of the figure, with the null's band there."""
    return pd.DataFrame([
        {
            "rank": rank, "spec": one.specification.number, "outcome": one.specification.outcome,
            "treatment": one.specification.treatment, "sample": one.specification.sample,
            "controls": "+".join(one.specification.controls), "vcov": one.specification.vcov,
            "estimate": one.estimate, "std_error": one.error, "n_obs": one.n_obs,
            "null_low": low, "null_high": high,
        }
        for rank, (one, (low, high)) in enumerate(zip(curve.ordered, curve.band, strict=True), 1)
    ])  # fmt: skip
