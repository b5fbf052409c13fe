"""Two-stage least squares: b = (Xhat'X)^-1 Xhat'y, Xhat = Z(Z'Z)^-1 Z'X.

Wooldridge 2010 (Econometric Analysis of Cross Section and Panel Data), sec. 5.2.
"""

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.instrumental.instruments import instrumented, made_fit, projected
from analysis.effects.instrumental.weak_instruments import diagnostics
from analysis.effects.linear_models.least_squares import solve
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

NAME = "two_stage_least_squares"
USES = ("absorb", "instruments", "endogenous")
ABOUT = About(
    fits="two-stage least squares; weights and absorbed effects if named",
    needs="outcome, endogenous, instruments",
    reports="coefficients; first-stage and effective F, Kleibergen-Paap, Wu-Hausman, Sargan or "
    "Hansen J, Anderson-Rubin set",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; classical covariance s^2 (Xhat'Xhat)^-1, s^2 = e'e / (n - k), e = y - X b.

    Raises
    ------
    UserError
        As ``instruments.instrumented``.
    """
    asked = instrumented(sample, equation)
    fitted = projected(asked)
    solution = solve(fitted, asked.y, asked.constant)
    residuals = asked.y - asked.x @ solution.estimate
    extras, notes = diagnostics(asked, sample, residuals, equation.vcov, NAME)
    return made_fit(asked, solution.estimate, solution.bread, fitted, extras=extras, notes=notes)
