"""Limited-information maximum likelihood, a k-class estimator.

b = (X'(I - kappa M_Z)X)^-1 X'(I - kappa M_Z)y, kappa the smallest root of
det(Y'M_W Y - kappa Y'M_Z Y) = 0, Y = [y, endogenous], W the included exogenous columns (Davidson
and MacKinnon 1993, sec. 18.5). ``fuller = a`` takes kappa - a / (n - l), l columns of Z (Fuller
1977, Econometrica 45: 939-953).
"""

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.instrumental.instruments import (
    Instrumented,
    instrumented,
    made_fit,
    projected,
)
from analysis.effects.instrumental.moments import basis
from analysis.effects.instrumental.weak_instruments import diagnostics
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.messages import Text, UserError

Array = NDArray[np.float64]
NAME = "liml"
USES = ("absorb", "instruments", "endogenous")
ABOUT = About(
    fits="limited-information maximum likelihood; options: fuller",
    needs="outcome, endogenous, instruments",
    reports="coefficients, kappa; the diagnostics of two_stage_least_squares",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; classical covariance s^2 (X'(I - kappa M_Z)X)^-1.

    Robust covariances take Xhat_i e_i as scores, as for two-stage least squares, between the
    k-class bread (linearmodels' convention, and that of Stata's ivregress).

    Raises
    ------
    UserError
        As ``instruments.instrumented``; or if ``fuller`` is no number that is not negative.
    """
    asked = instrumented(sample, equation, options=("fuller",))
    fuller = _fuller(equation)
    root = smallest_root(asked)
    kappa = root - fuller / (len(asked.y) - asked.z.shape[1] - asked.absorbed_levels)
    estimate, bread = k_class(asked, kappa)
    residuals = asked.y - asked.x @ estimate
    extras, notes = diagnostics(asked, sample, residuals, equation.vcov, NAME)
    extras |= {"kappa": kappa, "liml_root": root}
    return made_fit(asked, estimate, bread, projected(asked), extras=extras, notes=notes)


def _fuller(equation: Equation) -> float:
    value = equation.options.get("fuller", 0.0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        what = Text("fuller = a number from 0 up", "fuller 为非负数")
        raise UserError("estimator_needs", estimator=NAME, what=what)
    return float(value)


def smallest_root(asked: Instrumented) -> float:
    """Return kappa of LIML, 1 or more: the square of a smallest singular value."""
    ys = np.column_stack([asked.y, asked.x[:, list(asked.endogenous)]])
    own, all_z = basis(asked.included), basis(asked.z)
    free, fixed = ys - own @ (own.T @ ys), ys - all_z @ (all_z.T @ ys)
    size = np.sqrt((fixed**2).sum(axis=0))
    r = linalg.qr(fixed / size, mode="r")[0][: ys.shape[1]]
    ratio = linalg.solve_triangular(r, (free / size).T, trans="T")
    return float(linalg.svdvals(ratio)[-1] ** 2)


def k_class(asked: Instrumented, kappa: float) -> tuple[Array, Array]:
    """Return (k,) estimates and the (k, k) bread (X'(I - kappa M_Z)X)^-1.

    Solved after X is turned to orthonormal columns, which keeps units out of the inverse.
    """
    size = np.sqrt((asked.x**2).sum(axis=0))
    q, r = linalg.qr(asked.x / size, mode="economic")
    instruments = (1.0 - kappa) * q + kappa * _on(basis(asked.z), q)
    middle = linalg.inv(instruments.T @ q)
    back = linalg.solve_triangular(r, np.eye(len(r))) / size[:, None]
    estimate = back @ (middle @ (instruments.T @ asked.y))
    return estimate, back @ ((middle + middle.T) / 2.0) @ back.T


def _on(z: Array, columns: Array) -> Array:
    return z @ (z.T @ columns)
