"""Raw to tidy: codes and names of the 31 mainland provinces."""

import pandas as pd
import pandera.pandas as pa

from analysis.sources.schemas import choice, place_code, text

YEARLY = False
SCHEMA = pa.DataFrameSchema(
    {
        "gb2260_code": place_code(),
        "name_zh": text(),
        "name_zh_short": text(),
        "name_en": text(),
        "gb_alpha": text(),
        "iso3166_2": text(),
        "region4": choice("East", "Central", "West", "Northeast"),
        "region3": choice("East", "Central", "West"),
    },
    unique=["gb2260_code"],
    strict=True,
)


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the provinces in order of code."""
    return frame.sort_values("gb2260_code", kind="stable")
