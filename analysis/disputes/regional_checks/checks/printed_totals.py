"""A sheet's places against the total that the sheet itself prints."""

from collections.abc import Iterator

from analysis.disputes.regional import NATION, level_of
from analysis.disputes.regional_checks.case import Case, Finding, adds_up, amount, found, label

# each figure is rounded in its last digit, and so is the total
SLACK = 0.005


def look(case: Case) -> Iterator[Finding]:
    """Yield a warning where the places of a file do not add up to its printed total."""
    totals = case.totals[case.totals["variable"].map(adds_up)]
    for row in totals.drop_duplicates(["code", "year", "variable"]).itertuples():
        level = "province" if row.code == NATION else "prefecture"
        inside = case.rows[
            (case.rows["year"] == row.year)
            & (case.rows["variable"] == row.variable)
            & (case.rows["code"].map(level_of) == level)
            & case.rows["code"].str.startswith("" if row.code == NATION else row.code[:2])
        ]
        total = float(inside["value"].sum())
        if len(inside) > 1 and abs(total - row.value) > SLACK * row.value:
            yield found(
                "printed_total", variable=label(row.variable), year=row.year, n=len(inside),
                total=amount(total), printed=amount(row.value), cell=row.cell,
            )  # fmt: skip
