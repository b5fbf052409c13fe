"""A design's ready equations on the user's survey: rows of the estimates contract, or reasons."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.effects.data_status import require_uncited
from analysis.effects.estimates import COLUMNS, Fitted
from analysis.effects.fitting import fit_outcome, rows_of_equation
from analysis.effects.paper import FEW, rare_terms, shown_at_all
from analysis.effects.study import Equation, Study
from analysis.messages import UserError

PERSON = "person_id"
NUMBERS = ["estimate", "std_error", "statistic", "p_value", "ci_low", "ci_high"]


def results_of(study: Study, frame: pd.DataFrame, file: str = "") -> pd.DataFrame:
    """Return the rows of every equation (columns ``COLUMNS``).

    An equation that is refused is one row whose note says why; the others stand. What under ten
    persons share is left empty. ``frame`` is a survey's harmonised rows.

    Raises
    ------
    UserError
        If the rows are simulated and the study is cited.
    """
    require_uncited(study, frame, file)
    parts = [
        part
        for equation in study.equations
        for outcome in equation.outcomes
        for part in _rows(study, equation, outcome, frame)
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def _rows(
    study: Study, equation: Equation, outcome: str, frame: pd.DataFrame
) -> Iterator[pd.DataFrame]:
    try:
        fitted = fit_outcome(study, equation, outcome, frame)
        yield _disclosed(fitted, rows_of_equation([fitted], frame), frame)
    except (UserError, np.linalg.LinAlgError) as error:
        yield _refused(study, equation, outcome, str(error))


def _disclosed(fitted: Fitted, rows: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    persons = frame[PERSON].iloc[fitted.sample.positions].reset_index(drop=True)
    if not shown_at_all(fitted, persons):
        return _refused(fitted.study, fitted.equation, fitted.outcome, FEW.en)
    hidden = rows["term"].isin(rare_terms(fitted, persons))
    return rows.assign(
        **{name: rows[name].mask(hidden) for name in NUMBERS},
        note=rows["note"].mask(hidden, FEW.en),
    )


def _refused(study: Study, equation: Equation, outcome: str, reason: str) -> pd.DataFrame:
    about = {
        "study": study.id, "equation": equation.id, "sample": equation.where or "all",
        "data_kind": study.data_kind, "outcome": outcome,
        "term": "; ".join(equation.treatments), "estimator": equation.estimator,
        "vcov": equation.vcov, "contrast": equation.contrast, "component": "",
        "note": reason,
    }  # fmt: skip
    return pd.DataFrame([about], columns=COLUMNS)
