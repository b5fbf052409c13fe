"""The profiled likelihood of nested random effects, by groups' cross-products, and its gradient.

y = X b + sum_l Z_l u_l + e, var u_l = s^2 Psi_l in every group of level l, var e = s^2, so that
var y = s^2 V. With V_< the V of the levels inside, W = Z'V_<^-1 Z and M = Psi (I + W Psi)^-1, a
level is added by V^-1 = V_<^-1 - V_<^-1 Z M Z'V_<^-1 (Woodbury), and log |I + W Psi| to log |V|.
Only sums over rows by group are needed, made once; a value costs groups times columns.

-2 l_R = (n - p)(1 + log(2 pi r^2 / (n - p))) + log |V| + log |X'V^-1 X|, r^2 = min_b of
(y - Xb)'V^-1(y - Xb) (Bates, Maechler, Bolker and Walker 2015, Journal of Statistical Software
67(1), equation 41; equation 34 for ML).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.levels.design import Asked
from analysis.effects.linear_models.panel import Codes

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Products:
    """Sums over rows by group: what the likelihood knows of the data.

    Attributes
    ----------
    cross
        For each level, innermost first, (G, q, a) Z'[Z, Z of the levels around, Q, e] by group.
    total
        (p + 1, p + 1) [Q, e]'[Q, e].
    around
        ``around[l][m]``: (G,) the group of level m that holds each group of level l < m.
    """

    cross: tuple[Array, ...]
    total: Array
    around: tuple[tuple[Codes, ...], ...]


@dataclass(frozen=True)
class Solved:
    """The model at given Psi: pieces of the criterion and of every group.

    Attributes
    ----------
    own
        For each level (G, q, q + p + 1) Z'V^-1 [Z, Q, e] by group.
    fixed
        (p + 1, p + 1) [Q, e]'V^-1 [Q, e].
    log_det
        log |V|.
    """

    own: tuple[Array, ...]
    fixed: Array
    log_det: float

    @property
    def coefficients(self) -> Array:
        """(p,) coefficients of e on Q."""
        return np.asarray(np.linalg.solve(self.fixed[:-1, :-1], self.fixed[:-1, -1]), dtype=float)

    @property
    def inverse(self) -> Array:
        """(p, p) (Q'V^-1 Q)^-1."""
        return np.asarray(np.linalg.inv(self.fixed[:-1, :-1]), dtype=float)

    @property
    def squares(self) -> float:
        """r^2."""
        return float(self.fixed[-1, -1] - self.fixed[-1, :-1] @ self.coefficients)


def products_of(asked: Asked) -> Products:
    """Return the cross-products by group."""
    levels = asked.levels
    cross = []
    for depth, level in enumerate(levels):
        columns = np.column_stack([*(one.columns for one in levels[depth:]), asked.q, asked.e])
        starts = _starts(level.codes)
        cross.append(
            np.stack([_summed(columns * z[:, None], starts) for z in level.columns.T], axis=1)
        )
    around = tuple(tuple(outer.codes[_starts(level.codes)] for outer in levels) for level in levels)
    both = np.column_stack([asked.q, asked.e])
    return Products(tuple(cross), both.T @ both, around)


def _starts(codes: Codes) -> Codes:
    """Return where each group begins among rows in order."""
    return np.flatnonzero(np.diff(codes, prepend=-1))


def _summed(values: Array, starts: Codes) -> Array:
    return np.asarray(np.add.reduceat(values, starts, axis=0))


# --- the likelihood ---------------------------------------------------------------------------


def solved(products: Products, psi: tuple[Array, ...]) -> Solved:
    """Return the model at relative covariances ``psi``, (q, q) by level, innermost first."""
    cross = [one.copy() for one in products.cross]
    fixed, log_det = products.total.copy(), 0.0
    taken: list[Array] = []
    for depth, w in enumerate(cross):
        q = w.shape[1]
        inner = np.eye(q) + psi[depth] @ w[:, :, :q]
        log_det += float(np.linalg.slogdet(inner)[1].sum())
        m = np.asarray(np.linalg.solve(inner, np.broadcast_to(psi[depth], inner.shape)), float)
        taken.append(m)
        _take_out(cross, products, depth, m @ w)
        p = len(fixed)
        rest = w[:, :, -p:].reshape(-1, p)
        fixed -= rest.T @ (m @ w[:, :, -p:]).reshape(-1, p)
    own = tuple(_own(cross, taken, products, depth) for depth in range(len(cross)))
    return Solved(own, (fixed + fixed.T) / 2.0, log_det)


def _take_out(cross: list[Array], products: Products, depth: int, weighted: Array) -> None:
    """Take a level's part out of the cross-products of the levels around it, in place."""
    start = cross[depth].shape[1]
    for outer in range(depth + 1, len(cross)):
        end = start + cross[outer].shape[1]
        part = cross[depth][:, :, start:end].transpose(0, 2, 1) @ weighted[:, :, start:]
        cross[outer] -= _summed(part, _starts(products.around[depth][outer]))
        start = end


def _own(cross: list[Array], taken: list[Array], products: Products, depth: int) -> Array:
    """Return a level's Z'V^-1 [Z, Q, e] by group: the parts of the levels around taken out too."""
    w = cross[depth]
    q = w.shape[1]
    found = w - w[:, :, :q] @ (taken[depth] @ w)
    for outer in range(depth + 1, len(cross)):
        groups, wide = products.around[depth][outer], cross[outer].shape[1]
        between = found[:, :, q : q + wide]
        weighted = between @ taken[outer][groups]
        own = found[:, :, :q] - weighted @ between.transpose(0, 2, 1)
        rest = found[:, :, q + wide :] - weighted @ cross[outer][groups][:, :, wide:]
        found = np.concatenate([own, rest], axis=2)
    return found


def criterion(asked: Asked, at: Solved) -> float:
    """Return -2 times the (restricted) log likelihood, the error variance profiled out."""
    value = asked.freedom * (1.0 + np.log(2.0 * np.pi * at.squares / asked.freedom)) + at.log_det
    if asked.restricted:
        back = np.linalg.slogdet(asked.root)[1]
        value += np.linalg.slogdet(at.fixed[:-1, :-1])[1] - 2.0 * back
    return float(value)


def slopes_by_group(asked: Asked, at: Solved) -> list[tuple[Array, Array]]:
    """Return, by level, (G, q, q) T and (G, q) u: the derivative by Psi is sum_g T - u u'/s^2.

    T = Z'V^-1 Z, under REML less Z'V^-1 X (X'V^-1 X)^-1 X'V^-1 Z; u = Z'V^-1 (y - X b).
    """
    found = []
    for own in at.own:
        q = own.shape[1]
        trace, middle = own[:, :, :q], own[:, :, q:-1]
        if asked.restricted:
            trace = trace - middle @ at.inverse @ middle.transpose(0, 2, 1)
        found.append((trace, own[:, :, -1] - middle @ at.coefficients))
    return found


def slopes(asked: Asked, at: Solved, variance: float) -> tuple[Array, ...]:
    """Return the (q, q) derivatives of -2 l by Psi of each level, at an error variance."""
    return tuple(trace.sum(axis=0) - u.T @ u / variance for trace, u in slopes_by_group(asked, at))
