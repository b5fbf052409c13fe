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
    """Return the places by code, with the organisation rate (建会率) and member density as shares.

    Neither is coverage.
    """
    placed = frame.sort_values("gb2260_code", kind="stable", ignore_index=True)
    return placed.assign(
        organisation_rate=placed["legal_units_with_union"] / placed["legal_units"],
        member_density=placed["union_members_10k"] / placed["employed_10k"],
    )
