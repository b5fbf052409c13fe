"""The moments of a dynamic panel: what its equations and instruments sum to, entity by entity."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.dynamic_panel.asked import Asked
from analysis.effects.dynamic_panel.grid import Grid
from analysis.effects.dynamic_panel.instruments import (
    Instrument,
    blocks,
    columns_of,
    instruments_of,
)

Array = NDArray[np.float64]
# what is left of an instrument's square outside those before it, below which it is collinear
COLLINEAR = 1e-10


@dataclass(frozen=True)
class Moments:
    """Equations and instruments, and the sums that do not depend on coefficients.

    Attributes
    ----------
    instruments
        L independent ones, each divided by its ``scale``.
    collinear
        How many were left out.
    kept
        (1 + K,) columns of the grid that are outcome and regressors.
    equations
        (N, R, 1 + K) outcome and regressors of the equations; 0 where not estimated.
    weight
        (L, L) sum of Z_i'H Z_i, H the covariance of the equations' errors when those in levels
        are white noise.
    cross
        (L, 1 + K) sum of Z_i'[y, X].
    """

    instruments: tuple[Instrument, ...]
    scale: Array
    collinear: int
    kept: list[int]
    grid: Grid
    equations: Array
    weight: Array
    cross: Array

    @property
    def n_entities(self) -> int:
        """Number of entities."""
        return len(self.equations)

    def by_entity(self) -> Iterator[tuple[slice, Array]]:
        """Yield blocks of entities with their (n, L, 1 + K) Z_i'[y, X]."""
        for block in blocks(self.grid, len(self.instruments)):
            z = columns_of(self.instruments, self.grid, block) / self.scale
            yield block, z.transpose(0, 2, 1) @ self.equations[block]


def equations_of(grid: Grid, asked: Asked) -> Array:
    """Return (N, R, 1 + K + J): outcome, regressors, further instruments of the equations."""
    rows = grid.transform @ grid.columns
    if asked.system:
        rows = np.concatenate([rows, grid.columns], axis=1)
    return np.asarray(rows * grid.used[:, :, None])


def moments_of(grid: Grid, asked: Asked, equations: Array, kept: list[int]) -> Moments:
    """Return the moments of the regressors ``kept``; collinear instruments are left out.

    H = PP', P the map from errors in levels to those of the equations: M for transformed ones,
    [M; I] in a system (Arellano and Bond 1991, equation 4; Kiviet 2007 and Roodman 2009, section
    3.4, h(3)), so that Z_i'H Z_i = G_i'G_i with G_i = P'Z_i.
    """
    found = instruments_of(grid, asked, equations)
    plain, white = _squares(found, grid, asked)
    independent = _independent(plain)
    scale = np.sqrt(np.diag(plain)[independent])
    weight = white[np.ix_(independent, independent)] / np.outer(scale, scale)
    columns = [0, *(1 + j for j in kept)]
    own = equations[:, :, columns]
    left = tuple(found[j] for j in independent)
    cross = np.zeros((len(left), own.shape[2]))
    collinear = int((np.diag(plain) > 0.0).sum()) - len(left)
    moments = Moments(left, scale, collinear, columns, grid, own, weight, cross)
    for _, part in moments.by_entity():
        cross += part.sum(axis=0)
    return moments


def _squares(found: list[Instrument], grid: Grid, asked: Asked) -> tuple[Array, Array]:
    """Return (L, L) sums of Z_i'Z_i and of Z_i'H Z_i."""
    plain, white = np.zeros((len(found), len(found))), np.zeros((len(found), len(found)))
    start = grid.periods - 1
    for block in blocks(grid, 2 * len(found)):
        z = columns_of(found, grid, block)
        m = grid.transform[block] if len(grid.transform) > 1 else grid.transform
        g = m.transpose(0, 2, 1) @ z[:, :start]
        if asked.system:
            g += z[:, start:]
        flat, moved = z.reshape(-1, len(found)), g.reshape(-1, len(found))
        plain += flat.T @ flat
        white += moved.T @ moved
    return plain, white


def _independent(gram: Array) -> list[int]:
    """Return the columns that add something to those before them, by Cholesky's recursion."""
    size = np.sqrt(np.diag(gram))
    safe = np.where(size > 0.0, size, 1.0)
    scaled = gram / np.outer(safe, safe)
    root = np.zeros_like(gram)
    kept: list[int] = []
    for j in np.flatnonzero(size > 0.0):
        r = len(kept)
        row = np.zeros(r)
        if r:
            row = _forward(root[:r, :r], scaled[kept, j])
        left = scaled[j, j] - row @ row
        if left > COLLINEAR:
            root[r, :r], root[r, r] = row, np.sqrt(left)
            kept.append(int(j))
    return kept


def _forward(lower: Array, right: Array) -> Array:
    from scipy.linalg import solve_triangular

    return np.asarray(solve_triangular(lower, right, lower=True))
