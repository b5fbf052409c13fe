"""Table 2: numbers, means and spread; by treatment with a clustered test of the difference.

Rows are those of the main equation. Cells under ten persons are left empty, and so are the ends of
a variable that fewer than ten persons have.
"""

from typing import Any

import pandas as pd

from analysis.effects.estimates import rows_of
from analysis.effects.expressions import Scope
from analysis.effects.paper.plan import is_dummies
from analysis.effects.paper.work import FEWEST_PERSONS, REAL, Work
from analysis.effects.terms import columns_of
from analysis.messages import UserError

PERSON = "person_id"


def rows(work: Work) -> pd.DataFrame:
    """Return one row a variable; differences are treated minus untreated."""
    plan = work.plan
    used = work.frame.iloc[work.main().sample.positions].reset_index(drop=True)
    controls = [term for term in plan.controls if not is_dummies(term)]
    names = dict.fromkeys([*plan.outcomes, plan.treatment, *plan.mediators, *controls])
    return pd.DataFrame([_row(work, used, name) for name in names])


def _row(work: Work, used: pd.DataFrame, name: str) -> dict[str, Any]:
    values = columns_of(name, Scope(used))[name].astype(float)
    label = work.plan.label(name)
    return {
        "variable": name, "label_en": label.en, "label_zh": label.zh,
        **_moments(work, used, values, ""),
        **_by_treatment(work, used, name, values),
    }  # fmt: skip


def _by_treatment(work: Work, used: pd.DataFrame, name: str, values: pd.Series) -> dict[str, Any]:
    treated = columns_of(work.plan.treatment, Scope(used))[work.plan.treatment]
    if name == work.plan.treatment or not set(treated.unique()) <= {0.0, 1.0}:
        return {}
    arms = {"_treated": treated == 1.0, "_untreated": treated == 0.0}
    found: dict[str, Any] = {}
    for arm, rows_in in arms.items():
        found |= _moments(work, used[rows_in], values[rows_in], arm)
    if found["mean_treated"] is None or found["mean_untreated"] is None:
        return found
    return found | _difference(work, used, name)


def _moments(
    work: Work, used: pd.DataFrame, values: pd.Series, arm: str
) -> dict[str, float | int | None]:
    known = values.notna()
    n, shown = int(known.sum()), _enough(work, used[known], values[known])
    part: dict[str, float | int | None] = {
        f"n{arm}": n if shown else None,
        f"mean{arm}": float(values.mean()) if shown else None,
        f"sd{arm}": float(values.std()) if shown else None,
    }
    if not arm:
        part |= {"min": float(values.min()), "max": float(values.max())} if shown else {}
    return part


def _enough(work: Work, used: pd.DataFrame, values: pd.Series) -> bool:
    """Say whether a cell may be shown: ten persons in it, of each answer if there are two."""
    if work.status != REAL:
        return len(values) > 1
    persons = used[PERSON] if PERSON in used else pd.Series(used.index, index=used.index)
    if set(values.unique()) <= {0.0, 1.0}:
        counts = persons.groupby(values).nunique()
        # an answer that nobody gave hides nobody
        return len(values) > 0 and bool((counts >= FEWEST_PERSONS).all())
    return persons.nunique() >= FEWEST_PERSONS


def _difference(work: Work, used: pd.DataFrame, name: str) -> dict[str, Any]:
    from analysis.effects.fitting import fit_outcome

    equation = work.equation(
        f"difference {name}", outcomes=(name,), controls=(), absorb=(), estimator="ols",
        weights="", where="",
    )  # fmt: skip
    try:
        row = rows_of(fit_outcome(work.study, equation, name, used)).set_index("term")
    except UserError:
        # one arm alone has this variable
        return {}
    keys = {"estimate": "difference", "std_error": "std_error", "p_value": "p_value"}
    return {new: row.loc[work.plan.treatment, old] for old, new in keys.items()}
