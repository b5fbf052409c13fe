"""The article's county as a ``County``: its figures are those of data/raw/article_claims.csv."""

from datetime import date

import pandas as pd

from analysis.institutions.fee_chain.chain import Case
from analysis.institutions.fee_chain.county import County
from analysis.institutions.fee_chain.rules import choose_rule, package_rules
from analysis.institutions.fee_chain.stated import TEN_THOUSAND, Stated, minus

# the article counts up to the middle of December
UNTIL = date(2015, 12, 15)


def article_county(statements: pd.DataFrame) -> County:
    """Return X county in 2015 from the statements' values and the ranges of their rounding."""
    rows = statements.set_index("claim_id")

    def stated(claim_id: str, unit: float = 1.0) -> Stated:
        row = rows.loc[claim_id]
        value = float(str(row["stated"]).lstrip("~>"))
        low = value if pd.isna(row["low"]) else float(row["low"])
        # "over 34" has no upper end: the floor is what can be computed with
        high = value if pd.isna(row["high"]) else float(row["high"])
        return Stated(value * unit, low * unit, high * unit)

    tax, budget, total = stated("x-tax-340"), stated("x-fiscal-60"), stated("x-total-420")
    rule = choose_rule(package_rules())
    return County(
        name=rule.place,
        rule=rule,
        case=Case(stated("x-staff-2600"), stated("x-wage-6w", TEN_THOUSAND)),
        until=UNTIL,
        target=stated("x-target-370"),
        tax=tax,
        budget=budget,
        other=minus(total, budget, tax),
        total=total,
        handling_fee=stated("fee-34"),
        retained=stated("x-retained-1000"),
        status="article",
    )
