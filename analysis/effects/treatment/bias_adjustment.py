"""What the covariates' distance from their matches does to the outcome (Abadie and Imbens 2011)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from analysis.effects.study import Equation
from analysis.effects.treatment.arms import Arms, columns_of
from analysis.effects.treatment.outcome_models import LINEAR, outcome_model

Array = NDArray[np.float64]


def adjustment(
    arms: Arms, use: Array, average: Callable[[Array], Array], equation: Equation
) -> Array:
    """Return (n,) m(x_i) less the mean of m over i's matches, m the other arm's regression.

    m is least squares of the outcome on the controls among the rows that serve as matches, weighted
    by how often they do.

    Raises
    ------
    UserError
        If controls are collinear among these.
    """
    columns = columns_of(arms.covariates, arms.outcome)
    moved = np.zeros(len(use))
    for arm in (0, 1):
        asking, pool = arms.inside(1 - arm), arms.inside(arm)
        if not use[pool].any():
            continue
        model = outcome_model(
            arms.outcome, columns.scaled, use * pool, LINEAR, columns.terms, equation,
            f"{arms.treatment} = {arm} that are matches",
        )  # fmt: skip
        moved[asking] = (model.fitted - average(model.fitted))[asking]
    return moved
