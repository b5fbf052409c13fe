"""The Anderson-Rubin test and its confidence set, exact under every covariance."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, stats

from analysis.effects.instrumental.partialled import Partialled, regression_on_instruments, wald

Array = NDArray[np.float64]
LEVEL = 0.95


def anderson_rubin(part: Partialled) -> dict[str, Any]:
    """Return the Anderson-Rubin test of b = 0 and, for one endogenous term, the 95 % set.

    AR(b) = u(b)'V(b)^-1 u(b) / q with u(b) = Q'(y - x b) and V its covariance; F(q, df) with the
    df of the vcov (Anderson and Rubin 1949, Ann. Math. Stat. 20: 46-63). V(b) is quadratic in b,
    so the set's ends are real roots of det[c q V(b) - u(b)u(b)'] = 0, c the critical F: a
    quadratic eigenvalue problem, solved exactly for every vcov instead of by a grid.
    """
    at_zero, cov = regression_on_instruments(part, part.y)
    q = part.n_instruments
    f = wald(at_zero, cov.matrix) / q
    found: dict[str, Any] = {
        "anderson_rubin_f": f,
        "anderson_rubin_df": q,
        "anderson_rubin_p": float(stats.f.sf(f, q, cov.cov_df)),
    }
    if part.x.shape[1] > 1:
        return found
    critical = float(stats.f.ppf(LEVEL, q, cov.cov_df))
    return {**found, "anderson_rubin_set": _inverted(part, critical * q)}


def _inverted(part: Partialled, critical: float) -> str:
    """Return the values b with u(b)'V(b)^-1 u(b) <= critical, as text."""
    x = part.x[:, 0]
    moved = part.q.T @ x
    centre = float(moved @ (part.q.T @ part.y)) / float(moved @ moved)
    e = part.y - centre * x
    # b = centre + unit * t: roots t of order one whatever the units
    unit = float(np.sqrt((e @ e) / (moved @ moved) / len(e)))
    u0, v0 = regression_on_instruments(part, e)
    u1, v1 = regression_on_instruments(part, x * unit)
    both = regression_on_instruments(part, e - x * unit)[1].matrix
    cross = both - v0.matrix - v1.matrix
    terms = (
        critical * v0.matrix - np.outer(u0, u0),
        critical * cross + np.outer(u0, u1) + np.outer(u1, u0),
        critical * v1.matrix - np.outer(u1, u1),
    )

    def inside(t: float) -> bool:
        u, v = u0 - t * u1, v0.matrix + t * cross + t * t * v1.matrix
        return wald(u, v) <= critical

    if not np.isfinite(wald(u0, v0.matrix)):
        return "not defined: the covariance of the instruments' coefficients is singular"
    return _as_text(_real_roots(*terms), inside, centre, unit)


def _real_roots(constant: Array, linear: Array, square: Array) -> list[float]:
    """Return the real t with det(constant + linear t + square t^2) = 0, by linearisation."""
    q = len(constant)
    zero, one = np.zeros((q, q)), np.eye(q)
    left = np.block([[zero, one], [-constant, -linear]])
    right = np.block([[one, zero], [zero, square]])
    alpha, beta = linalg.eig(left, right, right=False, homogeneous_eigvals=True)
    finite = np.abs(beta) > 1e-12 * np.abs(alpha)
    values = alpha[finite] / beta[finite]
    real = np.abs(values.imag) <= 1e-7 * (1.0 + np.abs(values))
    return sorted(float(value) for value in values[real].real)


def _as_text(roots: list[float], inside: Any, centre: float, unit: float) -> str:
    """Join the pieces between roots that lie inside: a piece is judged at a point within it."""
    if not roots:
        return "whole line" if inside(0.0) else "empty"
    ends = [-np.inf, *roots, np.inf]
    reach = 1.0 + roots[-1] - roots[0]
    probes = [
        roots[0] - reach,
        *((a + b) / 2 for a, b in pairwise(roots)),
        roots[-1] + reach,
    ]
    pieces: list[list[float]] = []
    for low, high, probe in zip(ends, ends[1:], probes, strict=False):
        if not inside(probe):
            continue
        if pieces and pieces[-1][1] == low:
            pieces[-1][1] = high
        else:
            pieces.append([low, high])
    if pieces == [[-np.inf, np.inf]]:
        return "whole line"
    return (
        " and ".join(_piece(*(centre + unit * end for end in piece)) for piece in pieces) or "empty"
    )


def _piece(low: float, high: float) -> str:
    left = "(-inf" if low == -np.inf else f"[{low:.10g}"
    return f"{left}, inf)" if high == np.inf else f"{left}, {high:.10g}]"
