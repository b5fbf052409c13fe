"""Fit what the regional data allow; say of everything else why it is not fitted."""

from dataclasses import dataclass

import pandas as pd

from analysis.effects.estimates import COLUMNS
from analysis.effects.fitting import estimates
from analysis.effects.regional.coverage import Coverage, coverage_of
from analysis.effects.regional.panel import from_year_means, panel_of
from analysis.effects.regional.plan import DYNAMIC, Planned, plans, study_of
from analysis.messages import Text, UserError, message

COVERAGE = ["exhibit", "kind", "family", "outcome", "sample", "made", "rows", "regions", "years",
            "reason_en", "reason_zh"]  # fmt: skip
# rows of year dummies, and of their means, say nothing of the question
NUISANCE = "C("


@dataclass(frozen=True)
class Results:
    """Rows of the estimates contract, and one coverage row a planned equation."""

    estimates: pd.DataFrame
    coverage: pd.DataFrame


def regional_results(rows: pd.DataFrame) -> Results:
    """Return the regressions that regional rows allow, and the reason for each that they do not.

    ``rows``: code, year, variable, value in base units, one a place, year and variable.
    """
    panel = panel_of(rows)
    tables, found = [], []
    for planned in plans():
        coverage = coverage_of(planned, panel)
        reason = coverage.reason
        if not reason.en:
            table, reason = _fitted(planned, panel)
            tables.append(table)
        found.append(_row(planned, coverage, reason))
    empty = pd.DataFrame(columns=COLUMNS)
    kept = [table for table in tables if len(table)]
    return Results(
        pd.concat(kept, ignore_index=True) if kept else empty,
        pd.DataFrame(found, columns=COVERAGE),
    )


def _fitted(planned: Planned, panel: pd.DataFrame) -> tuple[pd.DataFrame, Text]:
    """Return an equation's rows; or none, and in what words its estimator refused it."""
    if planned.family == DYNAMIC:
        panel = from_year_means(panel, planned.columns)
    try:
        table = estimates(study_of((planned.equation,)), panel)
    except UserError as error:
        words = [message(error.key, language, **error.fields) for language in ("en", "zh")]
        return pd.DataFrame(columns=COLUMNS), Text(*words)
    return table[~table["term"].str.contains(NUISANCE, regex=False)], Text("", "")


def _row(planned: Planned, coverage: Coverage, reason: Text) -> tuple[object, ...]:
    return (
        planned.equation.id, "regression", planned.family, planned.equation.outcomes[0],
        planned.sample, not reason.en, coverage.rows, coverage.regions, coverage.years, *reason,
    )  # fmt: skip
