"""Regression adjustment: each row's outcome predicted with and without treatment, averaged.

Also known as standardisation and the (parametric) g-formula (Wooldridge 2010, section 21.3.2;
Hernan and Robins 2020, Causal Inference: What If, chapter 13).
"""

import numpy as np
import pandas as pd

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.refusals import needs
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.effects.treatment import effects
from analysis.effects.treatment.arms import Arms, arms_of, choice_of, columns_of
from analysis.effects.treatment.doubly_robust import UNWEIGHTED, means_of
from analysis.effects.treatment.outcome_models import MODELS, outcome_model, require_range
from analysis.effects.treatment.potential_means import Mean, Weights, potential_mean

PRODUCTS = "products"
OPTION_TERMS = (PRODUCTS,)
VCOVS = effects.VCOVS
ABOUT = About(
    fits="regression adjustment (g-formula, standardisation): a model an arm, or one model with "
    "products = [terms that the effect varies with]; options: effect, outcome_model = linear | "
    "logit | poisson",
    needs="outcome, one treatment of 0 and 1, controls",
    reports="mean effects, means with and without treatment",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; sampling weights are used.

    Raises
    ------
    UserError
        If the treatment, an outcome model or an option is refused.
    """
    arms = arms_of(sample, equation, ("effect", "outcome_model", PRODUCTS))
    if PRODUCTS in equation.options:
        means, dropped = _one_model(arms, sample.terms.get(PRODUCTS), equation)
    else:
        means, dropped = means_of(arms, None, equation, UNWEIGHTED)
    return effects.fit_of_means(arms, means, extras={}, material={}, dropped=dropped)


def _one_model(
    arms: Arms, products: pd.DataFrame | None, equation: Equation
) -> tuple[dict[str, tuple[Mean, Mean]], tuple[str, ...]]:
    """Return means by one regression of both arms, the treatment's products among its columns.

    Rows are stacked three times: as they are, which are fitted, and without and with treatment,
    which are predicted.
    """
    if products is None or products.shape[1] == 0:
        raise needs(equation, "products: a term or a list of terms", "products 为变量项或其列表")
    n = len(arms.outcome)
    treated = np.concatenate([arms.treated, np.zeros(n), np.ones(n)])
    named = [f"{arms.treatment} * {term}" for term in products]
    moved = np.tile(products.to_numpy(float), (3, 1)) * treated[:, None]
    frame = pd.DataFrame(
        np.column_stack([treated, np.tile(arms.covariates.to_numpy(float), (3, 1)), moved]),
        columns=[arms.treatment, *arms.covariates, *named],
    )
    outcome = np.tile(arms.outcome, 3)
    columns = columns_of(frame, outcome)
    fitted_with = np.concatenate([arms.weights, np.zeros(2 * n)])
    name = choice_of(equation, "outcome_model", MODELS)
    require_range(arms.outcome, name, equation)
    model = outcome_model(
        outcome, columns.scaled, fitted_with, name, columns.terms, equation, "either treatment"
    )

    def mean(effect: str, arm: int) -> Mean:
        target = np.zeros((3, n))
        target[1 + arm] = arms.target(effect)
        found = potential_mean(
            outcome, target.ravel(), columns.scaled, model,
            Weights(fitted_with, np.zeros(3 * n)), None, None,
        )  # fmt: skip
        return Mean(found.value, found.influence.reshape(3, n).sum(axis=0))

    means = {effect: (mean(effect, 0), mean(effect, 1)) for effect in arms.effects}
    return means, columns.dropped
