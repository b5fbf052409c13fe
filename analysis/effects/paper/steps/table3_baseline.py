"""Table 3: the main outcome as blocks of controls enter, then the other outcomes in full."""

import pandas as pd

from analysis.effects.paper.columns import asked_column
from analysis.effects.paper.plan import is_dummies
from analysis.effects.paper.work import Work


def rows(work: Work) -> pd.DataFrame:
    """Return the long rows of columns (1) ... (k); one that is refused says why."""
    plan = work.plan
    shown = [plan.treatment, *(term for term in plan.controls if not is_dummies(term))]
    main = plan.label(plan.outcomes[0])
    columns: list[pd.DataFrame] = []
    controls: tuple[str, ...] = ()
    for number, block in enumerate([(), *plan.blocks], start=1):
        controls = tuple(dict.fromkeys([*controls, *block]))
        name = "main" if controls == plan.controls else f"baseline {number}"
        equation = work.equation(name, controls=controls)
        columns.append(asked_column(work, number, main, equation, shown))
    for outcome in plan.outcomes[1:]:
        equation = work.equation(f"outcome {outcome}", outcomes=(outcome,))
        number = len(columns) + 1
        columns.append(asked_column(work, number, plan.label(outcome), equation, [plan.treatment]))
    return pd.concat(columns, ignore_index=True)
