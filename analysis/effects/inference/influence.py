"""Estimators that are averages of influence functions: several steps, parts, weighted means.

b - b0 = (1/n) sum_i psi_i + o(n^-1/2) (Newey and McFadden 1994, Handbook of Econometrics 4, section
6). With f_i = psi_i / n the robust covariance is sum f_i f_i' and the clustered one sums f_i within
clusters first: what covariance.py makes of scores f_i and a bread of ones.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.effects.fit import Fit

Array = NDArray[np.float64]


def influence_of(bread: Array, scores: Array) -> Array:
    """Return (n, k) f_i = A s_i of a first-order condition with bread A (k, k), scores (n, k)."""
    return scores @ bread.T


def second_step(bread: Array, scores: Array, cross: Array, first: Array) -> Array:
    """Return (n, k) f_i of a step that uses the (m,) estimates of one before it.

    f_i = A (s_i + C f1_i): C (k, m) is the derivative of the sum of the second step's scores by
    the first step's parameters, ``first`` (n, m) their f1_i (Newey and McFadden 1994, theorem 6.1;
    Murphy and Topel 1985, Journal of Business & Economic Statistics 3: 370-379).
    """
    return (scores + first @ cross.T) @ bread.T


def fit_of_influence(
    terms: Sequence[str],
    estimate: Array,
    influence: Array,
    *,
    df_resid: float | None = None,
    classical: Array | None = None,
    **more: object,
) -> Fit:
    """Return a Fit of (k,) estimates with their (n, k) f_i; z statistics.

    ``classical`` (k, k) is the model's own covariance where it has one; without it the robust one
    stands in.
    """
    n, k = influence.shape
    return Fit(
        terms=tuple(terms),
        estimate=np.asarray(estimate, dtype=float),
        bread=np.eye(k),
        scores=influence,
        classical=influence.T @ influence if classical is None else classical,
        df_resid=n - k if df_resid is None else df_resid,
        distribution="normal",
        **more,  # type: ignore[arg-type]
    )
