"""Inverse probability weighting: outcomes weighted by one over the chance of the arm they are in.

Hirano, Imbens and Ridder 2003, Econometrica 71: 1161-1189; Hernan and Robins 2020, Causal
Inference: What If, chapter 12.
"""

import numpy as np

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.effects.treatment import effects
from analysis.effects.treatment.arms import Arms, arms_of, flag_of
from analysis.effects.treatment.outcome_models import LINEAR, outcome_model
from analysis.effects.treatment.potential_means import Mean, potential_mean
from analysis.effects.treatment.weights import OPTIONS, Weighting, weighting_of

OPTION_TERMS = ("propensity",)
VCOVS = effects.VCOVS
ABOUT = About(
    fits="inverse probability weighting; options: effect = ate | att, score = logit | probit, "
    "propensity = [terms], normalised, score_known, trim = a | optimal, truncate = q",
    needs="outcome, one treatment of 0 and 1, controls (or propensity)",
    reports="mean effects, means with and without treatment, weights (stabilised too), effective "
    "numbers of rows, rows trimmed",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; ``normalised = false`` divides by the number of rows (Horvitz and Thompson 1952).

    Raises
    ------
    UserError
        If the treatment, the score, its overlap or an option is refused.
    """
    arms = arms_of(sample, equation, (*OPTIONS, "normalised"))
    normalised = flag_of(equation, "normalised", True)
    weighting = weighting_of(arms, equation)
    means = {
        effect: (
            _mean(arms, weighting, effect, 0, normalised, equation),
            _mean(arms, weighting, effect, 1, normalised, equation),
        )
        for effect in arms.effects
    }
    return effects.fit_of_means(
        arms, means, extras=weighting.extras, notes=weighting.notes,
        material=effects.material_of(arms, weighting), dropped=weighting.score.dropped,
    )  # fmt: skip


def _mean(
    arms: Arms, weighting: Weighting, effect: str, arm: int, normalised: bool, equation: Equation
) -> Mean:
    weights = weighting.by_effect[effect][arm]
    target = weighting.target(arms, effect)
    ones = np.ones((len(target), 1))
    if not normalised:
        return potential_mean(arms.outcome, target, ones, None, weights, weights, weighting.first())
    model = outcome_model(
        arms.outcome, ones, weights.values, LINEAR, ("const",), equation, f"arm {arm}"
    )
    return potential_mean(arms.outcome, target, ones, model, weights, None, weighting.first())
