"""Fractional logit: E[y | x] = L(x'b) for shares y in [0, 1], by Bernoulli quasi-likelihood.

Papke and Wooldridge 1996, Journal of Applied Econometrics 11: 619-632. The variance of a share is
not m(1 - m), so the inverse Hessian is no covariance of it: the sandwich takes its place.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.estimators.logit import fit_index, logistic
from analysis.effects.fit import Fit
from analysis.effects.likelihoods.likelihood import Likelihood
from analysis.effects.likelihoods.marginal_effects import COLUMNS_OPTION
from analysis.effects.refusals import needs
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]
ABOUT = About(
    fits="logit of a share by Bernoulli quasi-likelihood",
    needs="an outcome in [0, 1], treatment or controls",
    reports="coefficients, average marginal effects",
)
OPTION_COLUMNS = (COLUMNS_OPTION,)
NOTE = "classical is the sandwich (HC0): the likelihood is a quasi-likelihood"


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; options ``ame`` (discrete, derivative) and ``ame_columns``; classical is HC0.

    Raises
    ------
    UserError
        If the outcome leaves [0, 1], a term predicts perfectly, or an option is unknown.
    """
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    y = sample.outcome
    if y.min() < 0.0 or y.max() > 1.0:
        raise needs(equation, "an outcome between 0 and 1", "取值在 0 与 1 之间的因变量")
    found = fit_index(sample, equation, lambda x: _unscaled(GLM(y, x, family=Binomial())), logistic)
    sandwich = found.bread @ (found.scores.T @ found.scores) @ found.bread
    notes = (*found.notes, *([NOTE] if equation.vcov == "classical" else []))
    return replace(found, classical=sandwich, notes=notes)


def _unscaled(model: Any) -> Likelihood:
    """Return the model's functions with the scale held at one; it would estimate it."""
    return Likelihood(
        lambda b: model.loglike(b, scale=1.0),
        lambda b: model.score_obs(b, scale=1.0),
        lambda b: model.hessian(b, scale=1.0),
    )
