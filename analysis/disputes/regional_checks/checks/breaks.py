"""Gaps in series, series that begin later than the others, and known changes of definition."""

from collections.abc import Iterator

import pandas as pd

from analysis.disputes.regional import regional_breaks
from analysis.disputes.regional_checks.case import Case, Finding, found, label, listed
from analysis.messages import Text
from analysis.sources.regions import DATES

KINDS = ("gap", "definition")


def look(case: Case) -> Iterator[Finding]:
    """Yield a warning a variable and kind of break, with the places that have it."""
    yearly = case.rows[~case.rows["variable"].isin(list(DATES))]
    breaks = regional_breaks(yearly.assign(private=False))
    breaks = breaks[breaks["kind"].isin(KINDS)]
    for (kind, variable, english), same in breaks.groupby(["kind", "variable", "detail_en"]):
        places = listed([case.place(code) for code in same["code"]])
        words = Text(str(english), str(same["detail_zh"].iloc[0]))
        yield found(str(kind), variable=label(variable), places=places, words=words)
    yield from _late(case, yearly)


def _late(case: Case, rows: pd.DataFrame) -> Iterator[Finding]:
    """Yield series that begin after the commonest first year of their variable."""
    first = rows.groupby(["variable", "code"])["year"].min()
    for variable, starts in first.groupby("variable"):
        usual = int(starts.mode().iloc[0])
        for year, late in starts[starts > usual].groupby(starts):
            places = listed([case.place(code) for _, code in late.index])
            yield found("late", variable=label(variable), places=places, year=year, usual=usual)
