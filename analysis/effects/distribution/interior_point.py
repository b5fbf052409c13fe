"""The check function by an interior point method: the Frisch-Newton algorithm.

Portnoy and Koenker 1997, Statistical Science 12: 279-300; Koenker 2005, Quantile Regression,
section 6.4. Quantile regression is the linear program max y'a over X'a = (1 - tau) X'1 with a in
[0, 1], whose multipliers are the coefficients; Mehrotra's predictor and corrector (1992, SIAM
Journal on Optimization 2: 575-601) follow the central path by weighted least squares.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve

Array = NDArray[np.float64]
STEPS, SHORTENED = 150, 0.99995
# the duality gap over the check function at which the path is followed no further
CLOSE = 1e-9
# how far a row may be, in medians of all distances, before it is drawn in; how often to look again
FAR, ROUNDS = 1e5, 6


def interior_minimum(design: Array, response: Array, tau: float) -> Array:
    """Return (k,) coefficients near the minimum of sum rho_tau(y - X b).

    Within a share ``CLOSE`` of the least value where the arithmetic allows: a vertex of the
    solution is next to it (vertex.py). The minimum depends on far rows through their side alone:
    they are drawn in, so that outliers of any size do no harm to the arithmetic.

    Parameters
    ----------
    design, response
        (n, k) columns of full rank and of similar sizes, and (n,).
    """
    b = np.zeros(design.shape[1])
    for _ in range(ROUNDS):
        r = response - design @ b
        room = FAR * float(np.median(np.abs(r))) or float(np.abs(r).max())
        far = np.abs(r) > room
        drawn_in = np.clip(r, -room, room)
        change = _followed(design, drawn_in, tau)
        b = b + change
        there = drawn_in[far] - design[far] @ change
        if (there * np.sign(r[far]) > 1e-6 * room).all():
            break
    return b


def _followed(design: Array, response: Array, tau: float) -> Array:
    """Return the coefficients where the central path ends."""
    both = np.column_stack([response, np.ones(len(response))])
    b, up = np.linalg.lstsq(design, both, rcond=None)[0].T
    b = b + up * np.quantile(response - design @ b, tau)
    r = response - design @ b
    margin = min(tau, 1.0 - tau) * max(
        float(np.abs(r).mean()), 1e-12 * float(np.abs(response).max()), 1e-300
    )
    a = np.full(len(response), 1.0 - tau)
    # multipliers of a >= 0 and of a <= 1: over - under = r all along the path
    under, over = np.maximum(-r, 0.0) + margin, np.maximum(r, 0.0) + margin
    for _ in range(STEPS):
        gap = float(a @ under + (1.0 - a) @ over)
        least = float(np.where(r > 0.0, tau * r, (tau - 1.0) * r).sum())
        if gap <= CLOSE * max(least, 1e-12 * margin):
            break
        moved = _step(design, r, a, under, over)
        if moved is None:
            break
        change, a, under, over = moved
        b = b + change
        r = response - design @ b
    return b


def _step(
    design: Array, r: Array, a: Array, under: Array, over: Array
) -> tuple[Array, Array, Array, Array] | None:
    """Return the change of b and the next (a, under, over); None where arithmetic ends."""
    s, n = 1.0 - a, len(a)
    q = 1.0 / (under / a + over / s)
    try:
        factor = cho_factor((design * q[:, None]).T @ design, check_finite=False)
    except LinAlgError:
        return None

    def direction(rest: Array) -> tuple[Array, Array]:
        db = cho_solve(factor, design.T @ (q * rest), check_finite=False)
        return db, q * (rest - design @ db)

    _, da = direction(r)
    d_under, d_over = -under - under / a * da, -over + over / s * da
    primal, dual = _length(a, da, s, -da), _length(under, d_under, over, d_over)
    gap = float(a @ under + s @ over)
    there = float(
        (a + primal * da) @ (under + dual * d_under) + (s - primal * da) @ (over + dual * d_over)
    )
    centre = (there / gap) ** 3 * gap / (2.0 * n)
    aim_under, aim_over = centre - da * d_under, centre + da * d_over
    db, da = direction(r + aim_under / a - aim_over / s)
    d_under = (aim_under - under * da) / a - under
    d_over = (aim_over + over * da) / s - over
    primal, dual = _length(a, da, s, -da), _length(under, d_under, over, d_over)
    if not np.isfinite(db).all():
        return None
    return dual * db, a + primal * da, under + dual * d_under, over + dual * d_over


def _length(x: Array, dx: Array, y: Array, dy: Array) -> float:
    """Return the longest step up to one that keeps both above zero, a little shortened."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = [np.where(d < 0.0, -v / d, np.inf).min() for v, d in ((x, dx), (y, dy))]
    return min(1.0, SHORTENED * float(min(ends)))
