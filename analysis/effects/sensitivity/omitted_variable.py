"""What an omitted variable of given strength would do to a least-squares estimate.

Cinelli and Hazlett 2020, Journal of the Royal Statistical Society B 82: 39-67. The strength of Z is
two partial R2: r_d with the treatment beside the controls, r_y with the outcome beside both. n - k
degrees of freedom are df.

    |bias| = se sqrt(df) sqrt(r_y r_d / (1 - r_d))
    se with Z = se sqrt((1 - r_y) / (1 - r_d)) sqrt(df / (df - 1))
    RV = (sqrt(f^4 + 4 f^2) - f^2) / 2,  f = q |t| / sqrt(df), less f* for RV_{q,alpha}

f* = t_{1 - alpha/2, df - 1} / sqrt(df - 1).
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class Estimate:
    """A coefficient, its standard error under equal variances, residual degrees of freedom."""

    value: float
    error: float
    df: float

    @property
    def f(self) -> float:
        """Cohen's partial f of the treatment with the outcome, |t| / sqrt(df)."""
        return abs(self.value / self.error) / float(np.sqrt(self.df))

    @property
    def partial_r2(self) -> float:
        """R2 of the treatment with the outcome beside the controls."""
        return self.f**2 / (1.0 + self.f**2)


@dataclass(frozen=True)
class Bound:
    """The strengths r_d, r_y that a comparison with controls allows; ``reached``: r_y above 1."""

    r_d: float
    r_y: float
    reached: bool = False


def critical_f(df: float, alpha: float) -> float:
    """Return f* = t_{1 - alpha/2, df - 1} / sqrt(df - 1)."""
    return float(stats.t.ppf(1.0 - alpha / 2.0, df - 1.0) / np.sqrt(df - 1.0))


def robustness_value(estimate: Estimate, q: float, alpha: float | None = None) -> float:
    """Return RV_q, or RV_{q,alpha}: the equal r_d = r_y that takes q of the estimate away.

    With ``alpha`` until (1 - q) of it is no longer rejected. Where f_q > 1 / f* less r_y than r_d
    does more, and the least of the larger one is (f_q^2 - f*^2) / (1 + f_q^2).
    """
    f = q * estimate.f
    f_star = 0.0 if alpha is None else critical_f(estimate.df, alpha)
    if f <= f_star:
        return 0.0
    if f * f_star > 1.0:
        return (f**2 - f_star**2) / (1.0 + f**2)
    rest = (f - f_star) ** 2
    # (sqrt(r^2 + 4 r) - r) / 2 without the cancellation of large r
    return 2.0 * rest / (float(np.sqrt(rest**2 + 4.0 * rest)) + rest)


def adjusted(estimate: Estimate, r_d: float, r_y: float, *, reduce: bool = True) -> Estimate:
    """Return the estimate as it would be with Z among the controls, nearer to (or off) zero.

    Its degrees of freedom are one fewer.
    """
    bias = estimate.error * np.sqrt(estimate.df * r_y * r_d / (1.0 - r_d))
    size = abs(estimate.value) + (-bias if reduce else bias)
    error = estimate.error * np.sqrt((1.0 - r_y) / (1.0 - r_d) * estimate.df / (estimate.df - 1.0))
    return Estimate(float(np.sign(estimate.value) * size), float(error), estimate.df - 1.0)


def benchmark(r_dx: float, r_yx: float, k_d: float, k_y: float) -> Bound | None:
    """Return the bound on Z if it is k_d, k_y times as strong as some controls (appendix B).

    ``r_dx``, ``r_yx`` are the controls' partial R2 with the treatment (beside the other controls)
    and with the outcome (beside these and the treatment). r_d = k_d f_dx^2;
    r_y = ((sqrt(k_y) + |rho|) / sqrt(1 - rho^2))^2 f_yx^2, at most 1, with
    rho^2 = k_d f_dx^2 r_dx / (1 - k_d r_dx). None where k_d is impossible: r_d would be 1 or more.
    """
    r_d = k_d * r_dx / (1.0 - r_dx)
    if r_d >= 1.0:
        return None
    rho2 = k_d * r_dx**2 / ((1.0 - k_d * r_dx) * (1.0 - r_dx))
    if rho2 >= 1.0:
        return Bound(r_d, 1.0, reached=True)
    r_y = ((np.sqrt(k_y) + np.sqrt(rho2)) ** 2 / (1.0 - rho2)) * r_yx / (1.0 - r_yx)
    return Bound(r_d, float(min(r_y, 1.0)), reached=bool(r_y > 1.0))
