"""Figure 1: densities of the propensity score by treatment, and after matching.

Of a real survey the curves run from the 1st to the 99th percentile and the ends of common support
are left out: they would be single persons' scores.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.data_status import REAL
from analysis.effects.estimates import Fitted
from analysis.effects.paper.disclosure import FEW
from analysis.effects.paper.matched import matched
from analysis.effects.paper.work import Work, not_made
from analysis.sources.surveys import inner_ends

Array = NDArray[np.float64]

POINTS = 101


def rows(work: Work) -> pd.DataFrame:
    """Return the density of the score on 101 points a curve, and the ends of common support."""
    fitted = matched(work)
    material = fitted.fit.material
    score, treated = np.asarray(material["score"]), np.asarray(material["treated"]) == 1.0
    weights = np.asarray(material["weights"]["att"])
    grid = np.linspace(*_reach(work, fitted, score), POINTS)
    curves = {
        "treated": _density(score[treated], grid),
        "untreated": _density(score[~treated], grid),
        "untreated_matched": _density(score[~treated], grid, weights[~treated]),
    }
    parts = [
        pd.DataFrame({"curve": name, "score": grid, "density": density})
        for name, density in curves.items()
    ]
    low, high = _support(work, score, treated)
    return pd.concat(parts, ignore_index=True).assign(support_low=low, support_high=high)


def _density(values: Array, grid: Array, load: Array | None = None) -> Array:
    from scipy.stats import gaussian_kde

    kept = np.ones(len(values), bool) if load is None else load > 0.0
    kernel = gaussian_kde(values[kept], weights=None if load is None else load[kept])
    return np.asarray(kernel(grid))


def _reach(work: Work, fitted: Fitted, score: Array) -> tuple[float, float]:
    """Return where the curves begin and end.

    Raises
    ------
    UserError
        If under ten persons of a real survey lie beyond the percentiles.
    """
    if work.status != REAL:
        return float(score.min()), float(score.max())
    low, high = inner_ends(pd.Series(score), work.persons_of(fitted))
    if np.isnan(low) or np.isnan(high):
        raise not_made(*FEW)
    return low, high


def _support(work: Work, score: Array, treated: NDArray[np.bool_]) -> tuple[float, float]:
    if work.status == REAL:
        return np.nan, np.nan
    low = max(score[treated].min(), score[~treated].min())
    return float(low), float(min(score[treated].max(), score[~treated].max()))
