"""Raw to tidy: scattered provincial figures on disputes and unions."""

import pandas as pd
import pandera.pandas as pa

from analysis.sources.schemas import number, place_code, status, text, year

YEARLY = False
SCHEMA = pa.DataFrameSchema(
    {
        "gb2260_code": place_code(),
        "name_en": text(),
        "year": year(),
        "variable": text(),
        "value": number(),
        "note": text(nullable=True),
        "status": status(),
        "source": text(nullable=True),
    },
    unique=["gb2260_code", "year", "variable"],
    strict=True,
)


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the figures in order of variable, place and year."""
    return frame.sort_values(["variable", "gb2260_code", "year"], kind="stable")
