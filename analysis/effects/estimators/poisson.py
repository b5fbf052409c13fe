"""Poisson: E[y | x] = e exp(x'b), exposure e (Cameron and Trivedi 2013, section 3.2).

Right for any outcome that is not negative as long as the mean is (Gourieroux, Monfort and Trognon
1984, Econometrica 52: 701-720); the classical covariance also needs variance = mean.
"""

import numpy as np
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.fit import Derived, Fit
from analysis.effects.likelihoods.likelihood import (
    Design,
    Maximum,
    design_of,
    fit_of,
    likelihood_of,
    mapped,
    maximise,
    require_maximum,
)
from analysis.effects.likelihoods.perfect_prediction import one_sided
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]
ABOUT = About(
    fits="Poisson regression by maximum likelihood",
    needs="an outcome that is not negative, treatment or controls",
    reports="coefficients, incidence rate ratios, log likelihood, Pearson dispersion",
)
EXPOSURE = "exposure"
OPTION_COLUMNS = (EXPOSURE,)
# the logarithm of the largest rate ratio that is reported
LARGEST = 300.0
NO_COUNT = "the outcome is no count: a quasi-likelihood, use HC1 or cluster"


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; option ``exposure`` names a positive column; extras: dispersion.

    dispersion = sum (y - m)^2 / m / (n - k), one under the Poisson distribution.

    Raises
    ------
    UserError
        If the outcome is negative or all zero, a term predicts zeros perfectly, the exposure is
        not positive, or an option is unknown.
    """
    require_plain(equation, (EXPOSURE,))
    y, exposure = require_counts(sample, equation), exposure_of(sample, equation)
    design = design_of(sample, equation)
    scaled = fit_scaled(y, design, exposure, equation.estimator)
    best = mapped(scaled, design.back)
    mean = exposure * np.exp(design.scaled @ scaled.estimate)
    dispersion = float(((y - mean) ** 2 / mean).sum() / (len(y) - len(design.terms)))
    notes = () if np.array_equal(y, np.round(y)) else (NO_COUNT,)
    return fit_of(
        best, design.terms, _null(y, exposure), dropped=design.dropped,
        derived=rate_ratios(design.terms, best.estimate), extras={"dispersion": dispersion},
        notes=(*notes, *ratio_notes(design.terms, best.estimate)),
    )  # fmt: skip


def require_counts(sample: Sample, equation: Equation) -> Array:
    """Return the outcome.

    Raises
    ------
    UserError
        If it is negative somewhere or zero everywhere.
    """
    if sample.outcome.min() < 0.0 or sample.outcome.max() == 0.0:
        raise needs(
            equation.estimator, "an outcome that is not negative, nor all zero",
            "非负且不全为零的因变量",
        )  # fmt: skip
    return sample.outcome


def exposure_of(sample: Sample, equation: Equation) -> Array:
    """Return the (n,) exposure, ones without the option.

    Raises
    ------
    UserError
        If it is zero or negative somewhere, or no column.
    """
    if EXPOSURE not in equation.options:
        return np.ones(sample.n_obs)
    if EXPOSURE not in sample.others or (sample.others[EXPOSURE] <= 0.0).any():
        raise needs(equation, "one exposure column above zero", "一列取正值的 exposure")
    return sample.others[EXPOSURE].to_numpy(float)


def fit_scaled(y: Array, design: Design, exposure: Array, estimator: str) -> Maximum:
    """Return the maximum in coefficients of the scaled columns.

    Raises
    ------
    UserError
        If a term predicts zeros perfectly.
    """
    from statsmodels.discrete.discrete_model import Poisson

    start = np.zeros(len(design.terms))
    start[0] = np.log(y.sum() / exposure.sum())
    model = Poisson(y, design.scaled, offset=np.log(exposure))
    return require_maximum(
        maximise(likelihood_of(model), start), ["", *design.terms[1:]], estimator,
        lambda: one_sided(design.scaled, y == 0.0, np.zeros(len(y), dtype=bool)),
    )  # fmt: skip


def rate_ratios(terms: tuple[str, ...], coefficients: Array) -> tuple[Derived, ...]:
    """Return exp(b) of every term but the constant, the first; gradients as long as b.

    Those too large for a number (``too_large`` names them) are left out.
    """
    large = too_large(terms, coefficients)
    ratios = []
    for j, term in enumerate(terms):
        if j > 0 and term not in large:
            gradient = np.zeros(len(coefficients))
            gradient[j] = np.exp(coefficients[j])
            ratios.append(Derived(term, float(gradient[j]), gradient, "irr"))
    return tuple(ratios)


def too_large(terms: tuple[str, ...], coefficients: Array) -> tuple[str, ...]:
    """Return the terms whose exp(b) is beyond what a number holds."""
    return tuple(t for t, b in zip(terms, coefficients, strict=False) if b > LARGEST)


def ratio_notes(terms: tuple[str, ...], coefficients: Array) -> tuple[str, ...]:
    """Return a note for each term without a rate ratio."""
    return tuple(
        f"no rate ratio of {term}: exp({coefficients[terms.index(term)]:.0f}); change its unit"
        for term in too_large(terms[1:], coefficients[1 : len(terms)])
    )


def _null(y: Array, exposure: Array) -> float:
    """Return the log likelihood of the constant alone: m_i = e_i sum y / sum e."""
    from scipy.special import gammaln, xlogy

    mean = exposure * y.sum() / exposure.sum()
    return float((xlogy(y, mean) - mean - gammaln(y + 1.0)).sum())
