"""An endogenous 0/1 treatment: y = x'b + tau D + u, D = 1[z'g + v > 0], (u, v) normal.

Two-step, a control function: least squares with the probit's generalised residual (Maddala 1983,
Limited-Dependent and Qualitative Variables in Econometrics, section 5.7; Wooldridge 2010, section
21.4.2), or maximum likelihood. x holds the exogenous terms, z these and the instruments.
"""

from typing import Any

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.likelihoods.joint_probit import ATHRHO, Pair
from analysis.effects.sample import Sample
from analysis.effects.selection.chosen_treatment import about_arms, chosen_pair
from analysis.effects.selection.first_step import exclusion_note, fit_first_step
from analysis.effects.selection.joint import Model, Regime, fit_joint, second_steps
from analysis.effects.selection.methods import ML, method_of
from analysis.effects.selection.second_step import LAMBDA, fit_two_step, rho_notes
from analysis.effects.selection.wald_tests import at_positions, with_wald_tests
from analysis.effects.study import Equation

USES = ("instruments", "endogenous")
ABOUT = About(
    fits="linear model with an endogenous 0/1 treatment, two-step or ml (option method)",
    needs="outcome, endogenous (the treatment); instruments (advised)",
    reports="tau, both equations, lambda, sigma, rho, test of rho = 0",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; option ``method`` (two_step, ml).

    Terms: const, D, x ..., lambda (two-step); the treatment equation's, component ``selection``;
    log_sigma and athrho (ml); sigma, rho, component ``transformed``.

    Raises
    ------
    UserError
        If there is not one endogenous term of 0 and 1, terms predict it perfectly, its generalised
        residual is collinear with the terms, the likelihood has no maximum, there are too few rows,
        or an option is unknown.
    """
    method, pair = method_of(equation), chosen_pair(sample, equation)
    model = _model(sample, pair, equation.estimator)
    first = fit_first_step(model.chosen, pair.second, equation.estimator)
    seconds = second_steps(model, first)
    notes = exclusion_note(pair.instruments)
    about: dict[str, Any] = {"extras": about_arms(pair), "dropped": pair.dropped}
    if method == ML:
        found = fit_joint(model, first, seconds, notes=notes, **about)
    else:
        found = fit_two_step(seconds, [""], first, notes=(*notes, *rho_notes(seconds)), **about)
    tests = {"wald_rho": at_positions(found, (ATHRHO if method == ML else LAMBDA,))}
    return with_wald_tests(found, sample, equation, tests)


def _model(sample: Sample, pair: Pair, estimator: str) -> Model:
    chosen = pair.values == 1.0
    every = Regime("", chosen | ~chosen, sample.outcome, pair.first)
    return Model((every,), chosen, pair.second, estimator)
