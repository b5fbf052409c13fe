"""Raw to tidy: published estimates on teaching data, digits as printed."""

import pandas as pd
import pandera.pandas as pa

from analysis.sources.schemas import text

YEARLY = False
SCHEMA = pa.DataFrameSchema(
    {
        "benchmark": text(),
        "quantity": text(),
        # as printed: the digits say how far a measured value must agree
        "published": pa.Column(
            str, pa.Check.str_matches(r"^-?\d*\.?\d+$", error="expected_number")
        ),
        "source": text(),
    },
    unique=["benchmark", "quantity"],
    strict=True,
)


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers in order of benchmark and quantity."""
    return frame.sort_values(["benchmark", "quantity"], ignore_index=True)
