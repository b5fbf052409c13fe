"""Bases of instruments and covariances of moments: the algebra of instrumental variables."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import cholesky, qr

from analysis.effects.inference.covariance import codes_of

Array = NDArray[np.float64]
SINGULAR = 1e-12


def basis(columns: Array) -> Array:
    """Return an orthonormal (n, l) basis of the columns' span."""
    if columns.shape[1] == 0:
        return columns
    size = np.sqrt((columns**2).sum(axis=0))
    return qr(columns / size, mode="economic")[0]


def moment_covariance(moments: Array, vcov: str, clusters: pd.DataFrame) -> Array:
    """Return sum_i m_i m_i', or sum_g m_g m_g' under ``cluster`` (two columns: a + b - ab)."""
    if vcov != "cluster":
        return moments.T @ moments
    if clusters.shape[1] == 2:
        parts = [clusters[[column]] for column in clusters.columns]
        one, other, both = (_summed_square(moments, part) for part in (*parts, clusters))
        return one + other - both
    return _summed_square(moments, clusters)


def _summed_square(moments: Array, clusters: pd.DataFrame) -> Array:
    codes = codes_of(clusters)
    sums = np.zeros((codes.max() + 1, moments.shape[1]))
    np.add.at(sums, codes, moments)
    return sums.T @ sums


def root_of(matrix: Array) -> Array | None:
    """Return the lower Cholesky root of a covariance; None where it is singular or indefinite.

    Judged on the scaled matrix, so that units do not decide.
    """
    size = np.sqrt(np.clip(np.diag(matrix), 0.0, None))
    if not (size > 0).all() or not np.isfinite(matrix).all():
        return None
    scaled = matrix / np.outer(size, size)
    if np.linalg.eigvalsh(scaled)[0] < SINGULAR * len(scaled):
        return None
    return size[:, None] * cholesky(scaled, lower=True)
