"""Figures equal to the stored ones of the year before: the book's year taken for the data's."""

from collections.abc import Iterator

from analysis.disputes.regional_checks.case import Case, Finding, found, label, listed
from analysis.sources.regions import DATES

KEYS = ["code", "year", "variable", "value"]


def look(case: Case) -> Iterator[Finding]:
    """Yield a warning a variable and year that has such figures; zeros and dates say nothing."""
    telling = ~case.rows["variable"].isin(list(DATES)) & (case.rows["value"] != 0.0)
    rows = case.rows.loc[telling, KEYS]
    # a series that stands still is no sign of a shift
    rows = rows.merge(case.stored[KEYS], on=KEYS, how="left", indicator=True)
    rows = rows[rows["_merge"] == "left_only"][KEYS]
    before = case.stored[KEYS].assign(year=case.stored["year"] + 1)
    equal = rows.merge(before, on=KEYS)
    for (variable, year), same in equal.groupby(["variable", "year"]):
        there = ((rows["variable"] == variable) & (rows["year"] == year)).sum()
        yield found(
            "shifted", variable=label(variable), year=year, before=int(str(year)) - 1,
            n=len(same), of=int(there), places=listed([case.place(code) for code in same["code"]]),
        )  # fmt: skip
