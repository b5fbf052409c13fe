"""Logit: P(y = 1 | x) = L(x'b), L(z) = 1 / (1 + exp(-z)) (Wooldridge 2010, section 15.3)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.likelihoods.likelihood import (
    Likelihood,
    design_of,
    fit_of,
    likelihood_of,
    mapped,
    maximise,
    require_maximum,
    require_zero_one,
)
from analysis.effects.likelihoods.marginal_effects import (
    COLUMNS_OPTION,
    OPTION,
    Curve,
    average_effects,
)
from analysis.effects.likelihoods.perfect_prediction import one_sided
from analysis.effects.refusals import require_plain
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]
ABOUT = About(
    fits="logit by maximum likelihood",
    needs="an outcome of 0 and 1, treatment or controls",
    reports="coefficients, average marginal effects, log likelihood, McFadden's R2",
)
OPTION_COLUMNS = (COLUMNS_OPTION,)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; options ``ame`` (discrete, derivative) and ``ame_columns``.

    Raises
    ------
    UserError
        If the outcome is not 0 and 1, a term predicts it perfectly, or an option is unknown.
    """
    from statsmodels.discrete.discrete_model import Logit

    require_zero_one(sample.outcome, equation.estimator)
    return fit_index(sample, equation, lambda x: likelihood_of(Logit(sample.outcome, x)), logistic)


def logistic(index: Array) -> Curve:
    """Return L(z), L' = L(1 - L), L'' = L'(1 - 2L)."""
    from scipy.special import expit

    p = expit(index)
    none = np.empty((len(index), 0))
    return Curve(p, p * (1.0 - p), p * (1.0 - p) * (1.0 - 2.0 * p), none, none)


def fit_index(
    sample: Sample,
    equation: Equation,
    model: Callable[[Array], Likelihood],
    curve: Callable[[Array], Curve],
) -> Fit:
    """Fit E[y | x] = m(x'b) for y in [0, 1] by Bernoulli (quasi-)likelihood.

    l(b) = sum y ln m + (1 - y) ln(1 - m); ``model`` gives it for a design, ``curve`` is m.

    Raises
    ------
    UserError
        If a term predicts perfectly, or an option is unknown.
    """
    require_plain(equation, (OPTION, COLUMNS_OPTION))
    y, design = sample.outcome, design_of(sample, equation)
    found = require_maximum(
        maximise(model(design.scaled), np.zeros(len(design.terms))),
        ["", *design.terms[1:]], equation.estimator,
        lambda: one_sided(design.scaled, y == 0.0, y == 1.0),
    )  # fmt: skip
    best = mapped(found, design.back)
    derived, notes = average_effects(
        sample, equation, design.terms, design.columns, best.estimate, curve
    )
    return fit_of(
        best, design.terms, bernoulli(y), dropped=design.dropped, derived=derived, notes=notes
    )


def bernoulli(outcome: Array) -> float:
    """Return the Bernoulli log likelihood of the constant alone: its fitted value is the mean."""
    from scipy.special import xlogy

    mean = outcome.mean()
    return float(len(outcome) * (xlogy(mean, mean) + xlogy(1.0 - mean, 1.0 - mean)))
