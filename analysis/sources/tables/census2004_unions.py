"""Raw to tidy: units and members by province, First Economic Census 2004."""

import pandas as pd
import pandera.pandas as pa

from analysis.sources.schemas import number, place_code, status, text, year

YEARLY = False
SCHEMA = pa.DataFrameSchema(
    {
        "gb2260_code": place_code(nullable=True),
        "name_zh": text(),
        "name_en": text(),
        "year": year(),
        "legal_units": number(),
        "legal_units_with_union": number(),
        "employed_10k": number(),
        "union_members_10k": number(),
        "status": status(),
        "source": text(),
    },
    unique=["name_en", "year"],
    strict=True,
)


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the organisation rate (建会率) and member density as shares; neither is coverage."""
    return frame.assign(
        organisation_rate=frame["legal_units_with_union"] / frame["legal_units"],
        member_density=frame["union_members_10k"] / frame["employed_10k"],
    )
