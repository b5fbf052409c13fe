"""A fitted equation to the long rows of one column of a regression table."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.effects.estimates import Fitted, rows_of
from analysis.effects.paper.disclosure import FEW, hidden_terms, is_hidden
from analysis.effects.paper.plan import is_dummies
from analysis.effects.paper.work import Work
from analysis.effects.study import Equation
from analysis.messages import Text, UserError, texts

COLUMNS = ["column", "heading_en", "heading_zh", "outcome", "kind", "key", "estimate", "std_error",
           "p_value", "text_en", "text_zh"]  # fmt: skip
YES, NO = Text("yes", "是"), Text("no", "否")
REFUSED = "refused"
Line = dict[str, Any]


def _nothing(fitted: Fitted) -> Sequence[Line]:
    """Return no further lines."""
    return ()


def asked_column(
    work: Work,
    number: int,
    heading: Text,
    equation: Equation,
    show: Sequence[str],
    more: Callable[[Fitted], Sequence[Line]] = _nothing,
) -> pd.DataFrame:
    """Return the column of an equation; of one that is refused the reason alone."""
    try:
        fitted = work.fit(equation)
        return column_rows(work, number, heading, fitted, show, more(fitted))
    except (UserError, np.linalg.LinAlgError) as error:
        return refused_column(number, heading, equation.outcomes[0], reason_of(error))


def reason_of(error: UserError | np.linalg.LinAlgError) -> Text:
    """Return why something was not computed."""
    if isinstance(error, UserError):
        return texts(error.key, **error.fields)
    return Text(f"not to be computed: {error}", f"无法计算：{error}")


def column_rows(
    work: Work,
    number: int,
    heading: Text,
    fitted: Fitted,
    show: Sequence[str],
    more: Sequence[Line] = (),
) -> pd.DataFrame:
    """Return one column: the terms to show, what else is in the equation, its numbers.

    ``show`` are terms printed with their errors; ``more`` further lines made by ``stat`` or
    ``word``. Of restricted data neither a column nor a term under ten persons is shown.
    """
    if is_hidden(work, fitted):
        return refused_column(number, heading, fitted.outcome, FEW)
    estimated = rows_of(fitted)
    estimated = estimated[estimated["component"] == ""].drop_duplicates("term")
    shown = set(show) - hidden_terms(work, fitted)
    terms = [
        {
            "kind": "term",
            "key": row["term"],
            **{k: row[k] for k in ("estimate", "std_error", "p_value")},
        }
        for row in estimated.to_dict("records")
        if row["term"] in shown and pd.notna(row["estimate"])
    ]
    lines = [*terms, *_flags(work, fitted), *_numbers(estimated.iloc[0]), *more]
    return _column(number, heading, fitted.outcome, lines)


def refused_column(number: int, heading: Text, outcome: str, reason: Text) -> pd.DataFrame:
    """Return a column that says why it is empty."""
    line = {"kind": REFUSED, "key": REFUSED, "text_en": reason.en, "text_zh": reason.zh}
    return _column(number, heading, outcome, [line])


def _column(number: int, heading: Text, outcome: str, lines: Sequence[Line]) -> pd.DataFrame:
    about = {
        "column": number, "heading_en": heading.en, "heading_zh": heading.zh, "outcome": outcome,
    }  # fmt: skip
    return pd.DataFrame([{**about, **line} for line in lines], columns=COLUMNS)


def _flags(work: Work, fitted: Fitted) -> list[Line]:
    """Return yes or no: controls (printed or not), sets of dummies, absorbed effects."""
    controls = fitted.equation.controls
    lines = [word("controls", YES if any(not is_dummies(term) for term in controls) else NO)]
    effects = [term for term in work.plan.controls if is_dummies(term)]
    lines += [word(term, YES if term in controls else NO) for term in effects]
    return lines + [word(f"absorb({name})", YES) for name in fitted.equation.absorb]


def _numbers(first: Mapping[str, Any]) -> list[Line]:
    names = ("n_obs", "r2", "n_clusters", "outcome_mean")
    return [stat(name, float(first[name])) for name in names if pd.notna(first[name])]


def stat(key: str, value: float, p_value: float | None = None) -> Line:
    """Return a line of one number beneath the terms."""
    return {"kind": "stat", "key": key, "estimate": value, "p_value": p_value}


def word(key: str, text: Text) -> Line:
    """Return a line of one word beneath the terms."""
    return {"kind": "flag", "key": key, "text_en": text.en, "text_zh": text.zh}


def extras_of(fitted: Fitted) -> dict[str, Any]:
    """Return the tests and counts of a fit."""
    return json.loads(json.dumps(dict(fitted.fit.extras)))
