"""A part of a place against the whole: one county with more cases, or all of them together."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis.disputes.regional import level_of
from analysis.disputes.regional_checks.case import Case, Finding, adds_up, amount, found, label

# what the rounding of parts may add up to
SLACK = 1.02


def look(case: Case) -> Iterator[Finding]:
    """Yield a warning for a part above its whole; without one, for parts that exceed it in sum."""
    rows = case.together
    rows = rows[rows["variable"].map(adds_up)]
    keys = ["code", "year", "variable"]
    wholes = rows[[*keys, "value", "new"]].rename(
        columns={"code": "whole", "value": "limit", "new": "whole_new"}
    )
    both = _with_whole(rows).merge(wholes, on=["whole", "year", "variable"])
    both = both[both["new"] | both["whole_new"]]
    for _, group in both.groupby(["whole", "year", "variable", "level"]):
        yield from _against(case, group)


def _with_whole(rows: pd.DataFrame) -> pd.DataFrame:
    """Return prefectures with their province; counties with their prefecture and their province."""
    rows = rows.assign(level=rows["code"].map(level_of))
    parts = rows[rows["level"].isin(["prefecture", "county"])]
    counties = parts[parts["level"] == "county"]
    return pd.concat([
        parts.assign(whole=parts["code"].str[:2] + "0000"),
        counties.assign(whole=counties["code"].str[:4] + "00"),
    ])  # fmt: skip


def _against(case: Case, group: pd.DataFrame) -> Iterator[Finding]:
    first = group.iloc[0]
    limit, total = float(first["limit"]), float(group["value"].sum())
    fields: dict[str, Any] = {
        "whole": case.place(first["whole"]),
        "year": int(first["year"]),
        "variable": label(first["variable"]),
        "limit": amount(limit),
    }
    above = group[group["value"] > limit]
    for row in above.itertuples():
        yield found("part", place=case.place(row.code), value=amount(row.value), **fields)
    if above.empty and total > SLACK * limit:
        yield found("parts", n=len(group), value=amount(total), **fields)
