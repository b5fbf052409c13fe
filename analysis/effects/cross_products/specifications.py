"""Least squares of many specifications at once, from cross-products alone.

A specification is a set of controls beside columns that are always in. Its normal equations are
those of all columns with the rows and columns of absent controls replaced by the identity's, so
that thousands are solved as one stack. Covariances as in covariance.py: classical; cluster with
G/(G-1) (n-1)/(n-k); CRV3 the jackknife over clusters.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.cross_products.tensor import CrossProducts

Array = NDArray[np.float64]
Chosen = NDArray[np.bool_]
# beyond this condition of the scaled gram the last digits are in doubt: QR on the rows instead
WORST_CONDITION = 1e6


@dataclass(frozen=True)
class Equations:
    """Normal equations of m specifications of one outcome and treatment.

    Attributes
    ----------
    gram, cross
        (G, k, k) and (G, k) by cluster: treatment first, then what is always in, then candidates.
    chosen
        (m, k) which columns a specification has.
    square
        (G,) y'y by cluster.
    unit
        What turns the treatment's slope into the columns' own units.
    """

    gram: Array
    cross: Array
    square: Array
    chosen: Chosen
    unit: float
    n_obs: int
    absorbed: int


@dataclass(frozen=True)
class Solved:
    """(m,) slopes of the treatment, errors, and what they rest on; ``inverse`` is (m, k, k)."""

    estimate: Array
    std_error: Array
    condition: Array
    parameters: NDArray[np.int64]
    slopes: Array
    inverse: Array


def equations(
    products: CrossProducts,
    outcome: str,
    treatment: str,
    always: tuple[str, ...],
    candidates: tuple[str, ...],
    subsets: Chosen,
) -> Equations:
    """Return the normal equations of (m, q) ``subsets`` of the q candidates."""
    at = [products.place(name) for name in (treatment, *always, *candidates)]
    y, scale = products.place(outcome), products.layout.scale
    fixed = np.ones((len(subsets), 1 + len(always)), dtype=bool)
    return Equations(
        gram=products.gram[:, at][:, :, at],
        cross=products.gram[:, at, y],
        square=products.gram[:, y, y],
        chosen=np.hstack([fixed, subsets]),
        unit=float(scale[y] / scale[at[0]]),
        n_obs=products.n_obs,
        absorbed=int(products.absorbed.sum()),
    )


def all_subsets(count: int) -> Chosen:
    """Return the (2^count, count) subsets of as many candidates, the empty one first."""
    return ((np.arange(2**count)[:, None] >> np.arange(count)) & 1).astype(bool)


def solved(asked: Equations, vcov: str = "cluster") -> Solved:
    """Solve every specification; ``vcov`` is classical, cluster or CRV3."""
    total, cross = asked.gram.sum(axis=0), asked.cross.sum(axis=0)
    masked = _masked(total, asked.chosen)
    inverse: Array = np.asarray(np.linalg.inv(masked) * pairs(asked.chosen), dtype=float)
    slopes = inverse @ cross
    parameters = asked.chosen.sum(axis=1) + (1 if asked.absorbed else 0)
    errors = {"classical": _classical, "cluster": _cluster, "CRV3": _jackknife}[vcov]
    variance = errors(asked, inverse, slopes, parameters)
    condition = _norm(masked) * _norm(np.where(pairs(asked.chosen), inverse, 0.0))
    return Solved(
        slopes[:, 0] * asked.unit, np.sqrt(variance) * asked.unit, condition, parameters,
        slopes, inverse,
    )  # fmt: skip


def pairs(chosen: Chosen) -> Chosen:
    """Return (m, k, k): which entries of a gram a specification has."""
    return chosen[:, :, None] & chosen[:, None, :]


def _masked(gram: Array, chosen: Chosen) -> Array:
    """Return (m, k, k) grams, the identity's rows and columns where a control is absent.

    Columns are scaled to a unit diagonal beforehand by the layout only roughly: the identity is
    put in on the diagonal's own size, so that it does not decide the condition.
    """
    diagonal = np.diag(np.diag(gram))
    return np.where(pairs(chosen), gram, diagonal)


def _norm(matrices: Array) -> Array:
    return np.abs(matrices).sum(axis=2).max(axis=1)


def _residual_squares(asked: Equations, slopes: Array) -> Array:
    return asked.square.sum() - slopes @ asked.cross.sum(axis=0)


def _classical(asked: Equations, inverse: Array, slopes: Array, k: NDArray) -> Array:
    df = asked.n_obs - asked.chosen.sum(axis=1) - asked.absorbed
    return _residual_squares(asked, slopes) / df * inverse[:, 0, 0]


def scores(asked: Equations, rows: Array, slopes: Array) -> Array:
    """Return (m, G) r'(c_g - G_g b): each cluster's part of the treatment's score."""
    parts = [
        rows @ c - ((rows @ g) * slopes).sum(axis=1)
        for g, c in zip(asked.gram, asked.cross, strict=True)
    ]
    return np.column_stack(parts)


def _cluster(asked: Equations, inverse: Array, slopes: Array, k: NDArray) -> Array:
    groups, n = len(asked.gram), asked.n_obs
    factor = groups / (groups - 1) * (n - 1) / (n - k)
    return factor * (scores(asked, inverse[:, 0], slopes) ** 2).sum(axis=1)


def _jackknife(asked: Equations, inverse: Array, slopes: Array, k: NDArray) -> Array:
    groups = len(asked.gram)
    spread = np.zeros(len(slopes))
    for without in leave_one_out(asked):
        spread += (without - slopes[:, 0]) ** 2
    return spread * (groups - 1) / groups


def leave_one_out(asked: Equations) -> Array:
    """Return the (G, m) slopes of the treatment (in scaled units) without each cluster."""
    total, cross = asked.gram.sum(axis=0), asked.cross.sum(axis=0)
    found = [
        np.linalg.solve(_masked(total - g, asked.chosen), (asked.chosen * (cross - c))[..., None])
        for g, c in zip(asked.gram, asked.cross, strict=True)
    ]
    return np.stack([slopes[:, 0, 0] for slopes in found])
