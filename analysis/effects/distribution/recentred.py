"""Recentred influence functions: RIF(y; v) = v + IF(y; v), whose mean is the statistic v itself.

Firpo, Fortin and Lemieux 2009, Econometrica 77: 953-973, and 2018, Econometrics 6(2): 28.
Every function takes the (n,) outcome and (n,) weights and returns (n,) values.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ROOT_2PI = float(np.sqrt(2.0 * np.pi))


class AtQuantile(NamedTuple):
    """A quantile of the outcome, its density there and the (n,) recentred influence function."""

    value: float
    density: float
    influence: Array


def normal_kernel(u: Array) -> Array:
    """Return the standard normal density."""
    return np.asarray(np.exp(-0.5 * u * u) / ROOT_2PI, dtype=np.float64)


def epanechnikov_kernel(u: Array) -> Array:
    """Return 0.75 (1 - u^2 / 5) / sqrt(5) on |u| < sqrt(5): variance one, like the normal."""
    return np.where(np.abs(u) < np.sqrt(5.0), 0.75 * (1.0 - u * u / 5.0) / np.sqrt(5.0), 0.0)


KERNELS: Mapping[str, Callable[[Array], Array]] = {
    "gaussian": normal_kernel,
    "epanechnikov": epanechnikov_kernel,
}


def quantile_value(y: Array, weights: Array, tau: float) -> float:
    """Return the smallest y whose (weighted) distribution function reaches tau."""
    order = np.argsort(y, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    return float(y[order][min(int(np.searchsorted(reached, tau - 1e-12)), len(y) - 1)])


def silverman(y: Array, weights: Array) -> float:
    """Return 0.9 min(sd, IQR / 1.34) n^(-1/5) (Silverman 1986, equation 3.31)."""
    n, mean = len(y), float(weights @ y / weights.sum())
    variance = float(weights @ (y - mean) ** 2 / weights.sum()) * n / (n - 1)
    low, high = (quantile_value(y, weights, tau) for tau in (0.25, 0.75))
    sd = float(np.sqrt(variance))
    return 0.9 * (min(sd, (high - low) / 1.34) or sd) * n**-0.2


def rif_quantile(y: Array, weights: Array, tau: float, h: float, kernel: str) -> AtQuantile:
    """Return q + (tau - 1[y <= q]) / f(q), f a kernel density of bandwidth h."""
    q = quantile_value(y, weights, tau)
    density = float(weights @ KERNELS[kernel]((y - q) / h) / (weights.sum() * h))
    influence = q + (tau - (y <= q).astype(np.float64)) / density
    return AtQuantile(q, density, influence)


def rif_mean(y: Array, weights: Array) -> Array:
    """Return y."""
    return y


def rif_variance(y: Array, weights: Array) -> Array:
    """Return (y - m)^2: the variance with n below."""
    return (y - weights @ y / weights.sum()) ** 2


def rif_gini(y: Array, weights: Array) -> Array:
    """Return G + (E|y - Y| - G (y + m)) / m, G = E|Y - Y'| / (2 m).

    The influence function of a ratio of a mean difference to a mean: the same as Firpo, Fortin
    and Lemieux's (2018, equation 14) by Lorenz ordinates.
    """
    p = weights / weights.sum()
    mean = float(p @ y)
    order = np.argsort(y, kind="stable")
    share, total = np.empty_like(p), np.empty_like(p)
    share[order], total[order] = np.cumsum(p[order]), np.cumsum((p * y)[order])
    # ties give the same whichever comes first: y (2 P - 1) - 2 S moves by 2 p (y - y) = 0
    apart = y * (2.0 * share - 1.0) - 2.0 * total + mean
    gini = float(p @ apart) / (2.0 * mean)
    return gini + (apart - gini * (y + mean)) / mean
