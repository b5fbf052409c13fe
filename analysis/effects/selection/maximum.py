"""The highest maximum of a selection likelihood: several starts, correlations that run to one.

With the correlations held the likelihood has one maximum at most (Olsen 1982, International
Economic Review 23: 223-240): starts differ in them alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.likelihoods.joint_probit import RUN_AWAY
from analysis.effects.likelihoods.likelihood import HALVINGS, STEPS, Likelihood, Maximum, maximise
from analysis.effects.refusals import needs

Array = NDArray[np.float64]
# two maxima whose log likelihoods differ by less are one
SAME = 1e-6
# a two-step rho beyond this is no start
STEEPEST = 0.9


@dataclass(frozen=True)
class Highest:
    """The maximum, the positions of correlations held at their end, and what had to be said."""

    maximum: Maximum
    held: tuple[int, ...]
    notes: tuple[str, ...]


def start_of(rho: float) -> float:
    """Return the athrho from which a two-step rho sets out."""
    return float(np.arctanh(np.clip(rho, -STEEPEST, STEEPEST)))


def highest(
    likelihood: Likelihood, starts: Sequence[Array], correlations: Sequence[int], estimator: str
) -> Highest:
    """Return the highest maximum from the starts.

    Parameters
    ----------
    correlations
        Positions of each athrho. Where one runs to its end (|rho| > 0.9999) it is held there and
        the others are estimated given it: no standard error, and a note.

    Raises
    ------
    UserError
        If no start leads to a maximum; it tells the starts and how far they were followed.
    """
    at = list(correlations)
    found = [maximise(likelihood, start) for start in starts]
    best = max(found, key=_height)
    held = tuple(j for j in at if abs(best.estimate[j]) > RUN_AWAY)
    if held:
        best = _given(likelihood, best.estimate, held)
    if not best.converged:
        raise _not_converged(starts, at, estimator)
    tops = [one for one in found if one.converged and _inside(one, at)]
    notes = ["the likelihood has more than one maximum: the highest found is reported"]
    several = any(one.log_likelihood < best.log_likelihood - SAME for one in tops)
    ends = [f"{np.sign(best.estimate[j]):.0f}" for j in held]
    return Highest(best, held, (*(notes if several else ()), *map(_at_the_end, ends)))


def _height(one: Maximum) -> float:
    return float(np.nan_to_num(one.log_likelihood, nan=-np.inf))


def _inside(one: Maximum, at: Sequence[int]) -> bool:
    return bool((np.abs(one.estimate[list(at)]) <= RUN_AWAY).all())


def _at_the_end(end: str) -> str:
    return (
        f"the likelihood rises as rho runs to {end}: athrho held at {float(end) * RUN_AWAY:g}, the "
        "other errors are given it (a sign of terms or exclusions that do not fit)"
    )


def _given(likelihood: Likelihood, theta: Array, held: Sequence[int]) -> Maximum:
    """Return the maximum with some parameters at their ends: no score, no variance of theirs."""
    base = theta.copy()
    base[list(held)] = np.sign(base[list(held)]) * RUN_AWAY
    free = np.setdiff1d(np.arange(len(theta)), held)

    def whole(part: Array) -> Array:
        every = base.copy()
        every[free] = part
        return every

    found = maximise(
        Likelihood(
            lambda part: likelihood.loglike(whole(part)),
            lambda part: likelihood.scores(whole(part))[:, free],
            lambda part: likelihood.hessian(whole(part))[np.ix_(free, free)],
        ),
        theta[free],
    )
    k, n = len(theta), len(found.scores)
    scores, bread = np.zeros((n, k)), np.zeros((k, k))
    scores[:, free], bread[np.ix_(free, free)] = found.scores, found.bread
    return Maximum(
        whole(found.estimate), scores, bread, found.log_likelihood, found.converged, found.flat
    )


def _not_converged(starts: Sequence[Array], at: Sequence[int], estimator: str) -> Exception:
    tried = "; ".join(", ".join(f"{np.tanh(start[j]):.2g}" for j in at) for start in starts)
    return needs(
        estimator,
        f"a likelihood with a maximum: Newton's method found none from rho = {tried} (two-step or "
        f"least-squares coefficients, {STEPS} steps, each halved up to {HALVINGS} times); fewer "
        'terms, other exclusions, or method = "two_step"',
        f"有极大值的似然函数：牛顿法从 rho = {tried} 出发均未收敛（以两步法或最小二乘系数为初值，"
        f"最多 {STEPS} 步，每步最多减半 {HALVINGS} 次）；请减少变量、更换排除变量，"
        '或用 method = "two_step"',
    )
