"""What a multilevel model's errors are made of: information of the variances, scores by group."""

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from analysis.effects.levels.design import Asked
from analysis.effects.levels.estimation import (
    STEP,
    Maximum,
    differenced,
    entries,
    gathered,
    matrices,
)
from analysis.effects.levels.likelihood import Products, slopes, slopes_by_group, solved

Array = NDArray[np.float64]


def information(asked: Asked, products: Products, maximum: Maximum) -> Array:
    """Return the observed information (d, d) of s^2 and the free entries of Sigma = s^2 Psi.

    The entries run innermost level first, then s^2; those of a level on the boundary are held
    fixed, their rows zero.
    """
    sigmas = gathered(asked, tuple(np.tril(one) for one in maximum.psi)) * maximum.variance
    where = np.append(sigmas, maximum.variance)
    free = _free(asked, maximum)
    held = where.copy()

    def gradient(values: Array) -> Array:
        held[free] = values
        return -0.5 * _slopes_absolute(asked, products, held)[free]

    whole = np.zeros((len(where), len(where)))
    steps = STEP * _sizes(asked, maximum)[free]
    whole[np.ix_(free, free)] = -differenced(gradient, where[free], steps)
    return whole


def _free(asked: Asked, maximum: Maximum) -> NDArray[np.int64]:
    flags = [
        inside
        for level, inside in zip(asked.levels, maximum.interior, strict=True)
        for _ in entries(level, asked.diagonal)
    ]
    return np.flatnonzero([*flags, True])


def _sizes(asked: Asked, maximum: Maximum) -> Array:
    """Return the size of each entry: sqrt of the product of its variances."""
    parts = [np.sqrt(np.outer(np.diag(one), np.diag(one))) for one in maximum.psi]
    return np.append(gathered(asked, tuple(parts)), 1.0) * maximum.variance


def _symmetric(lower: Array) -> Array:
    return lower + np.tril(lower, -1).T


def _slopes_absolute(asked: Asked, products: Products, where: Array) -> Array:
    """Return the derivatives of -2 l by the entries of Sigma and s^2."""
    variance = where[-1]
    sigmas = [_symmetric(one) for one in matrices(asked, where[:-1])]
    at = solved(products, tuple(one / variance for one in sigmas))
    by_psi = slopes(asked, at, variance)
    trace = sum(float((h * sigma).sum()) for h, sigma in zip(by_psi, sigmas, strict=True))
    by_variance = (asked.freedom - (at.squares + trace) / variance) / variance
    doubled = tuple(
        (h + h.T - np.diag(np.diag(h))) / variance for h in by_psi
    )  # an entry off the diagonal stands in two places
    return np.append(gathered(asked, doubled), by_variance)


def bread_of(asked: Asked, products: Products, maximum: Maximum) -> tuple[Array, bool]:
    """Return (p + d, p + d) covariance of coefficients and variances, and whether it is whole.

    Coefficients: s^2 (X'V^-1 X)^-1; variances: inverse observed information; between them zero.
    """
    fixed = maximum.variance * asked.root @ maximum.at.inverse @ asked.root.T
    whole = information(asked, products, maximum)
    free = _free(asked, maximum)
    part = whole[np.ix_(free, free)]
    size = np.sqrt(np.abs(np.diag(part)))
    definite = bool((size > 0).all()) and bool(
        np.linalg.eigvalsh(part / np.outer(size, size))[0] > 0
    )
    variances = np.zeros_like(whole)
    if definite:
        variances[np.ix_(free, free)] = np.linalg.inv(part)
    return np.asarray(linalg.block_diag(fixed, variances)), definite


def scores_of(asked: Asked, maximum: Maximum) -> tuple[Array, tuple[Array, ...]]:
    """Return (n, p + d) scores in the sample's order, and (G, q) predicted effects by level.

    A row's score of b is x_i (V^-1 (y - Xb))_i / s^2. Those of the variances exist by groups of
    the outermost level and stand on each group's first row; they sum to zero at the maximum.
    """
    at, variance = maximum.at, maximum.variance
    effects = [u @ psi for (_, u), psi in zip(slopes_by_group(asked, at), maximum.psi, strict=True)]
    rest = asked.e - asked.q @ at.coefficients
    for level, effect in zip(asked.levels, effects, strict=True):
        rest = rest - (level.columns * effect[level.codes]).sum(axis=1)
    coefficients = asked.design.columns[asked.order] * rest[:, None] / variance
    groups = _variance_scores(asked, maximum, rest)
    outermost = asked.levels[-1].codes
    spread = np.zeros((asked.n, groups.shape[1]))
    spread[np.flatnonzero(np.diff(outermost, prepend=-1))] = groups
    scores = np.empty((asked.n, coefficients.shape[1] + groups.shape[1]))
    scores[asked.order] = np.hstack([coefficients, spread])
    scaled = [effect / level.scale for level, effect in zip(asked.levels, effects, strict=True)]
    return scores, tuple(scaled)


def _variance_scores(asked: Asked, maximum: Maximum, rest: Array) -> Array:
    """Return (G, d) scores of Sigma's entries and s^2 by group of the outermost level.

    -1/2 of the group's part in the derivatives of -2 l; that of s^2 is (n_g - h_g - sum tr(Psi T))
    / s^2 - w'w / s^4 with w = V^-1 (y - Xb) and h_g its rows' part in X (X'V^-1 X)^-1 X'V^-1.
    """
    at, variance = maximum.at, maximum.variance
    outermost = asked.levels[-1]
    count = outermost.n_groups
    error = np.bincount(outermost.codes, 1.0 - _leverage(asked, maximum) - rest**2 / variance)
    columns = []
    for level, psi, (trace, u) in zip(
        asked.levels, maximum.psi, slopes_by_group(asked, at), strict=True
    ):
        h = trace - u[:, :, None] * u[:, None, :] / variance
        holder = outermost.codes[np.flatnonzero(np.diff(level.codes, prepend=-1))]
        error -= np.bincount(holder, (trace * psi).sum(axis=(1, 2)), count)
        for i, j in entries(level, asked.diagonal):
            both = h[:, i, j] + (h[:, j, i] if i != j else 0.0)
            columns.append(np.bincount(holder, both, count))
    return -0.5 * np.column_stack([*columns, error]) / variance


def _leverage(asked: Asked, maximum: Maximum) -> Array:
    """Return (n,) diagonal of X (X'V^-1 X)^-1 X'V^-1 under REML, zeros under ML."""
    if not asked.restricted:
        return np.zeros(asked.n)
    rest = asked.q.copy()
    for level, psi, own in zip(asked.levels, maximum.psi, maximum.at.own, strict=True):
        weighted = psi @ own[:, :, psi.shape[0] : -1]
        for j in range(psi.shape[0]):
            rest -= level.columns[:, [j]] * weighted[level.codes, j]
    return np.asarray(np.einsum("ij,jk,ik->i", rest, maximum.at.inverse, asked.q))
