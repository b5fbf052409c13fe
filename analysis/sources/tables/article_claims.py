"""Raw to tidy: what the article states, in our own words, with the range each rounding covers."""

import pandas as pd
import pandera.pandas as pa

from analysis.sources.schemas import number, text

YEARLY = False
SCHEMA = pa.DataFrameSchema(
    {
        "claim_id": text(),
        "section": text(),
        "kind": text(),
        "statement_en": text(),
        "statement_zh": text(),
        "stated": text(nullable=True),
        "unit": text(nullable=True),
        "low": number(nullable=True, minimum=None),
        "high": number(nullable=True, minimum=None),
        "needs_en": text(nullable=True),
        "needs_zh": text(nullable=True),
        "position": pa.Column("int64", pa.Check.ge(0, error="expected_not_negative"), coerce=True),
    },
    unique=["claim_id"],
    strict=True,
)


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the statements in the article's order, whatever the order of the file's rows."""
    return frame.sort_values(["position", "claim_id"], ignore_index=True)
