"""Table 6: the effect by group, and whether it differs (all terms interacted with the group)."""

from typing import Any

import numpy as np
import pandas as pd

from analysis.effects.estimates import Fitted
from analysis.effects.expressions import Scope, evaluate
from analysis.effects.paper.columns import column_rows, reason_of, refused_column
from analysis.effects.paper.disclosure import FEW, is_hidden
from analysis.effects.paper.work import Work, not_made
from analysis.messages import Text, UserError

MOST_GROUPS = 10


def rows(work: Work) -> pd.DataFrame:
    """Return a column a group; the difference from the first stands in the later columns.

    A grouping that has a single value or more than ten, or a group that may not be shown, is one
    column with the reason: what is left out of a whole could be told from its other parts.

    Raises
    ------
    UserError
        If the plan names no groups.
    """
    if not work.plan.groups:
        raise not_made("the study file names no groups", "研究文件未给出分组变量（groups）")
    columns: list[pd.DataFrame] = []
    for by in work.plan.groups:
        columns += _columns(work, by, len(columns) + 1)
    return pd.concat(columns, ignore_index=True)


def _columns(work: Work, by: str, number: int) -> list[pd.DataFrame]:
    try:
        return _by_group(work, by, number)
    except (UserError, np.linalg.LinAlgError) as error:
        outcome = work.plan.outcomes[0]
        return [refused_column(number, work.plan.label(by), outcome, reason_of(error))]


def _by_group(work: Work, by: str, number: int) -> list[pd.DataFrame]:
    main = work.main()
    used = work.frame.iloc[main.sample.positions].reset_index(drop=True)
    levels = sorted(evaluate(by, Scope(used)).dropna().unique().tolist())
    if not 1 < len(levels) <= MOST_GROUPS:
        raise not_made(f"{by} has {len(levels)} values", f"{by} 有 {len(levels)} 个取值")
    fits = [
        work.fit(work.equation(f"{by} = {level}", where=work.both(f"({by}) == {level!r}")))
        for level in levels
    ]
    if any(is_hidden(work, fitted) for fitted in fits):
        raise not_made(*FEW)
    differences = _differences(work, main, by)
    parts = []
    for place, (level, fitted) in enumerate(zip(levels, fits, strict=True)):
        more = differences[place - 1 : place] if place and len(differences) >= place else []
        heading = _heading(work.plan.label(by), level)
        parts.append(
            column_rows(work, number + place, heading, fitted, [work.plan.treatment], more)
        )
    return parts


def _heading(label: Text, level: object) -> Text:
    shown = f"{level:g}" if isinstance(level, float) else str(level)
    return Text(f"{label.en} = {shown}", f"{label.zh} = {shown}")


def _differences(work: Work, main: Fitted, by: str) -> list[dict[str, Any]]:
    """Return each group's difference from the lowest; of the tool's tests only the interaction."""
    found = work.after(main, "group_difference", by=by, draws=1)
    kept = found[found["component"].str.contains("interaction:", regex=False)]
    return [
        {"kind": "term", "key": "difference",
         **{key: row[key] for key in ("estimate", "std_error", "p_value")}}
        for row in kept.to_dict("records")
    ]  # fmt: skip
