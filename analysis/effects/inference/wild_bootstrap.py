"""Restricted wild cluster bootstrap-t for one coefficient of a linear fit, and its interval.

Cameron, Gelbach and Miller 2008, Review of Economics and Statistics 90: 414-427; the restricted
version (WCR) with per-cluster sums as in MacKinnon, Nielsen and Webb 2023, Journal of Econometrics
232: 272-299. With X_g'X_g and X_g'y_g kept per cluster no draw touches the rows.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.fit import Linear

Array = NDArray[np.float64]
ENUMERATED_UP_TO = 12
DRAWS, SEED = 9999, 20170101
# Webb 2014 (Queen's Economics Department Working Paper 1315): six points for few clusters
WEBB: Array = np.sqrt(np.array([0.5, 1.0, 1.5]))
LEVEL = 0.95
BISECTIONS, FURTHEST = 40, 30.0


@dataclass(frozen=True)
class Clusters:
    """Per-cluster cross-products: gram (G, k, k) and cross (G, k), and the inverse of their sum."""

    gram: Array
    cross: Array
    inverse: Array

    @property
    def estimate(self) -> Array:
        """The least-squares coefficients, (k,)."""
        return self.inverse @ self.cross.sum(axis=0)


def clusters_of(linear: Linear, codes: NDArray[np.int64]) -> Clusters:
    """Return the cross-products of a least-squares problem by cluster."""
    groups = range(int(codes.max()) + 1)
    parts = [(linear.design[codes == g], linear.response[codes == g]) for g in groups]
    gram = np.stack([x.T @ x for x, _ in parts])
    cross = np.stack([x.T @ y for x, y in parts])
    return Clusters(gram, cross, np.linalg.inv(gram.sum(axis=0)))


def weights(groups: int, draws: int = DRAWS, seed: int = SEED) -> tuple[Array, str]:
    """Return (draws, groups) bootstrap weights and their name.

    Rademacher by full enumeration (both signs of the first cluster being equivalent, all 2^G are
    listed) for up to 12 clusters, Webb's six points drawn at random for more.
    """
    if groups <= ENUMERATED_UP_TO:
        bits = (np.arange(2**groups)[:, None] >> np.arange(groups)) & 1
        return np.asarray(2.0 * bits - 1.0, dtype=np.float64), f"Rademacher, all {2**groups}"
    points: Array = np.concatenate([-WEBB, WEBB])
    drawn = np.random.default_rng(seed).choice(points, size=(draws, groups))
    return np.asarray(drawn, dtype=np.float64), f"Webb, {draws} draws, seed {seed}"


def t_statistics(clusters: Clusters, j: int, null: float, drawn: Array) -> tuple[float, Array]:
    """Return the statistic of H0: b_j = null, and those of the bootstrap samples under it.

    The small-sample factor is the same in both and is left out.
    """
    restricted = _restricted(clusters, j, null)
    scores = clusters.cross - clusters.gram @ restricted
    row = clusters.inverse[j]
    spread = clusters.gram @ row
    own = clusters.estimate
    residual = (clusters.cross - clusters.gram @ own) @ row
    observed = (own[j] - null) / np.sqrt(residual @ residual)
    moved = (drawn @ scores) @ clusters.inverse
    errors = drawn * (scores @ row) - moved @ spread.T
    return float(observed), moved[:, j] / np.sqrt((errors**2).sum(axis=1))


def _restricted(clusters: Clusters, j: int, null: float) -> Array:
    """Return the least-squares coefficients under b_j = null."""
    gram, cross = clusters.gram.sum(axis=0), clusters.cross.sum(axis=0)
    others = np.arange(len(cross)) != j
    solution = np.full(len(cross), null)
    target = cross[others] - gram[others, j] * null
    solution[others] = np.linalg.solve(gram[np.ix_(others, others)], target)
    return solution


def p_value(clusters: Clusters, j: int, null: float, drawn: Array) -> float:
    """Return the symmetric p value; a random draw counts itself, an enumeration is complete."""
    observed, bootstrap = t_statistics(clusters, j, null, drawn)
    # a bootstrap sample equal to the data has the same statistic up to rounding
    beyond = int((np.abs(bootstrap) >= abs(observed) * (1.0 - 1e-9)).sum())
    if drawn.shape[1] <= ENUMERATED_UP_TO:
        return beyond / len(drawn)
    return (1 + beyond) / (1 + len(drawn))


def interval(clusters: Clusters, j: int, drawn: Array) -> tuple[float, float]:
    """Return the nulls that are not rejected at 5 %, by bisection from the estimate outward.

    An end that lies more than 30 standard errors away is infinite.
    """
    estimate = float(clusters.estimate[j])
    residual = (clusters.cross - clusters.gram @ clusters.estimate) @ clusters.inverse[j]
    step = float(np.sqrt(residual @ residual))
    low, high = (_end(clusters, j, drawn, estimate, sign * step) for sign in (-1.0, 1.0))
    return low, high


def _end(clusters: Clusters, j: int, drawn: Array, estimate: float, step: float) -> float:
    inside, outside = 0.0, 1.0
    while p_value(clusters, j, estimate + outside * step, drawn) > 1.0 - LEVEL:
        inside, outside = outside, 2.0 * outside
        if outside > FURTHEST:
            return float(np.sign(step) * np.inf)
    for _ in range(BISECTIONS):
        middle = 0.5 * (inside + outside)
        if p_value(clusters, j, estimate + middle * step, drawn) > 1.0 - LEVEL:
            inside = middle
        else:
            outside = middle
        if outside - inside < 1e-5:
            break
    return estimate + inside * step
