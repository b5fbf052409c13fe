"""Least squares of many rows from their cross-products, refined; only where that loses no digit.

QR in extended precision (least_squares.py) costs seconds and gigabytes on millions of rows. Where
the scaled Gram's condition is at most 1e6 its Cholesky factor, refined by the residuals' own
normal equations, gives the same digits from a few passes in blocks of rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve

Array = NDArray[np.float64]
# fewer rows than these cost nothing either way
MANY_ROWS = 5_000
WORST_CONDITION = 1e6
BLOCK_ROWS = 32_768


@dataclass(frozen=True)
class Centred:
    """Slopes around the means: (k,) b, (n,) residuals, (k, k) inverse, (k,) and 1 means."""

    slopes: Array
    residuals: Array
    inverse: Array
    centre: Array
    middle: float


@dataclass(frozen=True)
class Problem:
    """(n, k) columns and (n,) response with the means that are taken from them block by block."""

    columns: Array
    response: Array
    centre: Array
    middle: float

    def blocks(self) -> Iterator[tuple[slice, Array, Array]]:
        """Yield (rows, columns, response), a block of rows at a time."""
        for start in range(0, len(self.response), BLOCK_ROWS):
            rows = slice(start, start + BLOCK_ROWS)
            yield rows, self.columns[rows] - self.centre, self.response[rows] - self.middle

    def products(self) -> tuple[Array, Array]:
        """Return X'X and X'y around the means."""
        k = self.columns.shape[1]
        gram, cross = np.zeros((k, k)), np.zeros(k)
        for _, x, y in self.blocks():
            gram += x.T @ x
            cross += x.T @ y
        return gram, cross

    def residuals(self, slopes: Array) -> tuple[Array, Array]:
        """Return y - X b and X'(y - X b)."""
        rest, cross = np.empty(len(self.response)), np.zeros(len(slopes))
        for rows, x, y in self.blocks():
            rest[rows] = y - x @ slopes
            cross += x.T @ rest[rows]
        return rest, cross


def solve_by_products(columns: Array, response: Array, centred: bool) -> Centred | None:
    """Return the solution around the means; None where the columns are few or ill-conditioned.

    Parameters
    ----------
    columns, response
        (n, k) without a constant, and (n,).
    centred
        Whether there is a constant, so that means are taken out.
    """
    n, k = columns.shape
    if n < MANY_ROWS or k == 0:
        return None
    centre = columns.mean(axis=0) if centred else np.zeros(k)
    problem = Problem(columns, response, centre, float(response.mean()) if centred else 0.0)
    gram, cross = problem.products()
    size = np.sqrt(np.diag(gram))
    factor = _sound_factor(gram, size)
    if factor is None:
        return None
    slopes = _solved(factor, cross, size)
    _, cross = problem.residuals(slopes)
    # one correction: the error falls by the factor condition times rounding
    slopes = slopes + _solved(factor, cross, size)
    residuals, _ = problem.residuals(slopes)
    inverse = cho_solve(factor, np.eye(k)) / np.outer(size, size)
    return Centred(slopes, residuals, inverse, centre, problem.middle)


def _sound_factor(gram: Array, size: Array) -> tuple[Array, bool] | None:
    """Return the scaled Gram's Cholesky factor; None where its condition is above 1e6."""
    if not (size > 0.0).all():
        return None
    scaled = gram / np.outer(size, size)
    try:
        sound = np.linalg.cond(scaled, 1) <= WORST_CONDITION
        return cho_factor(scaled) if sound else None
    except (LinAlgError, np.linalg.LinAlgError):
        return None


def _solved(factor: tuple[Array, bool], cross: Array, size: Array) -> Array:
    return np.asarray(cho_solve(factor, cross / size) / size)
