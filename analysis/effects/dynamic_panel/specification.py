"""Tests of a dynamic panel: serial correlation, overidentification, subsets of its moments."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.effects.dynamic_panel.gmm import NotIdentifiedError, Step, hansen
from analysis.effects.dynamic_panel.moments import Moments

Array = NDArray[np.float64]
ORDERS = (1, 2)


def serial_correlation(moments: Moments, used: Step, covariance: Array) -> dict[str, float]:
    """Return z and p of the tests for autocorrelation of orders 1 and 2 in differenced errors.

    m_j = r / sqrt(v), r = sum_i e_i'e_(i,-j), v = sum_i (e_i'e_(i,-j))^2 - 2 c' gain sum_i Z_i'e_i
    (e_i'e_(i,-j)) + c'Vc, c = sum_i X_i'e_(i,-j) (Arellano and Bond 1991, equation 8; Roodman 2009,
    section 3.6). Errors are differenced whatever the transformation. An order that no entity is
    seen long enough for is left out.
    """
    from scipy.stats import norm

    found: dict[str, float] = {}
    changes = _differences(moments)
    error = changes[:, :, 0] - changes[:, :, 1:] @ used.estimate
    for order in ORDERS:
        if error.shape[1] <= order:
            continue
        lagged = np.zeros_like(error)
        lagged[:, order:] = error[:, :-order]
        products = (error * lagged).sum(axis=1)
        c = np.einsum("ntk,nt->k", changes[:, :, 1:], lagged)
        mixed = used.gain @ (used.by_entity.T @ products)
        variance = float(products @ products - 2.0 * c @ mixed + c @ covariance @ c)
        if variance > 0.0:
            z = float(products.sum() / np.sqrt(variance))
            found |= {f"ar{order}_z": z, f"ar{order}_p": 2.0 * float(norm.sf(abs(z)))}
    return found


def _differences(moments: Moments) -> Array:
    """Return (N, T - 1, 1 + K) differences of outcome and regressors, 0 where one is incomplete."""
    grid = moments.grid
    both = grid.complete[:, 1:] & grid.complete[:, :-1]
    return np.asarray(np.diff(grid.columns[:, :, moments.kept], axis=1) * both[:, :, None])


def overidentification(
    moments: Moments, first: Step, second: Step, sigma2: float
) -> dict[str, Any]:
    """Return Sargan's test of the first step, Hansen's of the second, their df and p values.

    Sargan's (Z'e)'A(Z'e) / s^2 holds for errors that are white noise in levels only; Hansen's is
    the criterion of the second step. An exactly identified equation has neither.
    """
    from scipy.stats import chi2

    df = len(moments.instruments) - len(first.estimate)
    if df == 0:
        return {"overidentifying": 0}
    sargan = first.criterion / sigma2
    return {
        "overidentifying": df,
        "sargan": sargan,
        "sargan_p": float(chi2.sf(sargan, df)),
        "hansen": second.criterion,
        "hansen_p": float(chi2.sf(second.criterion, df)),
    }


def differences_in_hansen(moments: Moments, first: Step, whole: float) -> dict[str, Any]:
    """Return C, df and p for each group of instruments: Hansen's J less that without the group.

    The instruments of the equation in levels are a group of their own as well. A group without
    which the equation is not identified has no test.
    """
    from scipy.stats import chi2

    found: dict[str, Any] = {}
    instruments = moments.instruments
    groups = {one.group: [one.group == other.group for other in instruments] for one in instruments}
    levels = [one.in_levels for one in instruments]
    if any(levels):
        groups["levels equation"] = levels
    for name, members in groups.items():
        rows = [j for j, inside in enumerate(members) if not inside]
        if len(rows) < moments.cross.shape[1] - 1 or not _identified(moments, rows):
            continue
        try:
            value = max(0.0, whole - hansen(moments, first, rows))
        except NotIdentifiedError:
            continue
        df = len(members) - len(rows)
        found[f"difference_hansen[{name}]"] = value
        found[f"difference_hansen_df[{name}]"] = df
        found[f"difference_hansen_p[{name}]"] = float(chi2.sf(value, df))
    return found


def _identified(moments: Moments, rows: list[int]) -> bool:
    """Return whether the coefficients can be told from these moments alone."""
    cross = moments.cross[rows, 1:]
    size = np.sqrt((moments.cross[:, 1:] ** 2).sum(axis=0))
    return bool(np.linalg.matrix_rank(cross / size, tol=1e-9) == cross.shape[1])
