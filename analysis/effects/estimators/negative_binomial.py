"""Negative binomial (NB2): E[y | x] = m = e exp(x'b), Var[y | x] = m + alpha m^2.

Cameron and Trivedi 2013, Regression Analysis of Count Data, section 3.3.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.estimators.poisson import (
    EXPOSURE,
    exposure_of,
    fit_scaled,
    rate_ratios,
    ratio_notes,
    require_counts,
)
from analysis.effects.fit import Fit
from analysis.effects.likelihoods.likelihood import (
    Design,
    Likelihood,
    Maximum,
    bordered,
    design_of,
    fit_of,
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
    fits="negative binomial regression (NB2) by maximum likelihood",
    needs="an overdispersed count, treatment or controls",
    reports="coefficients, alpha, incidence rate ratios, likelihood ratio against Poisson",
)
OPTION_COLUMNS = (EXPOSURE,)
ALPHA = "alpha"


class Counts(NamedTuple):
    """(n, k) columns, (n,) outcome and exposure."""

    columns: Array
    outcome: Array
    exposure: Array


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; option ``exposure``; alpha is the last term.

    Extras: lr_alpha = 2 (l - l of Poisson), alpha = 0 at the boundary, so its p-value is half that
    of chi2(1).

    Raises
    ------
    UserError
        If the outcome is negative, all zero, or not overdispersed (alpha would be zero), a term
        predicts zeros perfectly, the exposure is not positive, or an option is unknown.
    """
    require_plain(equation, (EXPOSURE,))
    y, exposure = require_counts(sample, equation), exposure_of(sample, equation)
    design = design_of(sample, equation)
    poisson, scaled = _maximum(y, design, exposure, equation.estimator)
    best = mapped(scaled, bordered(design.back, 1))
    ratio = 2.0 * (best.log_likelihood - poisson.log_likelihood)
    return fit_of(
        best, (*design.terms, ALPHA), _null(y, exposure, equation.estimator),
        dropped=design.dropped, derived=rate_ratios(design.terms, best.estimate),
        notes=ratio_notes(design.terms, best.estimate), extras={"lr_alpha": ratio},
    )  # fmt: skip


def _maximum(y: Array, design: Design, exposure: Array, estimator: str) -> tuple[Maximum, Maximum]:
    """Return the Poisson maximum, from which it starts, and that of (b, alpha)."""
    poisson = fit_scaled(y, design, exposure, estimator)
    mean = exposure * np.exp(design.scaled @ poisson.estimate)
    # twice the derivative by alpha at alpha = 0: below zero the maximum is Poisson's
    excess = float(((y - mean) ** 2 - y).sum())
    if excess <= 0.0:
        raise needs(
            estimator, "a variance above the mean (alpha would be 0: use poisson)",
            "方差大于均值的计数（alpha 将为 0：请用 poisson）",
        )  # fmt: skip
    start = np.append(poisson.estimate, np.log(max(excess / float((mean**2).sum()), 1e-3)))
    zeros = np.zeros(len(y), dtype=bool)
    found = require_maximum(
        maximise(_likelihood(Counts(design.scaled, y, exposure)), start),
        ["", *design.terms[1:]], estimator, lambda: one_sided(design.scaled, y == 0.0, zeros),
    )  # fmt: skip
    alpha = float(np.exp(found.estimate[-1]))
    jacobian = np.diag(np.append(np.ones(len(design.terms)), alpha))
    return poisson, mapped(found, jacobian, np.append(found.estimate[:-1], alpha))


# --- the likelihood in (b, ln alpha), r = 1 / alpha -------------------------------------------
# own functions: those of statsmodels change their last parameter's meaning once a model is fitted


def _likelihood(counts: Counts) -> Likelihood:
    return Likelihood(
        lambda p: _loglike(counts, p), lambda p: _scores(counts, p), lambda p: _hessian(counts, p)
    )


def _mean_and_size(counts: Counts, parameters: Array) -> tuple[Array, float]:
    """Return (n,) m and r."""
    return counts.exposure * np.exp(counts.columns @ parameters[:-1]), np.exp(-parameters[-1])


def _loglike(counts: Counts, parameters: Array) -> float:
    """Return sum ln G(y + r) - ln G(r) - ln y! + r ln(r / (r + m)) + y ln(m / (r + m))."""
    from scipy.special import gammaln, xlogy

    y, (m, r) = counts.outcome, _mean_and_size(counts, parameters)
    ways = gammaln(y + r) - gammaln(r) - gammaln(y + 1.0)
    return float((ways - r * np.log1p(m / r) + xlogy(y, m / (r + m))).sum())


def _by_size(counts: Counts, m: Array, r: float) -> tuple[Array, Array]:
    """Return the first and second derivative of each row by r."""
    from scipy.special import digamma, polygamma

    y = counts.outcome
    first = digamma(y + r) - digamma(r) - np.log1p(m / r) - (y - m) / (r + m)
    second = polygamma(1, y + r) - polygamma(1, r) + m / (r * (r + m)) + (y - m) / (r + m) ** 2
    return first, second


def _scores(counts: Counts, parameters: Array) -> Array:
    """Return r x (y - m) / (r + m) and -r dl/dr by row."""
    y, (m, r) = counts.outcome, _mean_and_size(counts, parameters)
    by_b = counts.columns * (r * (y - m) / (r + m))[:, None]
    return np.column_stack([by_b, -r * _by_size(counts, m, r)[0]])


def _hessian(counts: Counts, parameters: Array) -> Array:
    x, y, (m, r) = counts.columns, counts.outcome, _mean_and_size(counts, parameters)
    first, second = _by_size(counts, m, r)
    curved = -(x * (r * m * (r + y) / (r + m) ** 2)[:, None]).T @ x
    cross = -x.T @ (r * m * (y - m) / (r + m) ** 2)
    corner = float((r * first + r**2 * second).sum())
    return np.block([[curved, cross[:, None]], [cross[None, :], np.array([[corner]])]])


def _null(y: Array, exposure: Array, estimator: str) -> float:
    """Return the log likelihood of the constant and alpha alone."""
    ones = np.ones((len(y), 1))
    constant = Design(("const",), ones, ones, np.eye(1), ())
    return _maximum(y, constant, exposure, estimator)[1].log_likelihood
