"""Ordered probit: P(y <= j | x) = Phi(cut_j - x'b) (Wooldridge 2010, section 16.3.1)."""

from analysis.effects.about import About
from analysis.effects.estimators.ordered_logit import fit_ordered
from analysis.effects.estimators.probit import normal
from analysis.effects.fit import Fit
from analysis.effects.likelihoods.marginal_effects import COLUMNS_OPTION
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

ABOUT = About(
    fits="ordered probit by maximum likelihood",
    needs="an ordered outcome of three or more levels, treatment or controls",
    reports="coefficients, cut points, average marginal effects on each level's probability",
)
OPTION_COLUMNS = (COLUMNS_OPTION,)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; options ``ame`` (discrete, derivative) and ``ame_columns``.

    Raises
    ------
    UserError
        If the outcome has fewer than three levels, terms settle it, or an option is unknown.
    """
    from scipy.stats import norm

    return fit_ordered(sample, equation, normal, norm.ppf)
