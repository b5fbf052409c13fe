"""Table 8: the main effect otherwise: weights, errors, samples, estimators, what was left out."""

from typing import Any

import pandas as pd

from analysis.effects.estimates import Fitted
from analysis.effects.paper.columns import asked_column, column_rows, stat
from analysis.effects.paper.plan import Check
from analysis.effects.paper.work import FEW_CLUSTERS, Work
from analysis.effects.study import Equation
from analysis.messages import Text, UserError

WEIGHT = "weight"


def rows(work: Work) -> pd.DataFrame:
    """Return a column a check, the main equation first; a check refused keeps its reason."""
    shown = [work.plan.treatment]
    baseline = Text("baseline", "基准")
    columns = [column_rows(work, 1, baseline, work.main(), shown, _left_out(work))]
    for title, equation in _checks(work):
        number = len(columns) + 1
        columns.append(asked_column(work, number, title, equation, shown, _wild))
    return pd.concat(columns, ignore_index=True)


def _checks(work: Work) -> list[tuple[Text, Equation]]:
    plan = work.plan
    checks = []
    if plan.weights:
        checks.append((Text("unweighted", "不加权"), work.equation("unweighted", weights="")))
    elif WEIGHT in work.frame and work.frame[WEIGHT].notna().any():
        checks.append((Text("weighted", "加权"), work.equation("weighted", weights=WEIGHT)))
    checks.append((Text("HC1 errors", "异方差稳健标准误"), work.equation("hc1", vcov="HC1")))
    groups = work.main().covariance.n_clusters
    if groups and groups < FEW_CLUSTERS and not work.simulated:
        title = Text("wild bootstrap", "野聚类自助法")
        checks.append((title, work.equation("wild", vcov="wild_bootstrap")))
    named = [(check.title, _asked(work, check, j)) for j, check in enumerate(plan.robustness)]
    return [*checks, *named]


def _wild(fitted: Fitted) -> list[dict[str, Any]]:
    """Return the p value of a wild bootstrap as a line of its own, in its column."""
    if fitted.equation.vcov != "wild_bootstrap":
        return []
    return [stat("wild_bootstrap_p", fitted.covariance.bootstrap[fitted.equation.treatments[0]][0])]


def _asked(work: Work, check: Check, place: int) -> Equation:
    changes: dict[str, Any] = dict(check.changes)
    if "outcome" in changes:
        changes["outcomes"] = (changes.pop("outcome"),)
    if "where" in changes:
        changes["where"] = work.both(changes["where"])
    return work.equation(f"check {place}", **changes)


def _left_out(work: Work) -> list[dict[str, Any]]:
    """Return Oster's delta and beta*, Cinelli and Hazlett's robustness value, where they exist."""
    lines = []
    wanted = (("oster", "delta"), ("oster", "beta"), ("cinelli_hazlett", "rv"))
    tables: dict[str, pd.DataFrame] = {}
    for tool, detail in wanted:
        try:
            if tool not in tables:
                tables[tool] = work.after(work.main(), tool)
        except UserError:
            continue
        found = tables[tool]
        row = found[found["component"].str.fullmatch(f"{tool}:{detail}\\*?")]
        if len(row) and pd.notna(row.iloc[0]["estimate"]):
            lines.append(stat(f"{tool}_{detail}", float(row.iloc[0]["estimate"])))
    return lines
