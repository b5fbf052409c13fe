"""Whether the arms look alike before and after weighting or matching, covariate by covariate.

Standardised bias B = 100 (mean_1 - mean_0) / sqrt((s2_1 + s2_0) / 2), the variances those before,
so that before and after are in the same unit (Rosenbaum and Rubin 1985, American Statistician 39:
33-38).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from analysis.effects.treatment.weights import effective_size

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Balance:
    """A covariate: means and variances of arms 0 and 1, bias in per cent, z of the difference."""

    mean_untreated: float
    mean_treated: float
    bias: float | None
    variance_ratio: float | None
    z: float | None
    p_value: float | None


def balance_of(values: Array, treated: Array, weights: Array, spread: float) -> Balance:
    """Return the balance of (n,) values under (n,) weights; ``spread`` is B's denominator.

    The difference of means is tested with errors robust to unequal variances and weights: the
    variance of an arm's mean is sum w^2 (x - mean)^2 / (sum w)^2, times n/(n-1), n the effective
    number of rows.
    """
    means, variances, squares = [], [], []
    for arm in (0, 1):
        x, w = values[treated == arm], weights[treated == arm]
        mean = float(w @ x / w.sum())
        n = max(effective_size(w), 1.0 + 1e-9)
        means.append(mean)
        variances.append(float(w @ (x - mean) ** 2 / w.sum()) * n / (n - 1.0))
        squares.append(float(w**2 @ (x - mean) ** 2 / w.sum() ** 2) * n / (n - 1.0))
    gap, error = means[1] - means[0], float(np.sqrt(sum(squares)))
    z = gap / error if error > 0.0 else None
    return Balance(
        mean_untreated=means[0],
        mean_treated=means[1],
        bias=100.0 * gap / spread if spread > 0.0 else None,
        variance_ratio=variances[1] / variances[0] if variances[0] > 0.0 else None,
        z=z,
        p_value=None if z is None else float(2.0 * norm.sf(abs(z))),
    )


def spread_of(values: Array, treated: Array, weights: Array) -> float:
    """Return sqrt((s2_1 + s2_0) / 2) of (n,) values, weighted."""
    total = 0.0
    for arm in (0, 1):
        x, w = values[treated == arm], weights[treated == arm]
        n = max(effective_size(w), 1.0 + 1e-9)
        mean = w @ x / w.sum()
        total += float(w @ (x - mean) ** 2 / w.sum()) * n / (n - 1.0)
    return float(np.sqrt(total / 2.0))


def reduction(before: float | None, after: float | None) -> float | None:
    """Return by how many per cent the absolute bias fell; None where there was none."""
    if before is None or after is None or before == 0.0:
        return None
    return 100.0 * (1.0 - abs(after) / abs(before))
