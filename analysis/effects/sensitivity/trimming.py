"""Bounds on the effect on those whose outcome is seen with and without treatment (Lee 2009).

Review of Economic Studies 76: 1071-1102. Treatment moves selection one way: q_1 = P(S = 1 | D = 1)
>= q_0. A share p = (q_1 - q_0) / q_1 of the treated seen is seen only because treated: their mean
less the highest, or lowest, p of them bounds that of the others (proposition 1a); where q_1 < q_0
the controls are trimmed. The means are over exactly a share 1 - p: a row at the edge counts in
part.

Influence of the mean M of the lowest share c = 1 - p of values with quantile k at c:

    f_i = ((y_i - k) 1[y_i <= k] - c (M - k)) / (c W) + (k - M) / c * f_c,i,

W the (weighted) number seen, which gives Lee's variance (proposition 3). Within cells x the
bounds are tighter: averaged with the number of those always seen, n_x min(q_0x, q_1x)
(proposition 1b); f of the average counts that these numbers are estimated.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Selected:
    """(n,) outcomes (anything where not seen), treated, seen, weights: the rows of a comparison."""

    outcome: Array
    treated: NDArray[np.bool_]
    seen: NDArray[np.bool_]
    weights: Array

    def rows(self, at: NDArray[np.bool_]) -> "Selected":
        """Return some of the rows."""
        return Selected(self.outcome[at], self.treated[at], self.seen[at], self.weights[at])


@dataclass(frozen=True)
class Bounds:
    """Lower and upper bound, (n, 2) influence, trimmed share (below 0: of controls), the rates.

    ``always`` is the (weighted) number of rows whose outcome is seen in either case, with its
    (n,) influence.
    """

    value: Array
    influence: Array
    trimmed: float
    rates: tuple[float, float]
    always: float
    of_always: Array


def bounds_of(rows: Selected) -> Bounds:
    """Return the bounds in one cell; each arm needs a row that is seen."""
    w = rows.weights
    rates, of_rates = zip(*(_rate(rows, arm) for arm in (False, True)), strict=True)
    most = rates[1] >= rates[0]  # the arm that is trimmed: treated, or controls
    share, of_share = _share(rates, of_rates, most)
    whole, of_whole = _trimmed_mean(rows, not most, 1.0, np.zeros(len(w)), 1.0)
    low, of_low = _trimmed_mean(rows, most, share, of_share, 1.0)
    high, of_high = _trimmed_mean(rows, most, share, of_share, -1.0)
    sign = 1.0 if most else -1.0
    ends = sorted([(sign * (low - whole), sign * (of_low - of_whole)),
                   (sign * (high - whole), sign * (of_high - of_whole))],
                  key=lambda end: end[0])  # fmt: skip
    fewest = rates[0] if most else rates[1]
    total = float(w.sum())
    return Bounds(
        value=np.array([end[0] for end in ends]),
        influence=np.column_stack([end[1] for end in ends]),
        trimmed=(1.0 - share) * sign,
        rates=(float(rates[0]), float(rates[1])),
        always=total * fewest,
        of_always=w * fewest + total * of_rates[0 if most else 1],
    )


def _rate(rows: Selected, arm: bool) -> tuple[float, Array]:
    own = rows.weights * (rows.treated == arm)
    rate = float(own @ rows.seen / own.sum())
    return rate, own * (rows.seen - rate) / own.sum()


def _share(
    rates: tuple[float, ...], of_rates: tuple[Array, ...], most: bool
) -> tuple[float, Array]:
    """Return c, the smaller rate over the larger one, and its influence."""
    less, more = (0, 1) if most else (1, 0)
    share = rates[less] / rates[more]
    return share, (of_rates[less] - share * of_rates[more]) / rates[more]


def _trimmed_mean(
    rows: Selected, arm: bool, share: float, of_share: Array, sign: float
) -> tuple[float, Array]:
    """Return the mean of the lowest ``share`` (sign 1) or highest (-1) of an arm's outcomes."""
    at = np.flatnonzero((rows.treated == arm) & rows.seen)
    y, w = sign * rows.outcome[at], rows.weights[at]
    order = np.argsort(y, kind="stable")
    reached = np.cumsum(w[order])
    wanted = share * reached[-1]
    edge = y[order][min(int(np.searchsorted(reached, wanted * (1.0 - 1e-12))), len(y) - 1)]
    below = np.minimum(y - edge, 0.0)
    mean = edge + float(w @ below) / wanted
    influence = (edge - mean) / share * of_share
    influence[at] += w * (below - share * (mean - edge)) / wanted
    return sign * mean, sign * influence


def averaged(cells: list[tuple[NDArray[np.bool_], Bounds]], n: int) -> tuple[Array, Array]:
    """Return bounds (2,) averaged over cells by those always seen, and their (n, 2) influence."""
    mass = np.array([bounds.always for _, bounds in cells])
    value = mass @ np.array([bounds.value for _, bounds in cells]) / mass.sum()
    influence = np.zeros((n, 2))
    for at, bounds in cells:
        influence[at] += bounds.always / mass.sum() * bounds.influence
        influence[at] += np.outer(bounds.of_always, bounds.value - value) / mass.sum()
    return value, influence


def imbens_manski(value: Array, errors: Array, level: float) -> tuple[float, float]:
    """Return the interval that covers the effect (not both bounds) with probability ``level``.

    [low - C s_low, high + C s_high], Phi(C + width / max s) - Phi(-C) = level (Imbens and Manski
    2004, Econometrica 72: 1845-1857, equation 7).
    """
    from scipy.optimize import brentq
    from scipy.stats import norm

    width = float(value[1] - value[0]) / float(errors.max())
    c = brentq(lambda c: norm.cdf(c + width) - norm.cdf(-c) - level, 0.0, 10.0, xtol=1e-12)
    return float(value[0] - c * errors[0]), float(value[1] + c * errors[1])
