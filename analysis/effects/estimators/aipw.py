"""Augmented inverse probability weighting: right if the score or the outcome model is.

Robins, Rotnitzky and Zhao 1994, JASA 89: 846-866; Glynn and Quinn 2010, Political Analysis 18:
36-56. For the treated: Mercatanti and Li 2014, Annals of Applied Statistics 8: 2485-2508.
"""

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.effects.treatment import effects
from analysis.effects.treatment.arms import arms_of
from analysis.effects.treatment.doubly_robust import AUGMENTED, means_of
from analysis.effects.treatment.weights import OPTIONS, weighting_of

OPTION_TERMS = ("propensity",)
VCOVS = effects.VCOVS
ABOUT = About(
    fits="augmented inverse probability weighting (doubly robust); options: those of ipw, "
    "outcome_model = linear | logit | poisson",
    needs="outcome, one treatment of 0 and 1, controls",
    reports="mean effects, means with and without treatment, weights, effective numbers of rows",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it: outcome models of each arm on the controls, unweighted, corrected by weighted errors.

    Raises
    ------
    UserError
        If the treatment, the score, its overlap, an outcome model or an option is refused.
    """
    arms = arms_of(sample, equation, (*OPTIONS, "outcome_model"))
    weighting = weighting_of(arms, equation)
    means, dropped = means_of(arms, weighting, equation, AUGMENTED)
    return effects.fit_of_means(
        arms, means, extras=weighting.extras, notes=weighting.notes,
        material=effects.material_of(arms, weighting), dropped=dropped,
    )  # fmt: skip
