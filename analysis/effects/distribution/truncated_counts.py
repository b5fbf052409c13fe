"""Counts above zero: Poisson and negative binomial (NB2) laws truncated at zero.

ln f(y | y > 0) = l(y) - ln(1 - exp(l(0))), l the law's log probability (Cameron and Trivedi 2013,
Regression Analysis of Count Data, sections 4.3 and 4.5). With g = -ln(1 - e^q), q = l(0), and the
odds h = e^q / (1 - e^q) of a zero: g' = h, g'' = h (1 + h); the rest are derivatives of l, at y and
at zero.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln, polygamma, xlogy

from analysis.effects.likelihoods.likelihood import Likelihood
from analysis.effects.likelihoods.marginal_effects import Curve

Array = NDArray[np.float64]


class Law(NamedTuple):
    """ln P(y) by row and its derivatives by v = ln m and u = ln alpha (zero for Poisson)."""

    value: Array
    v: Array
    u: Array
    vv: Array
    vu: Array
    uu: Array


def poisson_law(y: Array, v: Array, u: float) -> Law:
    """Return y v - e^v - ln y!; ``u`` is ignored."""
    m, none = np.exp(v), np.zeros(len(v))
    return Law(y * v - m - gammaln(y + 1.0), y - m, none, -m, none, none)


def negative_binomial_law(y: Array, v: Array, u: float) -> Law:
    """Return ln G(y + r) - ln G(r) - ln y! - r ln(1 + m/r) + y ln(m / (r + m)), r = 1 / alpha.

    Derivatives by r go over to ln alpha by d/du = -r d/dr.
    """
    m, r = np.exp(v), float(np.exp(-u))
    ways = gammaln(y + r) - gammaln(r) - gammaln(y + 1.0)
    by_r = digamma(y + r) - digamma(r) - np.log1p(m / r) - (y - m) / (r + m)
    by_rr = polygamma(1, y + r) - polygamma(1, r) + m / (r * (r + m)) + (y - m) / (r + m) ** 2
    return Law(
        value=ways - r * np.log1p(m / r) + xlogy(y, m / (r + m)),
        v=r * (y - m) / (r + m),
        u=-r * by_r,
        vv=-r * m * (r + y) / (r + m) ** 2,
        vu=-r * m * (y - m) / (r + m) ** 2,
        uu=r * by_r + r**2 * by_rr,
    )


LAWS: dict[str, Callable[[Array, Array, float], Law]] = {
    "poisson": poisson_law,
    "negative_binomial": negative_binomial_law,
}


def _odds_of_zero(q: Array) -> Array:
    """Return e^q / (1 - e^q) for q < 0."""
    return 1.0 / np.expm1(-q)


def truncated_likelihood(y: Array, columns: Array, law: str) -> Likelihood:
    """Return the likelihood of (n,) counts above zero in b, or in (b, ln alpha) for NB2."""
    k, of, none = columns.shape[1], LAWS[law], np.zeros(len(y))
    dispersed = law != "poisson"

    def laws(p: Array) -> tuple[Law, Law, Array]:
        v, u = columns @ p[:k], float(p[k]) if dispersed else 0.0
        zero = of(none, v, u)
        return of(y, v, u), zero, _odds_of_zero(zero.value)

    def loglike(p: Array) -> float:
        here, zero, _ = laws(p)
        return float((here.value - np.log(-np.expm1(zero.value))).sum())

    def scores(p: Array) -> Array:
        here, zero, h = laws(p)
        by_b = columns * (here.v + h * zero.v)[:, None]
        return np.column_stack([by_b, here.u + h * zero.u]) if dispersed else by_b

    def hessian(p: Array) -> Array:
        here, zero, h = laws(p)
        bend = h * (1.0 + h)
        curved = (columns * (here.vv + bend * zero.v**2 + h * zero.vv)[:, None]).T @ columns
        if not dispersed:
            return curved
        cross = columns.T @ (here.vu + bend * zero.v * zero.u + h * zero.vu)
        corner = float((here.uu + bend * zero.u**2 + h * zero.uu).sum())
        return np.block([[curved, cross[:, None]], [cross[None, :], np.array([[corner]])]])

    return Likelihood(loglike, scores, hessian)


def truncated_mean(law: str, alpha: float | None) -> Callable[[Array], Curve]:
    """Return E[y | y > 0] = m / (1 - P(0)) as a function of v = ln m; alpha in the tail for NB2."""
    u = 0.0 if alpha is None else float(np.log(alpha))

    def curve(index: Array) -> Curve:
        zero = LAWS[law](np.zeros(len(index)), index, u)
        h = _odds_of_zero(zero.value)
        bend = h * (1.0 + h)
        mean = np.exp(index) / -np.expm1(zero.value)
        by_v, by_u = 1.0 + h * zero.v, h * zero.u
        by_vu = by_v * by_u + bend * zero.v * zero.u + h * zero.vu
        none = np.empty((len(index), 0))
        return Curve(
            value=mean,
            slope=mean * by_v,
            curvature=mean * (by_v**2 + bend * zero.v**2 + h * zero.vv),
            tail=none if alpha is None else (mean * by_u / alpha)[:, None],
            slope_tail=none if alpha is None else (mean * by_vu / alpha)[:, None],
        )

    return curve
