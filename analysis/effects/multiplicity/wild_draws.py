"""Bootstrap t statistics under the null with draws that several linear fits share.

The restricted wild (cluster) bootstrap of y = X b + e with b_j = 0 imposed: y* = X b_r + v_g u_i, u
the restricted residuals (Cameron, Gelbach and Miller 2008, Review of Economics and Statistics 90:
414-427). With d = A sum_g v_g S_g, A = (X'X)^-1 and S_g = sum x_i u_i over the rows of group g (a
cluster, or a row), the estimate is d_j and its squared error a quadratic form,

    sum_g v_g^2 w_g - 2 d' sum_g v_g c_g + d' Q d,

so that one product of the (B, G) draws with a (G, 2k) matrix serves B samples. With a = X A_j the
weights that give b_j: clustered errors have w_g = s_g^2, c_g = s_g q_g, Q = sum q_g q_g', where s_g
= sum a_i u_i and q_g = sum a_i x_i; heteroskedastic ones sums of a_i^2 u_i^2, a_i^2 u_i x_i and
a_i^2 x_i x_i'; classical ones A_jj / df times sums of u_i^2, x_i u_i and x_i x_i'.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.fit import Linear
from analysis.effects.inference.wild_bootstrap import ENUMERATED_UP_TO, weights

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
# so many numbers of the draws stand in memory at once
AT_ONCE = 4_000_000
# a bootstrap sample equal to the data has the same statistic up to rounding
ROUNDING = 1.0 - 1e-9


@dataclass(frozen=True)
class Draws:
    """The law of the draws: ``count`` of them for ``groups`` groups, and whether that is all.

    ``signs`` holds them where they are few enough to be listed (clusters), else None: signs of
    rows come in blocks, from the seed again whenever they are asked for.
    """

    groups: int
    count: int
    seed: int
    name: str
    complete: bool = False
    signs: Array | None = None

    def blocks(self) -> Iterator[Array]:
        """Yield the (b, G) draws, block by block, the same ones each time."""
        size = max(1, AT_ONCE // self.groups)
        if self.signs is not None:
            yield from (self.signs[start : start + size] for start in range(0, self.count, size))
            return
        generator = np.random.default_rng(self.seed)
        for start in range(0, self.count, size):
            shape = (min(size, self.count - start), self.groups)
            bits = generator.integers(0, 2, shape, dtype=np.int8)
            yield np.asarray(2.0 * bits - 1.0, dtype=np.float64)


def draws_of_clusters(groups: int, count: int, seed: int) -> Draws:
    """Return the draws of clusters: every sign of up to 12, Webb's six points for more."""
    signs, name = weights(groups, count, seed)
    complete = groups <= ENUMERATED_UP_TO
    return Draws(groups, len(signs), seed, f"{name}, {groups} clusters", complete, signs)


def draws_of_rows(rows: int, count: int, seed: int) -> Draws:
    """Return the Rademacher draws of single rows."""
    return Draws(rows, count, seed, f"Rademacher on {rows} rows, {count} draws, seed {seed}")


@dataclass(frozen=True)
class Hypothesis:
    """H0: b_j = 0 in a linear fit: what its bootstrap needs, summed by group.

    Attributes
    ----------
    estimate, error
        b_j and its standard error.
    scores
        (G, k) S_g.
    weight, cross, quad
        (G,) w_g, (G, k) c_g and (k, k) Q, small-sample factor included.
    inverse
        (k, k) (X'X)^-1.
    """

    j: int
    estimate: float
    error: float
    scores: Array
    weight: Array
    cross: Array
    quad: Array
    inverse: Array

    @property
    def observed(self) -> float:
        """The t statistic of the data."""
        return self.estimate / self.error

    def drawn(self, signs: Array) -> tuple[Array, Array]:
        """Return the (b,) estimates and t statistics under the null, for (b, G) draws."""
        k = self.scores.shape[1]
        both = signs @ np.hstack([self.scores, self.cross])
        moved = both[:, :k] @ self.inverse
        whole = (signs**2) @ self.weight
        variance = whole - 2.0 * (moved * both[:, k:]).sum(axis=1)
        variance += ((moved @ self.quad) * moved).sum(axis=1)
        estimates = moved[:, self.j]
        return estimates, estimates / np.sqrt(np.maximum(variance, 1e-14 * whole))


def restricted_and_own(inverse: Array, cross: Array, j: int) -> tuple[Array, Array]:
    """Return the (k,) coefficients under b_j = 0, by the partitioned inverse, and without it."""
    own = inverse @ cross
    return own - inverse[:, j] * (own[j] / inverse[j, j]), own


def clustered_hypothesis(
    linear: Linear, inverse: Array, j: int, codes: Codes, groups: int, df_resid: float
) -> Hypothesis:
    """Return H0: b_j = 0 of a least-squares problem with errors clustered by the groups drawn.

    Parameters
    ----------
    inverse
        (k, k) (X'X)^-1.
    codes
        (n,) group of each row, among ``groups`` that the fits share; a fit may lack some.

    The variance has the factor G/(G-1) (n-1)/df; with a group a row that is n/df.
    """
    x, y = linear.design, linear.response
    row = x @ inverse[j]
    restricted, own = restricted_and_own(inverse, x.T @ y, j)
    residual = y - x @ restricted
    present = len(np.unique(codes))
    factor = present / (present - 1) * (len(y) - 1) / df_resid
    parts = by_group((row * (y - x @ own))[:, None], codes, groups)[:, 0]
    weight = by_group((row * residual)[:, None], codes, groups)[:, 0]
    spread = by_group(x * row[:, None], codes, groups)
    return Hypothesis(
        j, float(own[j]), float(np.sqrt(factor * (parts @ parts))),
        by_group(x * residual[:, None], codes, groups),
        factor * weight**2, factor * spread * weight[:, None], factor * (spread.T @ spread),
        inverse,
    )  # fmt: skip


def robust_hypothesis(
    linear: Linear, inverse: Array, j: int, codes: Codes, groups: int, df_resid: float
) -> Hypothesis:
    """Return H0: b_j = 0 with HC1 errors, the draws by group (as ``clustered_hypothesis``)."""
    x, y = linear.design, linear.response
    row = x @ inverse[j]
    restricted, own = restricted_and_own(inverse, x.T @ y, j)
    residual, factor = y - x @ restricted, len(y) / df_resid
    parts, weight = row * (y - x @ own), row * residual
    spread = x * row[:, None]
    return Hypothesis(
        j, float(own[j]), float(np.sqrt(factor * (parts @ parts))),
        by_group(x * residual[:, None], codes, groups),
        factor * by_group((weight**2)[:, None], codes, groups)[:, 0],
        factor * by_group(spread * weight[:, None], codes, groups),
        factor * (spread.T @ spread), inverse,
    )  # fmt: skip


def by_group(columns: Array, codes: Codes, groups: int) -> Array:
    """Return the (groups, k) sums of (n, k) columns."""
    return np.column_stack([np.bincount(codes, column, groups) for column in columns.T])
