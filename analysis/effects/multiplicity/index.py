"""One index of several outcomes, in standard deviations of the reference rows.

Inverse-covariance weights: the mean of standardised outcomes weighted by the row sums of the
inverse of their covariance matrix (Anderson 2008, Journal of the American Statistical Association
103: 1481-1495, section 3.2.1; the efficient weights of O'Brien 1984). Equal weights: their plain
mean, a missing component set to the mean of its treatment arm (Kling, Liebman and Katz 2007,
Econometrica 75: 83-119, p. 89).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Rows = NDArray[np.bool_]
# an eigenvalue below this share of the largest: the outcomes are collinear
COLLINEAR = 1e-10


@dataclass(frozen=True)
class Index:
    """(n,) values, NaN where no outcome is known, and the (J,) weights, which sum to one."""

    values: Array
    weights: Array


def standardised(outcomes: Array, reference: Rows, signs: Array) -> Array:
    """Return (n, J) outcomes, signed, less the mean and over the deviation of reference rows.

    Missing values stay NaN. A column without deviation comes out infinite or NaN throughout.
    """
    known = outcomes[reference]
    mean, deviation = np.nanmean(known, axis=0), np.nanstd(known, axis=0, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(signs * (outcomes - mean) / deviation)


def inverse_covariance_index(z: Array) -> Index | None:
    """Return the index of (n, J) standardised outcomes; None where their covariance is singular.

    The covariance of each pair is that of the rows that have both, so that a row with missing
    outcomes has the weighted mean of those it has.
    """
    matrix = _pairwise_covariance(z)
    sizes = np.linalg.eigvalsh(matrix)
    if not sizes[0] > COLLINEAR * sizes[-1]:
        return None
    weights = np.linalg.solve(matrix, np.ones(len(matrix)))
    present = ~np.isnan(z)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(present, z, 0.0) @ weights / (present @ weights)
    return Index(np.asarray(values), weights / weights.sum())


def _pairwise_covariance(z: Array) -> Array:
    present = (~np.isnan(z)).astype(float)
    deviations = np.where(present > 0, z - np.nanmean(z, axis=0), 0.0)
    return np.asarray(deviations.T @ deviations / np.maximum(present.T @ present - 1.0, 1.0))


def equal_weight_index(z: Array, arms: NDArray[np.int64]) -> Index:
    """Return the plain mean of (n, J) standardised outcomes.

    A missing component has the mean of its arm (``arms`` (n,) codes); a row without any outcome
    stays NaN.
    """
    known = ~np.isnan(z)
    filled = z.copy()
    for arm in np.unique(arms):
        rows = arms == arm
        counts = np.maximum(known[rows].sum(axis=0), 1)
        means = np.where(known[rows], z[rows], 0.0).sum(axis=0) / counts
        filled[rows] = np.where(known[rows], z[rows], means)
    values = np.where(known.any(axis=1), filled.mean(axis=1), np.nan)
    return Index(values, np.full(z.shape[1], 1.0 / z.shape[1]))
