"""Probit: P(y = 1 | x) = Phi(x'b), the standard normal (Wooldridge 2010, section 15.3)."""

import numpy as np
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.estimators.logit import fit_index
from analysis.effects.fit import Fit
from analysis.effects.likelihoods.likelihood import likelihood_of, require_zero_one
from analysis.effects.likelihoods.marginal_effects import COLUMNS_OPTION, Curve
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]
ABOUT = About(
    fits="probit by maximum likelihood",
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
    from statsmodels.discrete.discrete_model import Probit

    require_zero_one(sample.outcome, equation.estimator)
    return fit_index(sample, equation, lambda x: likelihood_of(Probit(sample.outcome, x)), normal)


def normal(index: Array) -> Curve:
    """Return Phi(z), phi(z), phi'(z) = -z phi(z)."""
    from scipy.stats import norm

    density = norm.pdf(index)
    none = np.empty((len(index), 0))
    return Curve(norm.cdf(index), density, -index * density, none, none)
