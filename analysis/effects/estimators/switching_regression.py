"""Endogenous switching: y1 = x'b1 + u1 where D = 1[z'g + v > 0], y0 = x'b0 + u0 where D = 0.

Two-step (Lee 1978, International Economic Review 19: 415-433; Maddala 1983, Limited-Dependent and
Qualitative Variables in Econometrics, section 8.3) or maximum likelihood (Lokshin and Sajaia 2004,
Stata Journal 4: 282-289). (u1, v) and (u0, v) are normal with covariances lambda_r = rho_r sigma_r.

Effects are averages over the sample's rows of E[y1 - y0 | x], and of E[y1 - y0 | x, z, D] = x'(b1 -
b0) + (lambda1 - lambda0) w over the treated and the untreated, w the generalised residual
E[v | z, D]. Their errors are those of the estimates: the rows are taken as given.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.fit import Derived, Fit
from analysis.effects.likelihoods.joint_probit import ATHRHO, Pair
from analysis.effects.sample import Sample
from analysis.effects.selection.chosen_treatment import about_arms, chosen_pair, regime_design
from analysis.effects.selection.first_step import (
    SELECTION,
    corrections,
    exclusion_note,
    fit_first_step,
)
from analysis.effects.selection.joint import LOG_SIGMA, Model, Regime, fit_joint, second_steps
from analysis.effects.selection.methods import ML, method_of
from analysis.effects.selection.second_step import LAMBDA, fit_two_step, rho_notes
from analysis.effects.selection.wald_tests import at_positions, with_wald_tests
from analysis.effects.study import Equation

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
REGIMES = ("regime 1", "regime 0")
USES = ("instruments", "endogenous")
ABOUT = About(
    fits="endogenous switching regression, two-step or maximum likelihood (option method)",
    needs="outcome, endogenous (the 0/1 regime), controls; instruments (advised)",
    reports="both regimes, selection; ATE, ATT, ATU; sigma, rho; tests of equality, of rho = 0",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; option ``method`` (two_step, ml).

    Rows by component: ``regime 1``, ``regime 0`` (with lambda), ``selection``, ``transformed:
    regime 1`` ... (sigma, rho); the effects of D, quantities ate and att, components ``all``,
    ``treated``, ``untreated``.

    Raises
    ------
    UserError
        If there is not one endogenous term of 0 and 1, terms predict it perfectly, a regime has no
        more rows than terms or collinear ones, the likelihood has no maximum, or an option is
        unknown.
    """
    method, pair = method_of(equation), chosen_pair(sample, equation)
    model = _model(sample, pair, equation)
    first = fit_first_step(model.chosen, pair.second, equation.estimator)
    seconds = second_steps(model, first)
    notes = exclusion_note(pair.instruments)
    about: dict[str, Any] = {"extras": about_arms(pair), "dropped": pair.dropped}
    if method == ML:
        found = fit_joint(model, first, seconds, notes=notes, **about)
    else:
        notes = (*notes, *rho_notes(seconds))
        found = fit_two_step(seconds, REGIMES, first, notes=notes, **about)
    effects = _effects(pair, model, _parameters(found))
    whole = replace(found, derived=(*found.derived, *effects))
    return with_wald_tests(whole, sample, equation, _contrasts(whole))


def _model(sample: Sample, pair: Pair, equation: Equation) -> Model:
    regimes = []
    for label, value in zip(REGIMES, (1.0, 0.0), strict=True):
        rows = pair.values == value
        design = regime_design(pair, value, equation)
        regimes.append(Regime(label, rows, sample.outcome[rows], design))
    return Model(tuple(regimes), pair.values == 1.0, pair.second, equation.estimator)


def _positions(fit: Fit, component: str, *, only: str = "") -> list[int]:
    """Return where a component's coefficients stand, or its ``only`` term."""
    apart = (LAMBDA, LOG_SIGMA, ATHRHO)
    return [
        j
        for j, (term, its) in enumerate(zip(fit.terms, fit.components, strict=True))
        if its == component and (term == only if only else term not in apart)
    ]


def _contrasts(fit: Fit) -> dict[str, Array]:
    """Return what is tested: rho = 0 in both regimes; b1 = b0; slopes equal, constants free."""
    identity = np.eye(len(fit.terms))
    one, other = (_positions(fit, label) for label in REGIMES)
    gap = identity[one] - identity[other]
    tests = {"wald_rho": at_positions(fit, (ATHRHO, LAMBDA)), "equality": gap}
    return tests | ({"equality_slopes": gap[1:]} if len(gap) > 1 else {})


# --- effects ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Parameters:
    """b1 and b0, lambda of each regime, g, and their (rows, k) gradients by all parameters."""

    b: tuple[Array, Array]
    by_b: tuple[Array, Array]
    lambdas: tuple[float, float]
    by_lambda: tuple[Array, Array]
    g: Array
    by_g: Array


def _parameters(fit: Fit) -> _Parameters:
    identity = np.eye(len(fit.terms))
    b = [_positions(fit, label) for label in REGIMES]
    g = _positions(fit, SELECTION)
    lambdas, by_lambda = zip(*(_lambda_of(fit, label, identity) for label in REGIMES), strict=True)
    return _Parameters(
        (fit.estimate[b[0]], fit.estimate[b[1]]), (identity[b[0]], identity[b[1]]),
        lambdas, by_lambda, fit.estimate[g], identity[g],
    )  # fmt: skip


def _lambda_of(fit: Fit, label: str, identity: Array) -> tuple[float, Array]:
    """Return lambda, a coefficient of the two-step fit, derived in the other, and its gradient."""
    for derived in fit.derived:
        if (derived.term, derived.component) == (LAMBDA, label):
            return derived.value, derived.gradient
    at = _positions(fit, label, only=LAMBDA)[0]
    return float(fit.estimate[at]), identity[at]


def _effects(pair: Pair, model: Model, at: _Parameters) -> tuple[Derived, ...]:
    index = [pair.first.terms.index(term) for term in model.regimes[0].design.terms]
    x, z = pair.first.columns[:, index], pair.second.columns
    correction, delta = corrections(np.where(model.chosen, 1.0, -1.0), z @ at.g)
    every, step = model.chosen | ~model.chosen, at.lambdas[0] - at.lambdas[1]

    def effect(rows: Flags, known: bool, quantity: str, component: str) -> Derived:
        mean_x, mean_w = x[rows].mean(axis=0), float(correction[rows].mean()) * known
        bend = -step * known * (delta[rows] @ z[rows]) / rows.sum()
        gradient = (
            mean_x @ (at.by_b[0] - at.by_b[1])
            + mean_w * (at.by_lambda[0] - at.by_lambda[1])
            + bend @ at.by_g
        )
        value = float(mean_x @ (at.b[0] - at.b[1])) + step * mean_w
        return Derived(pair.endogenous, value, gradient, quantity, component)

    return (
        effect(every, False, "ate", "all"),
        effect(model.chosen, True, "att", "treated"),
        effect(~model.chosen, True, "ate", "untreated"),
    )
