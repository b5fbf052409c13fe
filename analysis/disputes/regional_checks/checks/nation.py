"""The provinces' sum against the shipped national figure, whose status is named."""

from collections.abc import Iterator

from analysis.disputes.regional_checks.case import (
    Case,
    Finding,
    adds_up,
    amount,
    found,
    is_province,
    label,
)
from analysis.status import LABELS

PROVINCES = 31
# national figures hold what belongs to no province, and each is rounded
SLACK = 0.02


def look(case: Case) -> Iterator[Finding]:
    """Yield a warning where 31 provinces miss the nation by 2 percent, or fewer exceed it."""
    rows = case.together
    rows = rows[is_province(rows["code"]) & rows["variable"].map(adds_up)]
    sums = rows.groupby(["variable", "year"]).agg(
        total=("value", "sum"), n=("code", "size"), new=("new", "any")
    )
    nation = case.nation.set_index(["variable", "year"])[["value", "status"]]
    both = sums[sums["new"]].join(nation, how="inner")
    away = both["total"] / both["value"] - 1.0
    wrong = (away > SLACK) | ((away < -SLACK) & (both["n"] >= PROVINCES))
    for (variable, year), row in both[wrong].iterrows():
        yield found(
            "nation", variable=label(variable), year=year, n=int(row["n"]),
            total=amount(row["total"]), nation=amount(row["value"]),
            percent=f"{100.0 * (row['total'] / row['value'] - 1.0):+.1f}",
            status=LABELS[str(row["status"])],
        )  # fmt: skip
