"""Least squares of many specifications at once, from cross-products alone.

A specification is a set of controls beside columns that are always in. Its normal equations are
those of all columns with the rows and columns of absent controls replaced by the identity's, so
that thousands are solved as one stack. Covariances as in covariance.py: classical; cluster with
G/(G-1) (n-1)/(n-k); CRV3 the jackknife over clusters. HC needs the rows (rows.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.effects.cross_products.tensor import CONSTANT, CrossProducts
from analysis.messages import Text, UserError

Array = NDArray[np.float64]
Chosen = NDArray[np.bool_]
# beyond this condition of the scaled gram the last digits are in doubt: QR on the rows instead
WORST_CONDITION = 1e6
# what is left of a column of which this share is left is rounding error
NOTHING_LEFT = 1e-13
# specifications solved together: (chunk, k, k) numbers are held at once
CHUNK = 256


@dataclass(frozen=True)
class Equations:
    """Normal equations of m specifications of one outcome and treatment, to a unit diagonal.

    Attributes
    ----------
    gram, cross
        (G, k, k) and (G, k) by cluster: treatment first, then what is always in, then candidates.
    chosen
        (m, k) which columns a specification has; those without variation are in none.
    square
        (G,) y'y by cluster.
    unit
        What turns the treatment's slope into the columns' own units.
    absorbed, counted
        Parameters of what was taken out, as the residual degrees of freedom count them and as the
        cluster's factor does.
    """

    gram: Array
    cross: Array
    square: Array
    chosen: Chosen
    unit: float
    n_obs: int
    groups: int
    absorbed: int
    counted: int

    @property
    def df_resid(self) -> NDArray[np.int64]:
        """Residual degrees of freedom of each specification."""
        return self.n_obs - self.chosen.sum(axis=1) - self.absorbed

    @property
    def factor(self) -> Array:
        """The clustered covariance's factor, G/(G-1) (n-1)/(n-k), of each specification."""
        left = self.n_obs - self.chosen.sum(axis=1) - self.counted
        return np.asarray(self.groups / (self.groups - 1) * (self.n_obs - 1) / left, dtype=float)

    def part(self, chosen: Chosen) -> "Equations":
        """Return the equations of other specifications of the same columns."""
        return replace(self, chosen=chosen)


@dataclass(frozen=True)
class Solved:
    """(m,) slopes of the treatment, errors, and what they rest on."""

    estimate: Array
    std_error: Array
    condition: Array
    df_resid: NDArray[np.int64]


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
    own = np.sqrt(np.diagonal(products.gram.sum(axis=0)))
    varies = _varies(products)
    size = np.where(varies & (own > 0.0), own, 1.0)
    chosen = np.hstack([np.ones((len(subsets), 1 + len(always)), dtype=bool), subsets])
    absorbed = int(products.absorbed.sum())
    return Equations(
        gram=products.gram[:, at][:, :, at] / np.outer(size[at], size[at]),
        cross=products.gram[:, at, y] / (size[at] * size[y]),
        square=products.gram[:, y, y] / size[y] ** 2,
        chosen=chosen & varies[at],
        unit=float(scale[y] * size[y] / (scale[at[0]] * size[at[0]])),
        n_obs=products.n_obs,
        groups=products.n_clusters,
        absorbed=absorbed,
        counted=1 if absorbed else 0,
    )


def _varies(products: CrossProducts) -> Chosen:
    """Return (p,): has a column variation of its own, around its mean or within the effect?"""
    total, sizes = products.gram.sum(axis=0), products.sizes.sum(axis=0)
    left, names = np.diagonal(total).copy(), products.layout.columns
    if CONSTANT in names:
        c = names.index(CONSTANT)
        left -= total[c] ** 2 / total[c, c]
        left[c] = total[c, c]
    return np.asarray(left > NOTHING_LEFT * sizes)


def all_subsets(count: int) -> Chosen:
    """Return the (2^count, count) subsets of as many candidates, the empty one first."""
    return ((np.arange(2**count)[:, None] >> np.arange(count)) & 1).astype(bool)


def chunks(asked: Equations, size: int = CHUNK) -> Iterator[Equations]:
    """Yield the specifications some at a time."""
    for start in range(0, len(asked.chosen), size):
        yield asked.part(asked.chosen[start : start + size])


def solved(asked: Equations, vcov: str = "cluster") -> Solved:
    """Solve every specification; ``vcov`` is classical, cluster or CRV3.

    A treatment without variation has an infinite condition.
    """
    parts = [_solved(part, vcov) for part in chunks(asked)]
    estimate, error, condition = (np.concatenate(one) for one in zip(*parts, strict=True))
    return Solved(estimate, error, condition, asked.df_resid)


def _solved(asked: Equations, vcov: str) -> tuple[Array, Array, Array]:
    inverse, condition = inverse_of(asked)
    slopes = inverse @ asked.cross.sum(axis=0)
    errors = {"classical": _classical, "cluster": _cluster, "CRV3": _jackknife}[vcov]
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.sqrt(np.maximum(errors(asked, inverse, slopes), 0.0))
    return slopes[:, 0] * asked.unit, error * asked.unit, condition


def pairs(chosen: Chosen) -> Chosen:
    """Return (m, k, k): which entries of a gram a specification has."""
    return chosen[:, :, None] & chosen[:, None, :]


def inverse_of(asked: Equations) -> tuple[Array, Array]:
    """Return (m, k, k) inverses, zero where a column is absent, and their (m,) conditions."""
    masked = _masked(asked.gram.sum(axis=0), asked.chosen)
    try:
        whole: Array = np.asarray(np.linalg.inv(masked), dtype=float)
    except np.linalg.LinAlgError:
        whole = np.stack([_inverse_or_nothing(one) for one in masked])
    condition = np.asarray(_norm(masked) * _norm(whole))
    condition[~asked.chosen[:, 0] | ~np.isfinite(condition)] = np.inf
    return np.where(pairs(asked.chosen), whole, 0.0), condition


def _inverse_or_nothing(matrix: Array) -> Array:
    try:
        return np.asarray(np.linalg.inv(matrix), dtype=float)
    except np.linalg.LinAlgError:
        return np.full_like(matrix, np.inf)


def _masked(gram: Array, chosen: Chosen) -> Array:
    """Return (m, k, k) grams, the identity's rows and columns where a control is absent."""
    return np.where(pairs(chosen), gram, np.eye(len(gram)))


def _norm(matrices: Array) -> Array:
    return np.abs(matrices).sum(axis=2).max(axis=1)


def _classical(asked: Equations, inverse: Array, slopes: Array) -> Array:
    rest = asked.square.sum() - slopes @ asked.cross.sum(axis=0)
    return np.asarray(rest / asked.df_resid * inverse[:, 0, 0])


def scores(asked: Equations, rows: Array, slopes: Array) -> Array:
    """Return (m, G) r'(c_g - G_g b): each cluster's part of the treatment's score."""
    parts = [
        rows @ c - ((rows @ g) * slopes).sum(axis=1)
        for g, c in zip(asked.gram, asked.cross, strict=True)
    ]
    return np.column_stack(parts)


def _cluster(asked: Equations, inverse: Array, slopes: Array) -> Array:
    return np.asarray(asked.factor * (scores(asked, inverse[:, 0], slopes) ** 2).sum(axis=1))


def _jackknife(asked: Equations, inverse: Array, slopes: Array) -> Array:
    spread = ((leave_one_out(asked) - slopes[:, 0]) ** 2).sum(axis=0)
    return np.asarray(spread * (asked.groups - 1) / asked.groups)


def leave_one_out(asked: Equations) -> Array:
    """Return the (G, m) slopes of the treatment (in scaled units) without each cluster."""
    total, cross = asked.gram.sum(axis=0), asked.cross.sum(axis=0)
    found = [
        np.linalg.solve(_masked(total - g, asked.chosen), (asked.chosen * (cross - c))[..., None])
        for g, c in zip(asked.gram, asked.cross, strict=True)
    ]
    return np.stack([slopes[:, 0, 0] for slopes in found])


def require_sound(found: Solved) -> None:
    """Refuse specifications that cross-products alone cannot solve, where there are no rows.

    Raises
    ------
    UserError
        If the condition of one's scaled gram is above 1e6.
    """
    bad = np.flatnonzero(~(found.condition <= WORST_CONDITION))
    if len(bad):
        which = f"specification {bad[0] + 1}: condition {found.condition[bad[0]]:.1e}"
        what = Text(
            f"columns whose scaled cross-products have a condition below 1e6 ({which}), or the "
            "rows in memory",
            f"标准化交叉乘积矩阵条件数低于 1e6 的列（{which}），或可读入内存的观测",
        )
        raise UserError("estimator_needs", estimator="cross_products", what=what)
