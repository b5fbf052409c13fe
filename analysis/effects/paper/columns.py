"""A fitted equation to the long rows of one column of a regression table."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.effects.estimates import Fitted, rows_of
from analysis.effects.paper.plan import Plan, is_dummies
from analysis.messages import Text

COLUMNS = ["column", "heading_en", "heading_zh", "outcome", "kind", "key", "estimate", "std_error",
           "p_value", "text_en", "text_zh"]  # fmt: skip
YES, NO = Text("yes", "是"), Text("no", "否")


def column_rows(
    number: int,
    heading: Text,
    fitted: Fitted,
    plan: Plan,
    show: Sequence[str],
    more: Sequence[dict[str, Any]] = (),
) -> pd.DataFrame:
    """Return one column: the terms to show, what else is in the equation, its numbers.

    ``show`` are terms printed with their errors; ``more`` further lines made by ``stat`` or
    ``word``.
    """
    estimated = rows_of(fitted)
    estimated = estimated[estimated["component"] == ""].drop_duplicates("term")
    terms = [
        {
            "kind": "term",
            "key": row["term"],
            **{k: row[k] for k in ("estimate", "std_error", "p_value")},
        }
        for row in estimated.to_dict("records")
        if row["term"] in show and pd.notna(row["estimate"])
    ]
    lines = [*terms, *_flags(fitted, plan, show), *_numbers(estimated.iloc[0]), *more]
    about = {
        "column": number, "heading_en": heading.en, "heading_zh": heading.zh,
        "outcome": fitted.outcome,
    }  # fmt: skip
    return pd.DataFrame([{**about, **line} for line in lines], columns=COLUMNS)


def _flags(fitted: Fitted, plan: Plan, show: Sequence[str]) -> list[dict[str, Any]]:
    """Return yes or no: controls not printed line by line, sets of dummies, absorbed effects."""
    controls = fitted.equation.controls
    hidden = [term for term in controls if not is_dummies(term) and term not in show]
    lines = [word("controls", YES)] if hidden else []
    effects = [term for term in plan.controls if is_dummies(term)]
    lines += [word(term, YES if term in controls else NO) for term in effects]
    return lines + [word(f"C({name})", YES) for name in fitted.equation.absorb]


def _numbers(first: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = ("n_obs", "r2", "n_clusters", "outcome_mean")
    return [stat(name, float(first[name])) for name in names if pd.notna(first[name])]


def stat(key: str, value: float, p_value: float | None = None) -> dict[str, Any]:
    """Return a line of one number beneath the terms."""
    return {"kind": "stat", "key": key, "estimate": value, "p_value": p_value}


def word(key: str, text: Text) -> dict[str, Any]:
    """Return a line of one word beneath the terms."""
    return {"kind": "flag", "key": key, "text_en": text.en, "text_zh": text.zh}


def extras_of(fitted: Fitted) -> dict[str, Any]:
    """Return the tests and counts of a fit."""
    return json.loads(json.dumps(dict(fitted.fit.extras)))
