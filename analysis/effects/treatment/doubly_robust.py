"""Outcome models and weights together: the means of augmented and of weighted estimators."""

from typing import Literal

import numpy as np

from analysis.effects.refusals import needs
from analysis.effects.study import Equation
from analysis.effects.treatment.arms import Arms, Columns, choice_of, columns_of
from analysis.effects.treatment.outcome_models import MODELS, outcome_model, require_range
from analysis.effects.treatment.potential_means import Mean, Weights, potential_mean
from analysis.effects.treatment.weights import Weighting

AUGMENTED: Literal["augmented"] = "augmented"
WEIGHTED: Literal["weighted"] = "weighted"
UNWEIGHTED: Literal["unweighted"] = "unweighted"
Kind = Literal["augmented", "weighted", "unweighted"]


def means_of(
    arms: Arms, weighting: Weighting | None, equation: Equation, kind: Kind
) -> tuple[dict[str, tuple[Mean, Mean]], tuple[str, ...]]:
    """Return the means of arms 0 and 1 by effect, and the covariates set aside.

    ``unweighted`` takes no weighting.

    Raises
    ------
    UserError
        If there are no controls, or an outcome model is refused.
    """
    if arms.covariates.shape[1] == 0:
        raise needs(equation, "controls for the outcome models", "结果模型的控制变量")
    columns = columns_of(arms.covariates, arms.outcome)
    means = {
        effect: (
            _mean(arms, columns, weighting, equation, effect, 0, kind),
            _mean(arms, columns, weighting, equation, effect, 1, kind),
        )
        for effect in arms.effects
    }
    aside = () if weighting is None else weighting.score.dropped
    return means, tuple(dict.fromkeys([*columns.dropped, *aside]))


def _mean(
    arms: Arms, columns: Columns, weighting: Weighting | None, equation: Equation, effect: str,
    arm: int, kind: Kind,
) -> Mean:  # fmt: skip
    model = choice_of(equation, "outcome_model", MODELS)
    require_range(arms.outcome, model, equation)
    target = arms.target(effect) if weighting is None else weighting.target(arms, effect)
    plain = arms.weights * arms.inside(arm) * (1.0 if weighting is None else weighting.kept)
    fitted_with = Weights(plain, np.zeros_like(plain))
    correction, first = None, None
    if weighting is not None:
        first = weighting.first()
        correction = weighting.by_effect[effect][arm] if kind == AUGMENTED else None
        fitted_with = weighting.by_effect[effect][arm] if kind == WEIGHTED else fitted_with
    fitted = outcome_model(
        arms.outcome, columns.scaled, fitted_with.values, model, columns.terms, equation,
        f"{arms.treatment} = {arm}",
    )  # fmt: skip
    return potential_mean(
        arms.outcome, target, columns.scaled, fitted, fitted_with, correction, first
    )
