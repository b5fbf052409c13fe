"""Sums of kernel weights over points on a line: kernel and radius matching on the score.

Heckman, Ichimura and Todd 1998, Review of Economic Studies 65: 261-294. A sum over a kernel of
bounded support is a polynomial of the point it is taken at, its coefficients sums of powers over
runs of sorted points (the fast sum updating of Langrene and Warin 2019, Journal of Computational
and Graphical Statistics 28: 596-608); powers are taken from the middle of bins one bandwidth wide,
so that nothing cancels. The Gaussian is summed on a grid with a fiftieth of the bandwidth between
its points and by cubic splines between them (relative error below 1e-6), where that is less work.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
EPANECHNIKOV, GAUSSIAN, UNIFORM = "epanechnikov", "gaussian", "uniform"
KERNELS = (EPANECHNIKOV, GAUSSIAN)
BLOCK, FINENESS = 256, 50
# products of points beyond which the Gaussian is summed on the grid
MANY = 20_000_000
# the Gaussian is cut off here, in bandwidths
TAIL = 9.0


def kernel_sums(
    at: Array, points: Array, values: Array, kernel: str, bandwidth: float, power: int = 1
) -> Array:
    """Return the (a, q) sums over j of K((at_i - points_j) / bandwidth)^power values_j.

    ``at`` (a,), ``points`` (m,), ``values`` (m, q); K(u) is 1 - u^2 or 1 up to |u| = 1, or
    exp(-u^2 / 2), their constants left out; ``power`` 1 or 2.
    """
    scaled, centre = at / bandwidth, points / bandwidth
    order = np.argsort(centre, kind="stable")
    centre, values = centre[order], values[order]
    if kernel != GAUSSIAN:
        return _by_powers(scaled, centre, values, kernel, power)
    if len(at) * len(points) > MANY:
        grid = _grid(scaled)
        if len(grid) < len(at):
            return _between(grid, _by_blocks(grid, centre, values, power), scaled)
    turn = np.argsort(scaled, kind="stable")
    found = np.empty((len(at), values.shape[1]))
    found[turn] = _by_blocks(scaled[turn], centre, values, power)
    return found


# --- bounded support --------------------------------------------------------------------------


def _by_powers(at: Array, centre: Array, values: Array, kernel: str, power: int) -> Array:
    """Return the sums from running sums of powers; ``centre`` sorted, all in bandwidths."""
    degree = 0 if kernel == UNIFORM else 2 * power
    middle = np.floor(centre) + 0.5
    powers = (centre - middle)[:, None] ** np.arange(degree + 1)
    running = np.zeros((len(centre) + 1, degree + 1, values.shape[1]))
    np.cumsum(powers[:, :, None] * values[:, None, :], axis=0, out=running[1:])
    sums = np.zeros((len(at), values.shape[1]))
    for shift in (-1.0, 0.0, 1.0):
        left = np.floor(at) + shift
        low = np.searchsorted(centre, np.maximum(left, at - 1.0), side="left")
        high = np.minimum(
            np.searchsorted(centre, left + 1.0, side="left"),
            np.searchsorted(centre, at + 1.0, side="right"),
        )
        high = np.maximum(high, low)
        moments = running[high] - running[low]
        weights = _coefficients(at - left - 0.5, degree)
        sums += np.einsum("ad,adq->aq", weights, moments)
    return sums


def _coefficients(t: Array, degree: int) -> Array:
    """Return (a, degree + 1) coefficients of u^d in (1 - (t - u)^2)^(degree / 2)."""
    if degree == 0:
        return np.ones((len(t), 1))
    if degree == 2:
        return np.column_stack([1.0 - t**2, 2.0 * t, -np.ones_like(t)])
    return np.column_stack([
        (1.0 - t**2) ** 2, 4.0 * t * (1.0 - t**2), 6.0 * t**2 - 2.0, -4.0 * t, np.ones_like(t)
    ])  # fmt: skip


# --- the Gaussian -----------------------------------------------------------------------------


def _grid(scaled: Array) -> Array:
    steps = int(np.ceil((scaled.max() - scaled.min()) * FINENESS)) + 4
    return np.linspace(scaled.min(), scaled.max(), steps)


def _between(grid: Array, sums: Array, at: Array) -> Array:
    from scipy.interpolate import CubicSpline

    return np.asarray(CubicSpline(grid, sums, axis=0)(at), dtype=float)


def _by_blocks(at: Array, centre: Array, values: Array, power: int) -> Array:
    """Return the sums for sorted ``at`` and ``centre``, both in bandwidths."""
    sums = np.zeros((len(at), values.shape[1]))
    for start in range(0, len(at), BLOCK):
        block = at[start : start + BLOCK]
        low = np.searchsorted(centre, block[0] - TAIL)
        high = np.searchsorted(centre, block[-1] + TAIL, side="right")
        squared = (block[:, None] - centre[None, low:high]) ** 2
        sums[start : start + BLOCK] = np.exp(-0.5 * power * squared) @ values[low:high]
    return sums
