"""Covariances of a fit, under one convention for the whole package.

Scores s_i = x_i e_i, bread A = (X'X)^-1 (likelihoods: inverse of minus the Hessian), n rows,
k parameters, G clusters.

- classical: the model's own; t with the residual degrees of freedom.
- HC0: A (sum s_i s_i') A; HC1: times n / (n - k); HC2, HC3: e_i^2 over (1 - h_i), (1 - h_i)^2
  (linear fits only). t with n - k.
- cluster (CRV1): A (sum_g s_g s_g') A * G/(G-1) * (n-1)/(n-k); t with G - 1. k counts absorbed
  effects, except those nested in the clusters. Two columns: V_a + V_b - V_ab, each part with its
  own factor; t with the smaller G - 1 (Cameron, Gelbach and Miller 2011, JBES 29: 238-249).
- CRV3: (G-1)/G * sum_g (b_(g) - b)(b_(g) - b)', b_(g) without cluster g (linear fits only);
  MacKinnon, Nielsen and Webb 2023, Journal of Econometrics 232: 272-299, the jackknife around b.

- wild_bootstrap: cluster errors; p values and intervals of the treatments by the restricted wild
  cluster bootstrap (wild_bootstrap.py).
- bootstrap: every estimator again on samples of rows, entities or clusters (bootstrap.py).
- a covariance of the estimator's own (Abadie and Imbens's for matching), where it has one.

Likelihood fits use the normal distribution and, for clusters, the factor G/(G-1) alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.expressions import unknown
from analysis.effects.fit import Fit, Linear
from analysis.effects.inference import wild_bootstrap
from analysis.messages import UserError

Array = NDArray[np.float64]
WILD = "wild_bootstrap"


@dataclass(frozen=True)
class Covariance:
    """A (k, k) covariance, the clusters behind it, and the degrees of freedom of its t.

    ``bootstrap`` holds (p value, low, high) by term where a bootstrap decides them.
    """

    matrix: Array
    cov_df: float
    n_clusters: int | None = None
    bootstrap: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def covariance(
    fit: Fit, vcov: str, clusters: pd.DataFrame, treatments: Sequence[str] = ()
) -> Covariance:
    """Return the covariance named ``vcov``; a bootstrap looks at ``treatments`` only.

    Raises
    ------
    UserError
        If the name is unknown, clusters are needed and absent, there is one cluster only, or the
        covariance is for linear fits and this is none.
    """
    if vcov in fit.own:
        return Covariance(fit.own[vcov], fit.df_resid)
    if vcov not in KINDS and vcov != WILD:
        raise unknown("vcov", vcov, [*KINDS, WILD, *fit.own])
    if vcov == WILD:
        return _wild(fit, clusters, treatments)
    return KINDS[vcov](fit, clusters)


def _n(fit: Fit) -> int:
    return fit.scores.shape[0]


def _classical(fit: Fit, clusters: pd.DataFrame) -> Covariance:
    return Covariance(fit.classical, fit.df_resid)


def _hc0(fit: Fit, clusters: pd.DataFrame) -> Covariance:
    return Covariance(_sandwich(fit, fit.scores), fit.df_resid)


def _hc1(fit: Fit, clusters: pd.DataFrame) -> Covariance:
    return Covariance(_sandwich(fit, fit.scores) * _n(fit) / fit.df_resid, fit.df_resid)


def _hc2(fit: Fit, clusters: pd.DataFrame) -> Covariance:
    return _leverage_corrected(fit, 0.5, "HC2")


def _hc3(fit: Fit, clusters: pd.DataFrame) -> Covariance:
    return _leverage_corrected(fit, 1.0, "HC3")


def _leverage_corrected(fit: Fit, power: float, name: str) -> Covariance:
    design = _linear(fit, name).design
    leverage = np.einsum("ij,jk,ik->i", design, fit.bread, design)
    scores = fit.scores / np.clip(1.0 - leverage, 1e-12, None)[:, None] ** power
    return Covariance(_sandwich(fit, scores), fit.df_resid)


def _sandwich(fit: Fit, scores: Array) -> Array:
    return fit.bread @ (scores.T @ scores) @ fit.bread.T


def _linear(fit: Fit, name: str) -> Linear:
    if fit.linear is None:
        raise UserError("vcov_needs_linear", vcov=name)
    return fit.linear


# --- clusters ---------------------------------------------------------------------------------


def codes_of(clusters: pd.DataFrame) -> NDArray[np.int64]:
    """Return one code a row for the groups that the columns form together.

    Raises
    ------
    UserError
        If no cluster is named.
    """
    if clusters.shape[1] == 0:
        raise UserError("needs_cluster")
    if clusters.shape[1] == 1:
        return np.asarray(pd.factorize(clusters.iloc[:, 0], sort=True)[0], dtype=np.int64)
    keys = [clusters[column] for column in clusters.columns]
    return pd.DataFrame(clusters).groupby(keys, sort=True).ngroup().to_numpy()


def _summed(scores: Array, codes: NDArray[np.int64]) -> Array:
    return np.column_stack([np.bincount(codes, column) for column in scores.T])


def _cluster(fit: Fit, clusters: pd.DataFrame) -> Covariance:
    if clusters.shape[1] == 2:
        return _two_way(fit, clusters)
    codes = codes_of(clusters)
    groups = _require_two(codes)
    matrix = _one_way(fit, clusters, codes)
    return Covariance(matrix, groups - 1, groups, notes=_few(groups))


def _require_two(codes: NDArray[np.int64]) -> int:
    groups = int(codes.max()) + 1
    if groups < 2:
        raise UserError("one_cluster")
    return groups


def _few(groups: int) -> tuple[str, ...]:
    if groups >= 40:
        return ()
    return (f"{groups} clusters only: CRV3 or a wild bootstrap is safer",)


def _one_way(fit: Fit, clusters: pd.DataFrame, codes: NDArray[np.int64]) -> Array:
    groups = int(codes.max()) + 1
    matrix = _sandwich(fit, _summed(fit.scores, codes))
    return matrix * _factor(fit, groups, clusters)


def _factor(fit: Fit, groups: int, clusters: pd.DataFrame) -> float:
    small = groups / (groups - 1)
    if fit.distribution == "normal":
        return small
    n = _n(fit)
    nested = sum(
        levels - 1
        for effect, levels in fit.nested_levels.items()
        if any(effect == column for column in clusters.columns)
    )
    return small * (n - 1) / (fit.df_resid + nested)


def _two_way(fit: Fit, clusters: pd.DataFrame) -> Covariance:
    first, second = (clusters[[column]] for column in clusters.columns)
    both = codes_of(clusters)
    counts, matrix = [], np.zeros_like(fit.bread)
    for part in (first, second):
        codes = codes_of(part)
        counts.append(_require_two(codes))
        matrix = matrix + _one_way(fit, part, codes)
    matrix = matrix - _one_way(fit, clusters, both)
    fewest = min(counts)
    notes = _few(fewest)
    if (np.diag(matrix) < 0).any():
        notes = (*notes, "the two-way covariance has a negative variance: left empty")
    return Covariance(matrix, fewest - 1, fewest, notes=notes)


def _crv3(fit: Fit, clusters: pd.DataFrame) -> Covariance:
    linear = _linear(fit, "CRV3")
    if clusters.shape[1] != 1:
        raise UserError("one_way_only", vcov="CRV3")
    codes = codes_of(clusters)
    groups = _require_two(codes)
    gram, cross = linear.design.T @ linear.design, linear.design.T @ linear.response
    spread = np.zeros_like(gram)
    for group in range(groups):
        rows = codes == group
        x, y = linear.design[rows], linear.response[rows]
        without = np.linalg.lstsq(gram - x.T @ x, cross - x.T @ y, rcond=None)[0]
        spread += np.outer(without - fit.estimate, without - fit.estimate)
    return Covariance(spread * (groups - 1) / groups, groups - 1, groups)


def _wild(fit: Fit, clusters: pd.DataFrame, treatments: Sequence[str]) -> Covariance:
    linear = _linear(fit, WILD)
    if clusters.shape[1] != 1:
        raise UserError("one_way_only", vcov=WILD)
    plain = _cluster(fit, clusters)
    sums = wild_bootstrap.clusters_of(linear, codes_of(clusters))
    drawn, name = wild_bootstrap.weights(int(plain.n_clusters or 0))
    found = {
        term: (
            wild_bootstrap.p_value(sums, fit.terms.index(term), 0.0, drawn),
            *wild_bootstrap.interval(sums, fit.terms.index(term), drawn),
        )
        for term in treatments
        if term in fit.terms
    }
    note = f"p and interval of {', '.join(found)} by restricted wild cluster bootstrap ({name})"
    return Covariance(plain.matrix, plain.cov_df, plain.n_clusters, found, (note,))


KINDS: dict[str, Callable[[Fit, pd.DataFrame], Covariance]] = {
    "classical": _classical,
    "HC0": _hc0,
    "HC1": _hc1,
    "HC2": _hc2,
    "HC3": _hc3,
    "cluster": _cluster,
    "CRV3": _crv3,
}
