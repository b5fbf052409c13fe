"""Heckman's selection model: y = x'b + u is seen where z'g + v > 0; (u, v) normal, correlation rho.

Two-step (Heckman 1979, Econometrica 47: 153-161; Wooldridge 2010, section 19.6): a probit of who is
selected, then least squares with the inverse Mills ratio; or maximum likelihood (Maddala 1983,
Limited-Dependent and Qualitative Variables in Econometrics, section 8.4). selection/ has the steps.
"""

from dataclasses import replace

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.likelihoods.joint_probit import ATHRHO
from analysis.effects.refusals import require_plain
from analysis.effects.sample import Sample
from analysis.effects.selection.first_step import SELECTION, exclusion_note, fit_first_step
from analysis.effects.selection.joint import Model, Regime, fit_joint, second_steps
from analysis.effects.selection.methods import METHOD, ML, method_of
from analysis.effects.selection.second_step import LAMBDA, fit_two_step, rho_notes
from analysis.effects.selection.seen_outcomes import (
    SELECTED,
    SeenOutcomes,
    over_all_rows,
    seen_outcomes,
)
from analysis.effects.selection.wald_tests import at_positions, with_wald_tests
from analysis.effects.study import Equation

ABOUT = About(
    fits="Heckman's selection model, two-step or maximum likelihood (option method)",
    needs="an outcome missing where not selected; option selection (terms, exclusions included)",
    reports="both equations, lambda, sigma, rho, test of rho = 0; Heckman's covariance (classical)",
)
OPTION_COLUMNS = (SELECTED,)
OPTION_TERMS = (SELECTION,)
MAY_MISS = ("outcome", "regressors")


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it.

    Options: ``method`` (two_step, ml), ``selection`` (terms of the selection equation; without it
    the outcome's regressors), ``selected`` (an expression of 0 and 1; without it a row is selected
    where it has an outcome).

    Terms: const, x ..., lambda (two-step); the selection equation's, component ``selection``;
    log_sigma and athrho (ml); sigma, rho, component ``transformed``.

    Raises
    ------
    UserError
        If nobody or everybody is selected, terms predict perfectly who is, the inverse Mills ratio
        is collinear with the regressors, the likelihood has no maximum, there are too few rows, or
        an option is unknown.
    """
    require_plain(equation, (METHOD, SELECTION, SELECTED))
    method = method_of(equation)
    data = seen_outcomes(sample, equation)
    first = fit_first_step(data.selected, data.selection, equation.estimator)
    regime = Regime("", data.selected, data.outcome, data.design)
    model = Model((regime,), data.selected, data.selection, equation.estimator)
    seconds = second_steps(model, first)
    notes = (*data.notes, *exclusion_note(data.exclusions))
    about = {"extras": _about(data), "dropped": _dropped(data)}
    if method == ML:
        found = fit_joint(model, first, seconds, notes=notes, **about)
    else:
        notes = (*notes, *rho_notes(seconds))
        found = fit_two_step(seconds, [""], first, notes=notes, **about)
    whole = over_all_rows(found, data.used)
    tests = {"wald_rho": at_positions(whole, (ATHRHO if method == ML else LAMBDA,))}
    return with_wald_tests(replace(whole, df_resid=len(data.used) - len(whole.terms)), sample,
                           equation, tests)  # fmt: skip


def _about(data: SeenOutcomes) -> dict[str, int]:
    selected = int(data.selected.sum())
    return {"n_selected": selected, "n_not_selected": len(data.selected) - selected}


def _dropped(data: SeenOutcomes) -> tuple[str, ...]:
    names = (*data.design.dropped, *data.selection.dropped)
    kept = {*data.design.terms, *data.selection.terms}
    return tuple(dict.fromkeys(name for name in names if name not in kept))
