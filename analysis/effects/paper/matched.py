"""The matching that a table and a figure share: nearest neighbour on the propensity score."""

import numpy as np
import pandas as pd

from analysis.effects.data_status import REAL
from analysis.effects.estimates import Fitted
from analysis.effects.paper.disclosure import FEW, is_hidden
from analysis.effects.paper.work import Work, not_made
from analysis.sources.surveys import enough


def matched(work: Work) -> Fitted:
    """Return the main outcome's mean effect on the treated by matching, on common support.

    Raises
    ------
    UserError
        If there are no covariates, matching is refused, or under ten persons of an arm of a real
        survey are matched.
    """
    if not work.plan.covariates:
        raise not_made("no covariates to match on", "没有可用于匹配的协变量")
    fitted = work.fit(work.equation(
        "matching", controls=work.plan.covariates, absorb=(), weights="", cluster=(),
        estimator="matching",
        options={"on": "propensity", "effect": "att", "common_support": True}))  # fmt: skip
    if is_hidden(work, fitted) or not all(enough(arm) for arm in matched_persons(work, fitted)):
        raise not_made(*FEW)
    return fitted


def matched_persons(work: Work, fitted: Fitted) -> list[pd.Series]:
    """Return the persons of the rows with a weight, by arm; of a real survey only, else none."""
    if work.status != REAL:
        return []
    persons = work.persons_of(fitted)
    material = fitted.fit.material
    used = np.asarray(material["weights"]["att"]) > 0.0
    treated = np.asarray(material["treated"]) == 1.0
    return [persons[used & arm] for arm in (treated, ~treated)]
