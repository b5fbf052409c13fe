"""Adjusted p values of a family of tests.

A test is rejected at any level where its adjusted p value does not exceed that level: by
Bonferroni and Holm (1979, Scandinavian Journal of Statistics 6: 65-70) the family-wise error rate
is held, by Benjamini and Hochberg (1995, Journal of the Royal Statistical Society B 57: 289-300)
and Benjamini and Yekutieli (2001, Annals of Statistics 29: 1165-1188) the false discovery rate.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
SHARPENED = "sharpened_q"
# the names that statsmodels has for them
METHODS = {
    "bonferroni": "bonferroni",
    "holm": "holm",
    "benjamini_hochberg": "fdr_bh",
    "benjamini_yekutieli": "fdr_by",
}
GRID = 1000
# n q / m against p: products of decimals are off by a few units in the last place
ROUNDING = 1.0 + 1e-12


def adjusted(p_values: Array, method: str) -> Array:
    """Return the (m,) adjusted values of (m,) p values; ``method`` of METHODS or sharpened_q."""
    if method == SHARPENED:
        return sharpened_q(p_values)
    from statsmodels.stats.multitest import multipletests

    return np.asarray(multipletests(p_values, method=METHODS[method])[1], dtype=np.float64)


def sharpened_q(p_values: Array) -> Array:
    """Return the (m,) sharpened q values: the least of the rates 0.001 ... 1.000 that rejects each.

    At each rate q the two-stage step-up of Benjamini, Krieger and Yekutieli (2006, Biometrika 93:
    491-507, definition 6): r1 rejections at q / (1 + q), then a step-up at q / (1 + q) m / (m -
    r1). Anderson (2008, Journal of the American Statistical Association 103: 1481-1495, section
    3.2.2) takes the least q that rejects; what none rejects has 1.
    """
    order = np.argsort(p_values, kind="stable")
    ordered, m = p_values[order], len(p_values)
    rates = np.arange(1, GRID + 1)[:, None] / GRID
    stage = rates / (1.0 + rates)
    first = _step_up(ordered, stage)[:, None]
    left = m - first
    second = _step_up(ordered, np.divide(stage * m, left, out=np.ones_like(stage), where=left > 0))
    second = np.where(first[:, 0] == m, m, second)
    rejects = second[:, None] > np.arange(m)
    least = np.where(rejects.any(axis=0), rates[rejects.argmax(axis=0), 0], 1.0)
    values = np.empty(m)
    values[order] = least
    return values


def _step_up(ordered: Array, rates: Array) -> NDArray[np.int64]:
    """Return how many of the ordered p values each rate (r, 1) rejects."""
    m = len(ordered)
    below = ordered <= rates * np.arange(1, m + 1) / m * ROUNDING
    return np.where(below.any(axis=1), m - below[:, ::-1].argmax(axis=1), 0)


def rejections(adjusted_values: Array, level: float) -> int:
    """Return how many are rejected at ``level``."""
    return int((adjusted_values <= level * ROUNDING).sum())
