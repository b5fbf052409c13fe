"""The matching that a table and a figure share: nearest neighbour on the propensity score."""

from analysis.effects.estimates import Fitted
from analysis.effects.paper.work import Work, not_made


def matched(work: Work) -> Fitted:
    """Return the main outcome's mean effect on the treated by matching, on common support.

    Raises
    ------
    UserError
        If there are no covariates, or matching is refused.
    """
    if not work.plan.covariates:
        raise not_made("no covariates to match on", "没有可用于匹配的协变量")
    return work.fit(work.equation(
        "matching", controls=work.plan.covariates, absorb=(), weights="", cluster=(),
        estimator="matching",
        options={"on": "propensity", "effect": "att", "common_support": True}))  # fmt: skip
