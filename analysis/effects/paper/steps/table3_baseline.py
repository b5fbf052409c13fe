"""Table 3: the main outcome as blocks of controls enter, then the other outcomes in full."""

import pandas as pd

from analysis.effects.paper.columns import column_rows
from analysis.effects.paper.plan import is_dummies
from analysis.effects.paper.work import Work


def rows(work: Work) -> pd.DataFrame:
    """Return the long rows of columns (1) ... (k)."""
    plan = work.plan
    shown = [plan.treatment, *(term for term in plan.controls if not is_dummies(term))]
    columns: list[pd.DataFrame] = []
    controls: tuple[str, ...] = ()
    for number, block in enumerate([(), *plan.blocks], start=1):
        controls = tuple(dict.fromkeys([*controls, *block]))
        name = "main" if controls == plan.controls else f"baseline {number}"
        fitted = work.fit(work.equation(name, controls=controls))
        columns.append(column_rows(number, plan.label(plan.outcomes[0]), fitted, plan, shown))
    for outcome in plan.outcomes[1:]:
        fitted = work.fit(work.equation(f"outcome {outcome}", outcomes=(outcome,)))
        number = len(columns) + 1
        columns.append(column_rows(number, plan.label(outcome), fitted, plan, [plan.treatment]))
    return pd.concat(columns, ignore_index=True)
