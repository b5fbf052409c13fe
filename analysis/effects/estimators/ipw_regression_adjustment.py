"""Inverse-probability-weighted regression adjustment: outcome models fitted with the weights.

Right if the score or the outcome model is (Wooldridge 2007, Journal of Econometrics 141:
1281-1301; 2010, Econometric Analysis, section 21.3.4).
"""

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.effects.treatment import effects
from analysis.effects.treatment.arms import arms_of
from analysis.effects.treatment.doubly_robust import WEIGHTED, means_of
from analysis.effects.treatment.weights import OPTIONS, weighting_of

OPTION_TERMS = ("propensity",)
VCOVS = effects.VCOVS
ABOUT = About(
    fits="regression adjustment with inverse probability weights (doubly robust); options: those "
    "of ipw, outcome_model = linear | logit | poisson",
    needs="outcome, one treatment of 0 and 1, controls",
    reports="mean effects, means with and without treatment, weights, effective numbers of rows",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it: outcome models of each arm on the controls, weighted, predicted for the target.

    Raises
    ------
    UserError
        If the treatment, the score, its overlap, an outcome model or an option is refused.
    """
    arms = arms_of(sample, equation, (*OPTIONS, "outcome_model"))
    weighting = weighting_of(arms, equation)
    means, dropped = means_of(arms, weighting, equation, WEIGHTED)
    return effects.fit_of_means(
        arms, means, extras=weighting.extras, notes=weighting.notes,
        material=effects.material_of(arms, weighting), dropped=dropped,
    )  # fmt: skip
