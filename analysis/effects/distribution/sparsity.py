"""How thin the outcome lies around a conditional quantile: bandwidths, sparsity, densities.

s(tau) = 1 / f(F^-1(tau)); Koenker 2005, Quantile Regression, section 3.4.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from analysis.effects.distribution.check_function import minimise_check

Array = NDArray[np.float64]
LEVEL = 0.95


def hall_sheather(tau: float, n: int) -> float:
    """Return the bandwidth of Hall and Sheather 1988 (JRSS B 50: 381-391), on the scale of tau.

    h = n^(-1/3) z_(0.975)^(2/3) [1.5 phi(q)^2 / (2 q^2 + 1)]^(1/3), q = Phi^-1(tau); Koenker
    2005, section 3.4.1 and p. 140.
    """
    q = float(ndtri(tau))
    density = float(np.exp(-0.5 * q * q) / np.sqrt(2.0 * np.pi))
    normal = 1.5 * density**2 / (2.0 * q * q + 1.0)
    return float(
        n ** (-1.0 / 3.0) * ndtri(0.5 + LEVEL / 2.0) ** (2.0 / 3.0) * normal ** (1.0 / 3.0)
    )


def within(tau: float, h: float) -> float:
    """Return the bandwidth, halved until tau - h and tau + h lie between 0 and 1."""
    while tau - h < 0.0 or tau + h > 1.0:
        h /= 2.0
    return h


def sparsity(residuals: Array, tau: float, k: int) -> float:
    """Return s(tau) of errors that are independent of x.

    The slope of the ordered residuals nearest to zero on their rank over n - k, by a median
    regression, max(k + 1, n h) of them; those on the plane are passed over. This is the estimate
    of Koenker's own program (quantreg, se = "iid"); Koenker 2005, section 3.4.1.
    """
    n = len(residuals)
    ordered = residuals[np.argsort(np.abs(residuals), kind="stable")]
    zeros = int((ordered == 0.0).sum())
    count = max(k + 1, int(np.ceil(n * hall_sheather(tau, n)))) + 1
    near = np.sort(ordered[zeros : zeros + count])
    if len(near) < 3:
        return float("nan")
    rank = np.arange(len(near), dtype=float)
    scale = rank.std()
    columns = np.column_stack([np.ones(len(near)), (rank - rank.mean()) / scale])
    size = float(np.abs(near).max())
    slope = minimise_check(columns, near / size, 0.5).estimate[1] * size / scale
    return float(slope * (n - k))


def kernel_densities(residuals: Array, tau: float) -> Array:
    """Return (n,) K(e_i / h) / h, the normal kernel: density of the errors at zero, by row.

    Powell 1991; h = [Phi^-1(tau + h_n) - Phi^-1(tau - h_n)] min(sd, IQR / 1.34), h_n Hall and
    Sheather's (Koenker 2005, p. 81). NaN where all residuals are zero.
    """
    h_n = within(tau, hall_sheather(tau, len(residuals)))
    sd = float(residuals.std(ddof=1))
    low, high = np.quantile(residuals, [0.25, 0.75])
    spread = min(sd, (high - low) / 1.34) or sd
    if not spread > 0.0:
        return np.full(len(residuals), np.nan)
    h = float(ndtri(tau + h_n) - ndtri(tau - h_n)) * spread
    return np.exp(-0.5 * (residuals / h) ** 2) / (np.sqrt(2.0 * np.pi) * h)


def difference_densities(design: Array, response: Array, tau: float) -> tuple[Array, int]:
    """Return (n,) densities 2h / x_i'(b(tau + h) - b(tau - h)), and how many were not positive.

    Hendricks and Koenker 1992, JASA 87: 58-68; Koenker 2005, p. 80. Zero where the fitted
    quantiles cross.
    """
    h = within(tau, hall_sheather(tau, len(response)))
    high, low = (minimise_check(design, response, t).estimate for t in (tau + h, tau - h))
    rise = design @ (high - low)
    crossed = rise <= 0.0
    return np.where(crossed, 0.0, 2.0 * h / np.where(crossed, 1.0, rise)), int(crossed.sum())
