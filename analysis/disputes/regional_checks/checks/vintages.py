"""Figures that differ from those in use so far: both are kept."""

from collections.abc import Iterator

from analysis.disputes.regional import differences
from analysis.disputes.regional_checks.case import Case, Finding, amount, found, label


def look(case: Case) -> Iterator[Finding]:
    """Yield a warning for each cell that another file, or this package, has otherwise."""
    for row in differences(case.stored, case.rows).itertuples():
        yield found(
            "vintage", place=case.place(row.code), year=row.year, variable=label(row.variable),
            before=amount(row.before), after=amount(row.after),
        )  # fmt: skip
