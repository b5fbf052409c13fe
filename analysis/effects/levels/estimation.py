"""The maximum of a multilevel model's (restricted) likelihood."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.levels.design import Asked, Level
from analysis.effects.levels.likelihood import (
    Products,
    Solved,
    criterion,
    products_of,
    slopes,
    solved,
)
from analysis.effects.likelihoods.likelihood import Likelihood, maximise
from analysis.effects.likelihoods.likelihood import Maximum as Climbed
from analysis.effects.refusals import needs

Array = NDArray[np.float64]
# step of the central differences that make second derivatives from exact first ones
STEP = 1e-4
# further starts: size of L, and its entries below the diagonal in units of that
START_SIZES, START_TILTS = (0.3, 2.0), (-0.5, 0.5)
# a correlation matrix of random effects with an eigenvalue below this is singular
SINGULAR = 1e-7
# share of the largest curvature that counts as none; the next step, in standard errors, as arrival
FLAT, SETTLED = 1e-6, 1e-6
# a relative variance below this is 0: what is left of one that the likelihood drives there
ZERO = 1e-9


@dataclass(frozen=True)
class Maximum:
    """The model at its maximum.

    Attributes
    ----------
    psi, variance
        Relative covariances (q, q) by level, innermost first, of scaled columns; s^2.
    interior
        By level: is its covariance inside the boundary (positive definite)?
    criterion, null
        -2 l there and without random effects.
    """

    at: Solved
    psi: tuple[Array, ...]
    variance: float
    interior: tuple[bool, ...]
    criterion: float
    null: float


# --- parameters -------------------------------------------------------------------------------


def entries(level: Level, diagonal: bool) -> list[tuple[int, int]]:
    """Return the free entries (row, column) of a level's lower triangle."""
    if diagonal:
        return [(j, j) for j in range(level.q)]
    return [(i, j) for j in range(level.q) for i in range(j, level.q)]


def matrices(asked: Asked, theta: Array) -> tuple[Array, ...]:
    """Return the (q, q) lower-triangular matrices that hold the parameters, by level."""
    found, at = [], 0
    for level in asked.levels:
        places = entries(level, asked.diagonal)
        matrix = np.zeros((level.q, level.q))
        matrix[tuple(zip(*places, strict=True))] = theta[at : at + len(places)]
        found.append(matrix)
        at += len(places)
    return tuple(found)


def gathered(asked: Asked, found: tuple[Array, ...]) -> Array:
    """Return the (d,) free entries of the levels' (q, q) matrices."""
    parts = [
        matrix[tuple(zip(*entries(level, asked.diagonal), strict=True))]
        for level, matrix in zip(asked.levels, found, strict=True)
    ]
    return np.concatenate(parts)


# --- the maximum ------------------------------------------------------------------------------


def maximum_of(asked: Asked) -> tuple[Maximum, Products]:
    """Return the maximum over Psi = L L' by Newton's method.

    The likelihood is even in each column of L, so that a variance of zero is a smooth maximum at
    L = 0 and needs no constraint.

    Raises
    ------
    UserError
        If Newton's method does not converge.
    """
    products = products_of(asked)
    none = tuple(np.zeros((level.q, level.q)) for level in asked.levels)
    psi = _best(asked, products)
    at = solved(products, psi)
    interior = tuple(_is_interior(one) for one in psi)
    variance, null = at.squares / asked.freedom, criterion(asked, solved(products, none))
    return Maximum(at, psi, variance, interior, criterion(asked, at), null), products


def _best(asked: Asked, products: Products) -> tuple[Array, ...]:
    """Return Psi at the maximum that Newton's method reaches from L = 1.

    A singular covariance may be one of two maxima (a correlation of 1, of -1): further starts are
    tried then, and the highest maximum is taken.
    """
    profiled = _profiled(asked, products)
    eye = tuple(np.eye(level.q) for level in asked.levels)
    first = _climbed(profiled, gathered(asked, eye))
    if asked.diagonal or all(_is_interior(low @ low.T) for low in matrices(asked, first.estimate)):
        reached = [first]
    else:
        starts = [
            gathered(asked, tuple(size * (one + np.tril(tilt + 0.0 * one, -1)) for one in eye))
            for size in START_SIZES
            for tilt in START_TILTS
        ]
        reached = [first, *(_climbed(profiled, start) for start in starts)]
    best = max(reached, key=lambda one: one.log_likelihood)
    return tuple(_cleaned(lower @ lower.T) for lower in matrices(asked, best.estimate))


def _climbed(profiled: Likelihood, start: Array) -> Climbed:
    """Return where Newton's method arrives.

    Raises
    ------
    UserError
        If that is no maximum.
    """
    found = maximise(profiled, start)
    if not (found.converged or _at_top_of_ridge(profiled, found.estimate)):
        english = "a likelihood with one maximum (simplify the levels or the random slopes)"
        raise needs("multilevel", english, "有极大值的似然函数（请简化层级或随机斜率）")
    return found


def _profiled(asked: Asked, products: Products) -> Likelihood:
    def at(theta: Array) -> Solved:
        return solved(products, tuple(low @ low.T for low in matrices(asked, theta)))

    def gradient(theta: Array) -> Array:
        here = at(theta)
        by_psi = slopes(asked, here, here.squares / asked.freedom)
        both = zip(by_psi, matrices(asked, theta), strict=True)
        return gathered(asked, tuple(-(h + h.T) / 2.0 @ low for h, low in both))

    return Likelihood(
        loglike=lambda theta: -0.5 * criterion(asked, at(theta)),
        scores=lambda theta: gradient(theta)[None, :],
        hessian=lambda theta: differenced(gradient, theta, np.full(len(theta), STEP)),
    )


def _at_top_of_ridge(likelihood: Likelihood, theta: Array) -> bool:
    """Return whether theta is a maximum with directions in which nothing changes.

    A singular Psi has several L with L L' = Psi.
    """
    gradient, curvature = likelihood.scores(theta)[0], -likelihood.hessian(theta)
    if not (np.isfinite(gradient).all() and np.isfinite(curvature).all()):
        return False
    values, vectors = np.linalg.eigh(curvature)
    steep = values > FLAT * values[-1]
    along = (vectors.T @ gradient)[steep]
    size = float(np.sqrt((along**2 / values[steep]).sum()))
    return bool(values[0] > -FLAT * values[-1]) and size <= SETTLED


def differenced(gradient: object, at: Array, steps: Array) -> Array:
    """Return the symmetric (d, d) matrix of central differences of a gradient."""
    columns = [
        (gradient(at + move) - gradient(at - move)) / (2.0 * step)  # type: ignore[operator]
        for move, step in zip(np.diag(steps), steps, strict=True)
    ]
    whole = np.column_stack(columns)
    return (whole + whole.T) / 2.0


def _cleaned(psi: Array) -> Array:
    """Return Psi with variances of rounding error's size at exactly 0."""
    psi = psi.copy()
    gone = np.diag(psi) < ZERO
    psi[gone, :], psi[:, gone] = 0.0, 0.0
    return psi


def _is_interior(psi: Array) -> bool:
    size = np.sqrt(np.diag(psi))
    return bool((size > 0).all() and np.linalg.eigvalsh(psi / np.outer(size, size))[0] > SINGULAR)
