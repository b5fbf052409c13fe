"""Raw to tidy: what the article attributes to studies, beside what their abstracts state."""

import pandas as pd
import pandera.pandas as pa

from analysis.sources.schemas import choice, text
from analysis.sources.tables.literature_effects import SIGNS

YEARLY = False
OUTCOMES = ("unit", "wage", "hours", "benefits", "insurance", "contract", "minimum_wage",
            "violations")  # fmt: skip
UNITS = ("firm", "member", "worker")
PARTS = ("abstract", "title", "nothing")
STATED = ("sign", "unit", "no_direction", "silent", "not_read")


def _one_of(*words: str) -> pa.Column:
    return pa.Column(str, pa.Check.isin(words, error="expected_choice"), nullable=True)


SCHEMA = pa.DataFrameSchema(
    {
        "attribution_id": text(),
        "study_id": text(),
        "outcome": choice(*OUTCOMES),
        "attributed_sign": _one_of(*SIGNS),
        "attributed_unit": choice(*UNITS),
        "part_read": choice(*PARTS),
        "where_read": text(nullable=True),
        "stated": choice(*STATED),
        "stated_sign": _one_of(*SIGNS),
        "stated_unit": _one_of(*UNITS),
        "note_en": text(nullable=True),
        "note_zh": text(nullable=True),
    },
    unique=["attribution_id"],
    strict=True,
)


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows by the study's year, the study, and the outcomes in their usual order."""
    rank = {outcome: place for place, outcome in enumerate(OUTCOMES)}
    keys = frame.assign(
        year=frame["study_id"].str.extract(r"(\d{4})$", expand=False),
        rank=frame["outcome"].map(rank),
    )
    order = keys.sort_values(["year", "study_id", "rank", "attribution_id"]).index
    return frame.loc[order].reset_index(drop=True)
