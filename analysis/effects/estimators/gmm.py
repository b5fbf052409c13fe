"""Two-step efficient GMM, linear with instruments (Hansen 1982, Econometrica 50: 1029-1054).

b = (X'Z S^-1 Z'X)^-1 X'Z S^-1 Z'y, S the covariance of Z'e at two-stage least squares: s^2 Z'Z
under ``classical``, sum e_i^2 z_i z_i' under HC0 and HC1, sums over clusters under ``cluster``
(Wooldridge 2010, sec. 8.3.3).
"""

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.instrumental.instruments import instrumented, made_fit, projected, two_step
from analysis.effects.instrumental.weak_instruments import diagnostics
from analysis.effects.linear_models.least_squares import solve
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

NAME = "gmm"
USES = ("absorb", "instruments", "endogenous")
ABOUT = About(
    fits="two-step efficient GMM, weighted as vcov says",
    needs="outcome, endogenous, instruments",
    reports="coefficients, Hansen J; the diagnostics of two_stage_least_squares",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it.

    Scores are (Z S^-1 Z'X)_i e_i with e of the second step, so a robust covariance evaluates S
    anew between the first step's weights (linearmodels' convention). Under ``classical`` it is
    two-stage least squares.

    Raises
    ------
    UserError
        As ``instruments.instrumented``; or if S is singular (few clusters).
    """
    asked = instrumented(sample, equation)
    first = solve(projected(asked), asked.y, asked.constant)
    residuals = asked.y - asked.x @ first.estimate
    estimate, bread, moments = two_step(asked, residuals, equation, sample.clusters)
    # first-step residuals weight the moments, so J is the criterion at the second step's minimum
    extras, notes = diagnostics(asked, sample, residuals, equation.vcov, NAME)
    return made_fit(asked, estimate, bread, moments, classical=bread, extras=extras, notes=notes)
