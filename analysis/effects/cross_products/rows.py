"""What cross-products cannot give, from the rows: heteroskedastic errors, ill-conditioned designs.

QR of the rows (least_squares.py) takes over where the scaled gram's condition is beyond 1e6; HC0
and HC1 need each row's squared residual. Both give the null of one specification as bootstrap.py
wants it, and both need the rows in memory.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.effects.cross_products.bootstrap import ManyGroups
from analysis.effects.cross_products.row_sums import sums_of
from analysis.effects.cross_products.tensor import CONSTANT, CrossProducts, Layout, finished
from analysis.effects.linear_models.least_squares import solve

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
ROBUST = ("HC0", "HC1")
ROUNDING = 1e-14


@dataclass(frozen=True)
class Rows:
    """The rows of a tensor: (n, p) columns in their own units (an absorbed effect taken out).

    ``codes`` are the (n,) groups that share a draw, among ``groups``; ``absorbed`` and ``counted``
    as in Equations.
    """

    names: tuple[str, ...]
    columns: Array
    codes: Codes
    groups: int
    absorbed: int = 0
    counted: int = 0

    def of(self, names: tuple[str, ...]) -> Array:
        """Return (n, k) columns by name."""
        return self.columns[:, [self.names.index(name) for name in names]]


@dataclass(frozen=True)
class One:
    """A specification solved from the rows: estimate, error, residual degrees, its null."""

    estimate: float
    std_error: float
    df_resid: int
    null: ManyGroups


def solved_from_rows(
    rows: Rows, outcome: str, treatment: str, others: tuple[str, ...], vcov: str
) -> One | None:
    """Solve one specification by QR; None where nothing is left of its treatment.

    Collinear columns are set aside, the treatment last of all.
    """
    x, y = rows.of((*others, treatment)), rows.of((outcome,))[:, 0]
    constant = next((j for j in range(x.shape[1]) if (x[:, j] == 1.0).all()), None)
    found = solve(x, y, constant)
    if x.shape[1] - 1 not in found.kept:
        return None
    x, j = x[:, list(found.kept)], len(found.kept) - 1
    df = len(y) - len(found.kept) - rows.absorbed
    lost = rows.counted if vcov == "cluster" else rows.absorbed
    if df < 1:
        return None
    null = null_of_rows(x, y, found.estimate, found.bread, j, rows.codes, rows.groups, vcov,
                        len(y) - len(found.kept) - lost)  # fmt: skip
    estimate = float(found.estimate[j])
    return One(estimate, abs(estimate / float(null.observed[0])), df, null)


def null_of_rows(
    x: Array, y: Array, own: Array, inverse: Array, j: int, codes: Codes, groups: int, vcov: str,
    df: float,
) -> ManyGroups:  # fmt: skip
    """Return H0: b_j = 0 of one least-squares problem.

    Parameters
    ----------
    own, inverse
        (k,) coefficients and (k, k) (X'X)^-1.
    codes
        (n,) groups among ``groups``; a fit may lack some.
    vcov
        cluster (the groups are the clusters), classical, HC0 or HC1.
    df
        n less the parameters that the covariance's factor counts.
    """
    first = inverse[j]
    restricted = own - first * (own[j] / first[j])
    restricted[j] = 0.0
    solved = _Solved(
        x, x @ first, y - x @ own, y - x @ restricted, codes, groups, df, float(first[j])
    )
    spread = SPREADS[vcov](solved)
    scores = solved.sums(x * solved.null_residuals[:, None])
    observed = np.array([own[j] / np.sqrt(spread.factor * spread.variance)])
    weight, cross, quad = (
        (spread.factor * part)[None] for part in (spread.weight, spread.cross, spread.quad)
    )
    return ManyGroups(observed, (scores @ inverse)[None], cross, weight, quad, j)


@dataclass(frozen=True)
class _Solved:
    """A problem solved.

    ``tested`` are the (n,) values X (X'X)^-1_j, ``inverse_jj`` is its element j; residuals are
    those of the fit and of the fit under H0.
    """

    x: Array
    tested: Array
    residuals: Array
    null_residuals: Array
    codes: Codes
    groups: int
    df: float
    inverse_jj: float

    def sums(self, columns: Array) -> Array:
        """Return the (groups, k) sums of (n,) or (n, k) columns."""
        return by_group(columns.reshape(len(columns), -1), self.codes, self.groups)


@dataclass(frozen=True)
class _Spread:
    """A variance up to its factor, and how it moves with a draw's signs: a quadratic form."""

    factor: float
    variance: float
    weight: Array
    cross: Array
    quad: Array


def _clustered(one: _Solved) -> _Spread:
    present = len(np.unique(one.codes))
    factor = present / (present - 1) * (len(one.x) - 1) / one.df
    scores = one.sums(one.tested * one.null_residuals)[:, 0]
    moved = one.sums(one.x * one.tested[:, None])
    variance = float((one.sums(one.tested * one.residuals) ** 2).sum())
    return _Spread(factor, variance, scores**2, moved * scores[:, None], moved.T @ moved)


def _classical(one: _Solved) -> _Spread:
    squares = one.sums(one.null_residuals**2)[:, 0]
    cross = one.sums(one.x * one.null_residuals[:, None])
    variance = float(one.residuals @ one.residuals)
    return _Spread(one.inverse_jj / one.df, variance, squares, cross, one.x.T @ one.x)


def _robust(one: _Solved) -> _Spread:
    scores, moved = one.tested * one.null_residuals, one.x * one.tested[:, None]
    variance = float(((one.tested * one.residuals) ** 2).sum())
    cross = one.sums(moved * scores[:, None])
    return _Spread(1.0, variance, one.sums(scores**2)[:, 0], cross, moved.T @ moved)


def _robust_with_factor(one: _Solved) -> _Spread:
    return replace(_robust(one), factor=len(one.x) / one.df)


SPREADS = {
    "classical": _classical,
    "cluster": _clustered,
    "HC0": _robust,
    "HC1": _robust_with_factor,
}


def by_group(columns: Array, codes: Codes, groups: int) -> Array:
    """Return the (groups, k) sums of (n, k) columns."""
    return np.column_stack([np.bincount(codes, column, groups) for column in columns.T])


def of_rows(rows: Rows) -> CrossProducts:
    """Return the tensor of rows in memory, centred and scaled on all of them.

    Columns are centred where there is a constant, as ``const``.
    """
    x = rows.columns
    at = rows.names.index(CONSTANT) if CONSTANT in rows.names else None
    shift = x.mean(axis=0) if at is not None else np.zeros(x.shape[1])
    if at is not None:
        shift[at] = 0.0
    scale = np.sqrt(((x - shift) ** 2).mean(axis=0))
    # the spread of a column that does not vary is rounding error
    scale[scale <= ROUNDING * np.abs(x).max(axis=0)] = 1.0
    layout = Layout(rows.names, shift, scale, tuple(range(rows.groups)))
    found = finished(sums_of(layout, x, rows.codes))
    absorbed = found.absorbed.copy()
    absorbed[0] = rows.absorbed
    return replace(found, absorbed=absorbed)
