"""A part above its whole: members and employment, collective disputes and all of them."""

from collections.abc import Iterator

from analysis.disputes.regional_checks.case import Case, Finding, amount, found, label

PARTS = {
    "union_members": "employment",
    "collective_disputes": "disputes_accepted",
    "legal_units_with_union": "legal_units",
    "census_union_members": "census_employed",
    "census_legal_units_with_union": "census_legal_units",
}


def look(case: Case) -> Iterator[Finding]:
    """Yield a warning for each place and year where a part exceeds its whole."""
    rows = case.together
    wide = rows.pivot(index=["code", "year"], columns="variable", values="value")
    new = rows[rows["new"]].set_index(["code", "year"]).index
    wide = wide[wide.index.isin(new)]
    for part, whole in PARTS.items():
        if part not in wide or whole not in wide:
            continue
        for (code, year), values in wide[wide[part] > wide[whole]].iterrows():
            yield found(
                "density", place=case.place(str(code)), year=year, part=label(part),
                whole=label(whole), value=amount(values[part]), limit=amount(values[whole]),
            )  # fmt: skip
