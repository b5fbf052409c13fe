"""Restricted wild bootstrap of many specifications at once: every null with the same draws.

y* = X b_r + v_g u_i, u the residuals with the treatment's slope at zero (Cameron, Gelbach and
Miller 2008, Review of Economics and Statistics 90: 414-427). With S_g = sum x_i u_i over the rows
of group g, A = (X'X)^-1 and d = A sum_g v_g S_g, the slope is d_1 and its squared error

    sum_g v_g^2 w_g - 2 d' sum_g v_g c_g + d' Q d,

all sums by group, so that no draw touches a row (MacKinnon, Nielsen and Webb 2023, Journal of
Econometrics 232: 272-299). With a = X A_1, s_g = sum a_i u_i and q_g = sum a_i x_i, clustered
errors have w_g = s_g^2, c_g = s_g q_g, Q = sum q_g q_g', which is sum_g (v_g s_g - q_g'd)^2;
classical ones A_11 / df times sums of u_i^2, x_i u_i and x_i x_i'. Heteroskedastic: rows.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.cross_products.draws import Draws
from analysis.effects.cross_products.specifications import (
    Equations,
    chunks,
    inverse_of,
    scores,
)

Array = NDArray[np.float64]
# specifications bootstrapped together
TOGETHER = 32
# up to so many groups (G, G) matrices serve better than sums over the columns
FEW_GROUPS = 64
# draws whose (specifications, draws, k) numbers stand in memory at once
DRAWN_TOGETHER = 1024


@dataclass(frozen=True)
class Bootstrapped:
    """(m,) observed t statistics; (m, R) slopes and t statistics under the null."""

    observed: Array
    slopes: Array
    statistics: Array


@dataclass(frozen=True)
class FewGroups:
    """Nulls of c specifications: (c, G) parts of the slope, (c, G, G) roots of its variance."""

    observed: Array
    own: Array
    root: Array

    def drawn(self, signs: Array) -> tuple[Array, Array]:
        """Return (c, b) slopes and t statistics for (b, G) draws."""
        slopes = self.own @ signs.T
        errors = np.sqrt(((signs @ self.root.transpose(0, 2, 1)) ** 2).sum(axis=2))
        return slopes, slopes / errors


@dataclass(frozen=True)
class ManyGroups:
    """The same by columns: (c, G, k) A S_g and c_g, (c, G) w_g, (c, k, k) Q, factors included.

    The treatment is column ``j``.
    """

    observed: Array
    moved: Array
    cross: Array
    weight: Array
    quad: Array
    j: int = 0

    def drawn(self, signs: Array) -> tuple[Array, Array]:
        """Return (c, b) slopes and t statistics for (b, G) draws."""
        parts = [
            self._some(signs[start : start + DRAWN_TOGETHER])
            for start in range(0, len(signs), DRAWN_TOGETHER)
        ]
        slopes, statistics = (np.concatenate(one, axis=1) for one in zip(*parts, strict=True))
        return slopes, statistics

    def _some(self, signs: Array) -> tuple[Array, Array]:
        moved = signs @ self.moved
        whole = self.weight @ (signs**2).T
        variance = whole - 2.0 * (moved * (signs @ self.cross)).sum(axis=2)
        variance += ((moved @ self.quad) * moved).sum(axis=2)
        slopes = moved[:, :, self.j]
        return slopes, slopes / np.sqrt(np.maximum(variance, 1e-14 * whole))


def bootstrapped(asked: Equations, draws: Draws, vcov: str = "cluster") -> Bootstrapped:
    """Bootstrap every specification under its own null; ``vcov`` is cluster or classical."""
    parts = [drawn_of(null, draws) for null in nulls(asked, vcov)]
    observed, slopes, statistics = (np.concatenate(one) for one in zip(*parts, strict=True))
    return Bootstrapped(observed, slopes * asked.unit, statistics)


def drawn_of(null: FewGroups | ManyGroups, draws: Draws) -> tuple[Array, Array, Array]:
    """Return observed (c,) statistics and the (c, R) slopes and statistics of all draws."""
    blocks = [null.drawn(block) for block in draws.blocks()]
    slopes, statistics = (np.concatenate(one, axis=1) for one in zip(*blocks, strict=True))
    return null.observed, slopes, statistics


def nulls(asked: Equations, vcov: str) -> Iterator[FewGroups | ManyGroups]:
    """Yield what the draws need, some specifications at a time."""
    for part in chunks(asked, TOGETHER):
        yield (_classical if vcov == "classical" else _clustered)(part)


def _scores(asked: Equations, inverse: Array) -> tuple[Array, Array, Array]:
    """Return (c, k) slopes, (c, k) restricted ones and the (c, G, k) S_g of the restricted fit."""
    slopes = inverse @ asked.cross.sum(axis=0)
    first = inverse[:, 0]
    restricted = slopes - first * (slopes[:, :1] / first[:, :1])
    # the partitioned inverse leaves rounding error in the treatment's own place
    restricted[:, 0] = 0.0
    parts = [c - restricted @ g for g, c in zip(asked.gram, asked.cross, strict=True)]
    return slopes, restricted, np.stack(parts, axis=1)


def _clustered(asked: Equations) -> FewGroups | ManyGroups:
    inverse, _ = inverse_of(asked)
    slopes, _, parts = _scores(asked, inverse)
    factor, first = asked.factor, inverse[:, 0]
    own = (parts @ first[:, :, None])[..., 0]
    moved = parts @ inverse
    spread = np.stack([first @ g for g in asked.gram], axis=1)
    rest = scores(asked, first, slopes)
    observed = slopes[:, 0] / np.sqrt(factor * (rest**2).sum(axis=1))
    if len(asked.gram) <= FEW_GROUPS:
        root = own[:, :, None] * np.eye(own.shape[1]) - spread @ moved.transpose(0, 2, 1)
        return FewGroups(observed, own, root * np.sqrt(factor)[:, None, None])
    return ManyGroups(
        observed, moved, spread * (factor[:, None] * own)[..., None],
        factor[:, None] * own**2, (spread.transpose(0, 2, 1) @ spread) * factor[:, None, None],
    )  # fmt: skip


def _classical(asked: Equations) -> ManyGroups:
    inverse, _ = inverse_of(asked)
    slopes, restricted, parts = _scores(asked, inverse)
    share = inverse[:, 0, 0] / asked.df_resid
    rss = asked.square.sum() - slopes @ asked.cross.sum(axis=0)
    # u'u by group under the null: y'y - c'b - S'b
    fitted = restricted @ asked.cross.T + (parts @ restricted[:, :, None])[..., 0]
    total = np.broadcast_to(asked.gram.sum(axis=0), (len(slopes), *asked.gram.shape[1:]))
    return ManyGroups(
        slopes[:, 0] / np.sqrt(share * rss), parts @ inverse, parts * share[:, None, None],
        share[:, None] * (asked.square - fitted), total * share[:, None, None],
    )  # fmt: skip
