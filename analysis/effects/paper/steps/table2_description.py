"""Table 2: numbers, means and spread; by treatment with a clustered test of the difference.

Rows are those of the main equation. Of a real survey, cells under ten persons are left empty, and
the 1st and 99th percentiles stand in place of the least and the largest value.
"""

from typing import Any

import pandas as pd

from analysis.effects.data_status import REAL
from analysis.effects.estimates import rows_of
from analysis.effects.expressions import Scope
from analysis.effects.paper.plan import is_dummies
from analysis.effects.paper.work import Work
from analysis.effects.terms import columns_of
from analysis.messages import UserError
from analysis.sources.surveys import inner_ends, may_be_shown


def rows(work: Work) -> pd.DataFrame:
    """Return one row a variable; differences are treated minus untreated."""
    plan = work.plan
    used = work.frame.iloc[work.main().sample.positions].reset_index(drop=True)
    persons = work.persons_of(work.main())
    controls = [term for term in plan.controls if not is_dummies(term)]
    names = dict.fromkeys([*plan.outcomes, plan.treatment, *plan.mediators, *controls])
    return pd.DataFrame([_row(work, used, persons, name) for name in names])


def _row(work: Work, used: pd.DataFrame, persons: pd.Series, name: str) -> dict[str, Any]:
    values = columns_of(name, Scope(used))[name].astype(float)
    label = work.plan.label(name)
    return {
        "variable": name, "label_en": label.en, "label_zh": label.zh,
        **_moments(work, values, persons, ""),
        **_ends(work, values, persons),
        **_by_treatment(work, used, persons, name, values),
    }  # fmt: skip


def _by_treatment(
    work: Work, used: pd.DataFrame, persons: pd.Series, name: str, values: pd.Series
) -> dict[str, Any]:
    treated = columns_of(work.plan.treatment, Scope(used))[work.plan.treatment]
    if name == work.plan.treatment or not set(treated.unique()) <= {0.0, 1.0}:
        return {}
    arms = {"_treated": treated == 1.0, "_untreated": treated == 0.0}
    found: dict[str, Any] = {}
    for arm, rows_in in arms.items():
        found |= _moments(work, values[rows_in], persons[rows_in], arm)
    if found["mean_treated"] is None or found["mean_untreated"] is None:
        # one arm could be told from the other and the whole
        return dict.fromkeys(found)
    return found | _difference(work, used, name)


def _moments(work: Work, values: pd.Series, persons: pd.Series, arm: str) -> dict[str, Any]:
    shown = _is_shown(work, values, persons)
    return {
        f"n{arm}": int(values.notna().sum()) if shown else None,
        f"mean{arm}": float(values.mean()) if shown else None,
        f"sd{arm}": float(values.std()) if shown else None,
    }


def _ends(work: Work, values: pd.Series, persons: pd.Series) -> dict[str, Any]:
    if not _is_shown(work, values, persons):
        return {}
    if work.status == REAL:
        return dict(zip(("p1", "p99"), inner_ends(values, persons), strict=True))
    return {"min": float(values.min()), "max": float(values.max())}


def _is_shown(work: Work, values: pd.Series, persons: pd.Series) -> bool:
    if work.status != REAL:
        return int(values.notna().sum()) > 1
    return may_be_shown(values, persons)


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
