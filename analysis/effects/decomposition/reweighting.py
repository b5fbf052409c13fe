"""Group 0 reweighted to have the characteristics of group 1.

DiNardo, Fortin and Lemieux 1996, Econometrica 64: 1001-1044: w(x) = P(1 | x) / P(0 | x), here from
a logit on the terms of the decomposition.
"""

import numpy as np
from scipy.special import expit

from analysis.effects.decomposition.estimated import Array
from analysis.effects.decomposition.two_groups import TwoGroups, Weighting
from analysis.effects.refusals import needs
from analysis.effects.study import Equation

STEPS, SETTLED = 50, 1e-10
# a coefficient of a standardised column beyond which the logit runs off: perfect prediction
LARGEST = 30.0


def counterfactual(groups: TwoGroups, equation: Equation) -> Weighting:
    """Return the weights of group 0's rows as if they had group 1's characteristics.

    They are w_i exp(x_i'c), c the logit's coefficients; what multiplies them all does not matter.

    Raises
    ------
    UserError
        If the terms tell the groups apart perfectly.
    """
    c, influence = _logit(groups, equation)
    with np.errstate(over="ignore"):
        odds = np.exp(groups.columns @ c)
    return Weighting(np.where(groups.member, 0.0, groups.weights * odds), influence)


def _logit(groups: TwoGroups, equation: Equation) -> tuple[Array, Array]:
    """Return (K,) coefficients by Newton's method and their (n, K) influence."""
    x, w, d = groups.columns, groups.weights, groups.member.astype(float)
    size = np.maximum(x.std(axis=0), (np.arange(x.shape[1]) == 0).astype(float))
    c = np.zeros(x.shape[1])
    for _ in range(STEPS):
        p = expit(x @ c)
        hessian = x.T @ ((w * p * (1.0 - p))[:, None] * x)
        step = np.linalg.lstsq(hessian, x.T @ (w * (d - p)), rcond=None)[0]
        c = c + step
        if np.abs(step * size).max() < SETTLED or np.abs(c * size)[1:].max() > LARGEST:
            break
    if not np.isfinite(c).all() or np.abs(step * size).max() >= SETTLED:
        raise needs(
            equation, "groups that overlap: their terms tell them apart perfectly",
            "有重叠的两组：其变量可完全区分两组",
        )  # fmt: skip
    p = expit(x @ c)
    bread = np.linalg.inv(x.T @ ((w * p * (1.0 - p))[:, None] * x))
    return c, np.asarray(((w * (d - p))[:, None] * x) @ bread)
