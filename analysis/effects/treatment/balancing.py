"""Entropy balancing: the weights nearest to those given whose moments equal a target's.

Hainmueller 2012, Political Analysis 20: 25-46, equations 2 to 6: minimise sum w log(w/q) subject
to sum w = 1 and sum w c(x) = the target's mean of c. The dual is smooth and convex,

    D(l) = log sum_i q_i exp(l'(c_i - target)),   w_i proportional to q_i exp(l'(c_i - target)),

its gradient the imbalance that is left; solved by Newton's method with steps halved.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import logsumexp

Array = NDArray[np.float64]
STEPS, HALVINGS = 200, 40
# the imbalance left, in standard deviations, that counts as none; where it is sought from
BALANCED, AIMED = 1e-8, 1e-13
MOMENT_NAMES = ("{}", "{} ** 2", "{} ** 3")
COLLINEAR = 1e-8


class Constraints(NamedTuple):
    """(n, k) functions of covariates to balance, each of mean zero and unit variance; names."""

    values: Array
    names: tuple[str, ...]


class Balanced(NamedTuple):
    """(n,) weights summing to one; (k,) imbalance left in standard deviations; Newton steps."""

    weights: Array
    imbalance: Array
    steps: int


def constraints_of(covariates: pd.DataFrame, moments: int, weights: Array) -> Constraints:
    """Return powers 1 to ``moments`` of the standardised covariates that add something.

    Powers are of (x - mean) / sd, so that with the mean the second balances the variance, the
    third the skewness; those of a dummy add nothing.
    """
    share = weights / weights.sum()
    kept: list[Array] = []
    names: list[str] = []
    basis = np.ones((len(covariates), 1)) * np.sqrt(share)[:, None]
    base = {name: _standardised(covariates[name].to_numpy(float), share) for name in covariates}
    for power in range(1, moments + 1):
        for name, values in base.items():
            column = _standardised(values**power, share)
            rest = column * np.sqrt(share)
            rest = rest - basis @ (basis.T @ rest)
            rest = rest - basis @ (basis.T @ rest)
            size = float(np.sqrt(rest @ rest))
            if size > COLLINEAR:
                kept.append(column)
                names.append(MOMENT_NAMES[power - 1].format(name))
                basis = np.column_stack([basis, rest / size])
    values = np.column_stack(kept) if kept else np.empty((len(covariates), 0))
    return Constraints(values, tuple(names))


def _standardised(values: Array, share: Array) -> Array:
    centred = values - share @ values
    spread = float(np.sqrt(share @ centred**2))
    return centred / spread if spread > 1e-12 * (1.0 + np.abs(values).max()) else centred * 0.0


def balanced(values: Array, base: Array, target: Array) -> Balanced:
    """Return the weights of (n, k) ``values`` with base weights q whose mean is ``target`` (k,).

    Whether it was reached is for the caller to see: ``imbalance`` beyond ``BALANCED``.
    """
    centred, start = values - target, np.log(base / base.sum())
    multipliers = np.zeros(values.shape[1])
    level, weights = _dual(centred, start, multipliers)
    best = Balanced(weights, centred.T @ weights, 0)
    for step in range(1, STEPS + 1):
        gradient = centred.T @ weights
        if np.abs(gradient).max(initial=0.0) < AIMED:
            break
        moved = _newton(centred, weights, gradient)
        reached = _lower(centred, start, multipliers, moved, level, gradient)
        if reached is None:
            break
        multipliers, level, weights = reached
        left = centred.T @ weights
        if np.abs(left).max() < np.abs(best.imbalance).max():
            best = Balanced(weights, left, step)
    return best


def _dual(centred: Array, start: Array, multipliers: Array) -> tuple[float, Array]:
    with np.errstate(all="ignore"):
        exponents = start + centred @ multipliers
        level = float(logsumexp(exponents))
        return level, np.exp(exponents - level)


def _newton(centred: Array, weights: Array, gradient: Array) -> Array:
    middle = centred - gradient
    hessian = (middle * weights[:, None]).T @ middle
    ridge = 1e-14 * max(float(np.trace(hessian)), 1e-300)
    step = np.linalg.solve(hessian + ridge * np.eye(len(gradient)), -gradient)
    return np.asarray(step, dtype=float)


def _lower(
    centred: Array, start: Array, multipliers: Array, moved: Array, level: float, gradient: Array
) -> tuple[Array, float, Array] | None:
    """Return multipliers, dual and weights further down the dual; None where there are none."""
    slope = float(gradient @ moved)
    for halving in range(HALVINGS):
        there = multipliers + moved * 0.5**halving
        found, weights = _dual(centred, start, there)
        if np.isfinite(found) and found <= level + 1e-4 * 0.5**halving * slope + 1e-15:
            return there, found, weights
    return None
