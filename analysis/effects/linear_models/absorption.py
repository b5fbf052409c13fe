"""Effects taken out of columns: z less its projection on the dummies (Frisch, Waugh and Lovell).

One effect goes by its (weighted) group means. A large one with others of few levels in all (years,
provinces beside persons) goes exactly, too: with M the deviations from the large one's means and D
the other effects' dummies, M z - M D (D'M D)^- D'M z, which needs no more than sums by level.
Several large ones need iterations: LSMR with a Schwarz preconditioner, pyfixest's fastest for
persons in firms, where alternating projections take minutes.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.linear_models.panel import codes_in, nothing_left
from analysis.messages import Text, UserError

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
# levels of the smaller effects together, up to which their normal equations are solved outright
FEW_LEVELS = 500
# an eigenvalue of the normal equations, scaled to a unit diagonal, that is rounding error
NO_SPREAD = 1e-11
TOLERANCE, ITERATIONS = 1e-14, 10_000
PASSES = 2  # the second takes out the rounding error of the first


def without_effects(columns: Array, effects: pd.DataFrame, weights: Array | None = None) -> Array:
    """Return the (n, k) columns less what the (n, a) effects explain.

    A column of which no more than rounding error is left is exactly 0, so that it counts as
    collinear.

    Raises
    ------
    UserError
        If the iterations for several large effects do not converge.
    """
    codes = [codes_in(effects[name]) for name in effects]
    largest, *others = sorted(codes, key=lambda one: -int(one.max()))
    others = [one for one in others if one.max() > 0]
    if sum(int(one.max()) + 1 for one in others) > FEW_LEVELS:
        rest = _iterated(columns, [largest, *others], weights)
    else:
        rest = _outright(columns, Means.of(largest, weights), others)
    rest[:, nothing_left(rest, columns)] = 0.0
    return rest


@dataclass(frozen=True)
class Means:
    """Weighted means by group: (n,) codes, (n,) weights or None for equal ones, (N,) their sums."""

    codes: Codes
    weights: Array | None
    total: Array

    @classmethod
    def of(cls, codes: Codes, weights: Array | None) -> "Means":
        """Return the means by the groups of ``codes``."""
        return cls(codes, weights, np.bincount(codes, weights).astype(float))

    def sums(self, column: Array, codes: Codes, count: int) -> Array:
        """Return the (count,) weighted sums of a column by any codes."""
        weighted = column if self.weights is None else column * self.weights
        return np.asarray(np.bincount(codes, weighted, count), dtype=float)

    def deviations(self, column: Array) -> Array:
        """Return the (n,) column less its means."""
        means = self.sums(column, self.codes, len(self.total)) / self.total
        return column - means[self.codes]


def _outright(columns: Array, means: Means, others: list[Codes]) -> Array:
    """Return the deviations from the means, less what other effects of few levels explain."""
    rest = np.empty(columns.shape, order="F")
    solve = _few_levels(means, others) if others else None
    bounds = np.cumsum([0, *(int(one.max()) + 1 for one in others)])
    levels = [one + start for one, start in zip(others, bounds, strict=False)]
    for j, column in enumerate(columns.T):
        left = column
        for _ in range(PASSES):
            left = means.deviations(left)
            if solve is not None:
                sums = sum(means.sums(left, one, int(bounds[-1])) for one in levels)
                effects = solve @ sums
                left -= means.deviations(sum(effects[one] for one in levels))
        rest[:, j] = left
    return rest


def _few_levels(means: Means, others: list[Codes]) -> Array:
    """Return (L, L) a generalised inverse of D'M D, the dummies of the other effects' L levels."""
    from scipy.sparse import csr_array, hstack

    w = means.weights
    dummies = hstack([_dummies(one) for one in others], format="csr")
    heavy = dummies if w is None else csr_array(dummies * w[:, None])
    by_group = _dummies(means.codes).T @ heavy
    own = (dummies.T @ heavy).toarray()
    scaled = by_group.multiply(1.0 / np.sqrt(means.total)[:, None]).tocsr()
    gram = own - (scaled.T @ scaled).toarray()
    size = np.sqrt(np.diag(own))
    values, vectors = np.linalg.eigh(gram / np.outer(size, size))
    spread = values > NO_SPREAD
    root = vectors[:, spread] / size[:, None]
    return np.asarray((root / values[spread]) @ root.T)


def _dummies(codes: Codes) -> "csr_array":
    from scipy.sparse import csr_array

    n, count = len(codes), int(codes.max()) + 1
    return csr_array((np.ones(n), codes.astype(np.int32), np.arange(n + 1)), shape=(n, count))


def _iterated(columns: Array, codes: list[Codes], weights: Array | None) -> Array:
    """Return what LSMR converges to, each column scaled to a unit mean square first."""
    from pyfixest.core.demean import demean_within

    size = np.sqrt((columns**2).mean(axis=0))
    size[size == 0.0] = 1.0
    rest, settled, _ = demean_within(
        columns / size, np.column_stack(codes).astype(np.uint32), weights, TOLERANCE, ITERATIONS
    )
    if not settled:
        what = Text(
            f"absorbed effects that settle within {ITERATIONS} iterations",
            f"在 {ITERATIONS} 次迭代内收敛的吸收效应",
        )
        raise UserError("estimator_needs", estimator="absorb", what=what)
    return np.asarray(rest) * size
