"""Linear quantile regression: the exact minimum of the check function, with preprocessing.

rho_tau(u) = u (tau - 1[u < 0]) (Koenker and Bassett 1978, Econometrica 46: 33-50). Large samples
are first fitted on some rows; rows surely above or below the plane then stand together as one
row each (Portnoy and Koenker 1997, section 5), and the vertex found is proved on all rows.
"""

import numpy as np
from numpy.typing import NDArray

from analysis.effects.distribution.interior_point import interior_minimum
from analysis.effects.distribution.vertex import Vertex, vertex_near

Array = NDArray[np.float64]
Side = NDArray[np.bool_]
# below this many rows nothing is gained by looking at some of them first
SMALL = 5000
SEED = 20170101
# how many errors of a quantile count as sure, and how often the middle is widened
ERRORS, LOOKS = 3.0, 5


def check_loss(residuals: Array, tau: float) -> float:
    """Return sum rho_tau(u)."""
    return float((residuals * (tau - (residuals < 0.0))).sum())


def minimise_check(design: Array, response: Array, tau: float) -> Vertex:
    """Return the vertex that minimises sum rho_tau(y_i - x_i'b).

    Parameters
    ----------
    design, response
        (n, k) independent columns of similar sizes and (n,); rows times weights for a weighted
        sum.
    tau
        In (0, 1).

    Raises
    ------
    LinAlgError
        If the columns are not independent.
    """
    n, k = design.shape
    some = round((n * k) ** (2.0 / 3.0))
    if n <= SMALL or some > n // 2:
        return vertex_near(design, response, tau, interior_minimum(design, response, tau))
    return vertex_near(design, response, tau, _with_preprocessing(design, response, tau, some))


def _with_preprocessing(design: Array, response: Array, tau: float, some: int) -> Array:
    """Return coefficients at or next to the minimum, for which n is large beside ``some``."""
    drawn = np.random.default_rng(SEED).permutation(len(response))[:some]
    below, above = _surely(design, response, tau, drawn)
    middle = below == above
    for _ in range(LOOKS):
        x, y = _gathered(design, response, middle, below)
        b = vertex_near(x, y, tau, interior_minimum(x, y, tau)).estimate
        wrong = ~middle & ((response - design @ b < 0.0) != below)
        if not wrong.any():
            break
        middle = middle | wrong
    return b


def _surely(
    design: Array, response: Array, tau: float, drawn: NDArray[np.int64]
) -> tuple[Side, Side]:
    """Return which rows are below a lower plane, and which above a higher one.

    The planes are those of the rows drawn at tau less and plus the error that their quantiles
    have, sqrt(tau (1 - tau) k / m) at each of k groups, so that they stand further apart where
    the outcome spreads more.
    """
    x, y, n = design[drawn], response[drawn], len(response)
    room = ERRORS * float(np.sqrt(tau * (1.0 - tau) * design.shape[1] / len(drawn)))
    below, above = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    if tau - room > 0.0:
        below = response < design @ interior_minimum(x, y, tau - room)
    if tau + room < 1.0:
        above = response > design @ interior_minimum(x, y, tau + room)
    return below, above


def _gathered(design: Array, response: Array, middle: Side, below: Side) -> tuple[Array, Array]:
    """Return the middle rows, then one row that is the sum of those above, one of those below.

    While all of them stay on their side, rho of the sum is the sum of rho.
    """
    sides = [side for side in (~middle & ~below, ~middle & below) if side.any()]
    x = [design[middle], *(design[side].sum(axis=0)[None, :] for side in sides)]
    y = [response[middle], *(np.array([response[side].sum()]) for side in sides)]
    return np.concatenate(x), np.concatenate(y)
