"""Table 7: the effect on each mediator, and the effect with the mediator added.

Neither identifies a mechanism without sequential ignorability; the printed note says so.
"""

import pandas as pd

from analysis.effects.paper.columns import column_rows
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
    columns = [column_rows(1, main, work.main(), plan, [plan.treatment])]
    for mediator in plan.mediators:
        without = tuple(term for term in plan.controls if term != mediator)
        first = work.fit(work.equation(
            f"on {mediator}", outcomes=(mediator,), controls=without))  # fmt: skip
        second = work.fit(work.equation(f"given {mediator}", controls=(mediator, *without)))
        place = len(columns)
        columns += [
            column_rows(place + 1, plan.label(mediator), first, plan, [plan.treatment]),
            column_rows(place + 2, main, second, plan, [plan.treatment, mediator]),
        ]
    return pd.concat(columns, ignore_index=True)
