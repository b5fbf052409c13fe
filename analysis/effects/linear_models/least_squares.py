"""Least squares by QR of the centred and scaled design, refined once; collinear terms set aside.

No pseudo-inverse: on Filip's polynomial the usual one has no correct digit. Many rows of a
well-conditioned design go by their cross-products (normal_equations.py).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr, solve_triangular

from analysis.effects.linear_models.normal_equations import (
    MANY_ROWS,
    WORST_CONDITION,
    solve_by_products,
)

Array = NDArray[np.float64]
CONSTANT = "const"
# a column whose part outside the others is smaller than this share of it counts as collinear
COLLINEAR = 1e-11
REFINEMENTS = 3


@dataclass(frozen=True)
class Solution:
    """Coefficients of the kept columns, residuals and (X'X)^-1 in the original units."""

    kept: tuple[int, ...]
    estimate: Array
    residuals: Array
    bread: Array


def solve(design: Array, response: Array, constant: int | None = None) -> Solution:
    """Minimise |y - X b|.

    Parameters
    ----------
    design, response
        (n, k) and (n,).
    constant
        The position of a column of ones, through which the others are centred; None without one.

    Returns
    -------
    Solution
        Collinear columns are left out, later ones first.
    """
    slopes = [j for j in range(design.shape[1]) if j != constant]
    columns = columns_at(design, slopes)
    found = solve_by_products(columns, response, centred=constant is not None)
    if found is None:
        return _solve_by_qr(columns, response, slopes, constant)
    return _with_constant(
        slopes, found.slopes, found.residuals, found.inverse, found.centre, found.middle,
        len(response), constant,
    )  # fmt: skip


def columns_at(matrix: Array, places: list[int]) -> Array:
    """Return some columns of a matrix: a view of them where they stand side by side."""
    first, last = (places[0], places[-1] + 1) if places else (0, 0)
    return matrix[:, first:last] if places == list(range(first, last)) else matrix[:, places]


def _solve_by_qr(
    columns: Array, response: Array, slopes: list[int], constant: int | None
) -> Solution:
    centre = _means(columns) if constant is not None else np.zeros(len(slopes))
    middle = _means(response[:, None])[0] if constant is not None else 0.0
    exact = columns.astype(np.longdouble) - centre
    centred = np.asarray(exact, dtype=float)
    scale = np.sqrt((centred**2).sum(axis=0))
    scale[scale == 0] = 1.0
    scaled = centred / scale
    kept = _independent(scaled, COLLINEAR * np.maximum(1.0, 1e-4 * _sizes(columns) / scale))
    q, r = qr(scaled[:, kept], mode="economic")
    b, residuals = _refined(
        q, r, exact[:, kept] / scale[kept], response.astype(np.longdouble) - middle
    )
    inverse = solve_triangular(r, np.eye(len(kept)))
    bread = (inverse @ inverse.T) / np.outer(scale[kept], scale[kept])
    return _with_constant(
        [slopes[j] for j in kept], b / scale[kept], residuals, bread,
        centre[kept], middle, len(response), constant,
    )  # fmt: skip


def _refined(q: Array, r: Array, columns: NDArray, target: NDArray) -> tuple[NDArray, Array]:
    """Return coefficients and residuals of the unrounded columns.

    Both are corrected together from the augmented system e + X b = y, X'e = 0, its residuals in
    extended precision (Bjorck 1967, BIT 7: 1-21); q and r factor the rounded columns.
    """
    e, b = np.zeros_like(target), np.zeros(columns.shape[1], dtype=np.longdouble)
    for _ in range(1 + REFINEMENTS):
        f = np.asarray(target - e - columns @ b, dtype=float)
        g = np.asarray(-(columns.T @ e), dtype=float)
        projected, h = q.T @ f, solve_triangular(r, g, trans="T")
        b = b + solve_triangular(r, projected - h)
        e = e + (f - q @ (projected - h))
    return b, np.asarray(e, dtype=float)


def _means(columns: Array) -> NDArray:
    return columns.astype(np.longdouble).mean(axis=0)


def _sizes(columns: Array) -> Array:
    sizes = np.sqrt((columns**2).sum(axis=0))
    return np.where(sizes == 0, 1.0, sizes)


def independent(columns: Array, share: float) -> list[int]:
    """Return the (n, k) columns of which more than ``share`` lies outside those before them."""
    size = _sizes(columns)
    if len(columns) >= MANY_ROWS:
        gram = (columns.T @ columns) / np.outer(size, size)
        if np.linalg.cond(gram, 1) <= WORST_CONDITION:
            return list(range(columns.shape[1]))
    return _independent(columns / size, np.full(len(size), share))


def _independent(scaled: Array, noise: Array) -> list[int]:
    """Return the columns that add something to those before them.

    ``noise`` is the (k,) part outside the others that counts as none: for a nearly constant
    column, whose centred values are rounding error, larger than for others.
    """
    kept: list[int] = []
    basis = np.empty((scaled.shape[0], 0))
    for j in range(scaled.shape[1]):
        rest = scaled[:, j] - basis @ (basis.T @ scaled[:, j])
        rest = rest - basis @ (basis.T @ rest)
        size = float(np.sqrt(rest @ rest))
        if size > noise[j] and len(kept) < scaled.shape[0]:
            kept.append(j)
            basis = np.column_stack([basis, rest / size])
    return kept


def _with_constant(
    slopes: list[int],
    b: NDArray,
    residuals: Array,
    bread: Array,
    centre: NDArray,
    middle: float,
    n: int,
    constant: int | None,
) -> Solution:
    """Put the constant back: b0 = ybar - xbar'b, var b0 = 1/n + xbar' (X'X)^-1 xbar."""
    if constant is None:
        return Solution(tuple(slopes), np.asarray(b, dtype=float), residuals, bread)
    b0 = float(middle - (centre * b).sum())
    centre, b = np.asarray(centre, dtype=float), np.asarray(b, dtype=float)
    cross = -bread @ centre
    corner = 1.0 / n + centre @ bread @ centre
    full = np.block([[np.array([[corner]]), cross[None, :]], [cross[:, None], bread]])
    order = np.argsort([constant, *slopes])
    kept = tuple(int(j) for j in np.array([constant, *slopes])[order])
    return Solution(kept, np.concatenate([[b0], b])[order], residuals, full[np.ix_(order, order)])
