"""Raw to tidy: dates of laws and of the two institutions' roll-out."""

import pandas as pd
import pandera.pandas as pa

from analysis.sources.schemas import choice, place_code, status, text, year

YEARLY = False
SCHEMA = pa.DataFrameSchema(
    {
        "policy_id": text(),
        "policy": text(),
        "level": choice("national", "province", "city", "count", "target"),
        "gb2260_code": place_code(),
        "place": text(),
        "year": year(nullable=True),
        "date": text(),
        "date_precision": choice("day", "month", "year", "span", "uncertain"),
        "detail": text(),
        "status": status(),
        "source": text(nullable=True),
    },
    unique=["policy_id"],
    strict=True,
)


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the events in order of policy and date."""
    return frame.sort_values(["policy", "date", "policy_id"], kind="stable")
