"""A linear equation with its controls taken out: a treatment drawn again costs one projection.

b(d) = d~'y~ / d~'d~ with d~, y~ what is left of d, y beside controls and absorbed effects (Frisch
and Waugh 1933; Lovell 1963); its scores are d~_i (y~_i - b d~_i).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import qr
from scipy.sparse import csr_array

from analysis.effects.estimates import Fitted
from analysis.effects.linear_models.absorption import without_effects
from analysis.effects.linear_models.panel import codes_in, within
from analysis.effects.multiplicity.assignments import cluster_codes
from analysis.effects.sample import Sample

Array = NDArray[np.float64]
# estimators whose estimate is least squares of columns that do not depend on the treatment
LINEAR = ("ols", "pooled_ols", "wls", "fixed_effects")
COLLINEAR = 1e-10
# levels of smaller effects that stand as dummies
MOST_DUMMIES = 100
# scores of which no more than this share (of squares) is left fit every row
EXACT = 1e-26


@dataclass(frozen=True)
class Projected:
    """A term's equation without its controls.

    ``outcome`` and ``treatment`` are (n,) y~ and d~; ``transform`` weights (n, b) columns or takes
    absorbed effects out of them, ``basis`` (n, k) is orthonormal and spans the controls so
    transformed; ``sum_by`` (G, n) adds rows up by cluster, None where each row stands alone.
    """

    outcome: Array
    treatment: Array
    transform: Callable[[Array], Array]
    basis: Array
    sum_by: csr_array | None
    factor: float

    def project(self, columns: Array) -> Array:
        """Return what is left of (n, b) columns beside the controls."""
        moved = self.transform(columns)
        return moved - self.basis @ (self.basis.T @ moved)


def projected_of(fitted: Fitted, term: str) -> Projected | None:
    """Return a fitted equation without its controls; None where its estimator is not linear."""
    sample, equation = fitted.sample, fitted.equation
    if equation.estimator not in LINEAR or len(equation.cluster) > 1:
        return None
    transform, dummies = _transform(fitted)
    controls = np.column_stack([sample.regressors.drop(columns=term).to_numpy(float), dummies])
    if equation.estimator != "fixed_effects" and equation.options.get("constant", True):
        controls = np.column_stack([np.ones(sample.n_obs), controls])
    basis = _basis(transform(controls)) if controls.shape[1] else np.empty((sample.n_obs, 0))
    both = transform(np.column_stack([sample.outcome, sample.regressors[term].to_numpy(float)]))
    # twice: the second pass takes out the rounding error of the first
    both = both - basis @ (basis.T @ both)
    both = both - basis @ (basis.T @ both)
    sums = _sums(sample) if sample.clusters.shape[1] else None
    groups = sample.n_obs if sums is None else sums.shape[0]
    small = groups / (groups - 1) * (sample.n_obs - 1) / fitted.fit.df_resid
    return Projected(both[:, 0], both[:, 1], transform, basis, sums, float(np.sqrt(small)))


def effects_of(sample: Sample) -> pd.DataFrame:
    """Return (n, a) codes of absorbed effects: those named, else the entities."""
    if sample.absorbed.shape[1]:
        return pd.DataFrame({name: codes_in(sample.absorbed[name]) for name in sample.absorbed})
    return pd.DataFrame({"entity": codes_in(sample.entity)})


def _transform(fitted: Fitted) -> tuple[Callable[[Array], Array], Array]:
    """Return what weights columns or takes effects out of them, and (n, l) dummies beside it.

    Effects of few levels (years) stand as dummies among the controls: one pass of means is then
    exact, where several effects absorbed need many.
    """
    sample, equation = fitted.sample, fitted.equation
    none = np.empty((sample.n_obs, 0))
    if equation.estimator == "fixed_effects":
        effects = effects_of(sample)
        largest = max(effects, key=lambda name: int(effects[name].max()))
        others = effects.drop(columns=largest)
        if sum(int(others[name].max()) + 1 for name in others) > MOST_DUMMIES:
            return lambda columns: without_effects(columns, effects), none
        codes = effects[largest].to_numpy()
        dummies = [np.eye(int(others[name].max()) + 1)[others[name]] for name in others]
        return lambda columns: within(columns, codes), np.hstack([none, *dummies])
    if sample.weights is not None:
        root = np.sqrt(sample.weights)[:, None]
        return lambda columns: columns * root, none
    return lambda columns: columns, none


def _basis(columns: Array) -> Array:
    """Return an orthonormal basis of the columns, collinear ones left out."""
    size = np.sqrt((columns**2).sum(axis=0))
    columns = columns[:, size > 0] / size[size > 0]
    if not columns.shape[1]:
        return columns
    q, r, _ = qr(columns, mode="economic", pivoting=True)
    return np.asarray(q[:, np.abs(np.diag(r)) > COLLINEAR])


def _sums(sample: Sample) -> csr_array:
    codes = cluster_codes(sample)
    n = len(codes)
    return csr_array((np.ones(n), (codes, np.arange(n))), shape=(int(codes.max()) + 1, n))


# --- drawn treatments -------------------------------------------------------------------------


@dataclass(frozen=True)
class Drawn:
    """Estimates of (b,) drawn treatments, and what their t statistics at any effect rest on.

    With y(t) = y - t d, the estimate is a - t c and its squared error p - 2 t m + t^2 r. Where
    other effects than zero are not asked for, c, m and r are zero.
    """

    a: Array
    c: Array
    p: Array
    m: Array
    r: Array

    def statistics(self, effect: float = 0.0) -> Array:
        """Return the (b,) t statistics under a constant effect."""
        squares = self.p - 2.0 * effect * self.m + effect**2 * self.r
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray((self.a - effect * self.c) / np.sqrt(np.maximum(squares, 0.0)))


def estimates_of(problem: Projected, columns: Array) -> Array:
    """Return the (b,) estimates of (n, b) drawn treatments; NaN where controls explain one."""
    moved = problem.transform(columns)
    whole = _squares(moved)
    own = whole - _squares(problem.basis.T @ moved)
    own[own <= COLLINEAR * whole] = np.nan
    return np.asarray(problem.outcome @ moved / own)


def drawn_of(problem: Projected, columns: Array, *, inverted: bool) -> Drawn:
    """Return estimates and errors of (n, b) drawn treatments, for other effects if ``inverted``.

    NaN where controls explain a treatment wholly.
    """
    d = problem.project(columns)
    own = _squares(d)
    own[own <= COLLINEAR * _squares(columns)] = np.nan
    squares, scale = _by_cluster(problem, d * d), (problem.factor / own) ** 2

    def part(target: Array) -> tuple[Array, Array]:
        """Return the estimates for a target, and its scores by group; rounding error set to 0."""
        estimates = target @ d / own
        scores = _by_cluster(problem, d * target[:, None])
        whole = _squares(scores)
        scores -= estimates * squares
        scores[:, _squares(scores) <= EXACT * whole] = 0.0
        return estimates, scores

    a, of_outcome = part(problem.outcome)
    p, nothing = scale * _squares(of_outcome), np.zeros(len(own))
    if not inverted:
        return Drawn(a, nothing, p, nothing, nothing)
    c, of_treatment = part(problem.treatment)
    mixed = np.einsum("ij,ij->j", of_outcome, of_treatment)
    return Drawn(a, c, p, scale * mixed, scale * _squares(of_treatment))


def _squares(columns: Array) -> Array:
    return np.einsum("ij,ij->j", columns, columns)


def _by_cluster(problem: Projected, columns: Array) -> Array:
    return columns if problem.sum_by is None else np.asarray(problem.sum_by @ columns)


def joined(parts: list[Drawn]) -> Drawn:
    """Return several blocks of draws as one."""
    return Drawn(*(np.concatenate([getattr(x, name) for x in parts]) for name in "acpmr"))
