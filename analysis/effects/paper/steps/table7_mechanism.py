"""Table 7: the effect on each mediator, and the effect with the mediator added.

Neither identifies a mechanism without sequential ignorability; the printed note says so.
"""

import pandas as pd

from analysis.effects.paper.columns import asked_column
from analysis.effects.paper.work import Work, not_made


def rows(work: Work) -> pd.DataFrame:
    """Return three kinds of columns: the main equation, mediators, the outcome given them.

    Raises
    ------
    UserError
        If the plan names no mediators.
    """
    plan = work.plan
    if not plan.mediators:
        raise not_made("the study file names no mediators", "研究文件未给出中介变量（mediators）")
    main = plan.label(plan.outcomes[0])
    columns = [asked_column(work, 1, main, work.equation("main"), [plan.treatment])]
    for mediator in plan.mediators:
        without = tuple(term for term in plan.controls if term != mediator)
        first = work.equation(f"on {mediator}", outcomes=(mediator,), controls=without)
        second = work.equation(f"given {mediator}", controls=(mediator, *without))
        place = len(columns)
        columns += [
            asked_column(work, place + 1, plan.label(mediator), first, [plan.treatment]),
            asked_column(work, place + 2, main, second, [plan.treatment, mediator]),
        ]
    return pd.concat(columns, ignore_index=True)
