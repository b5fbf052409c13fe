"""Raw to tidy: what published studies of Chinese unions report, a row an effect."""

import pandas as pd
import pandera.pandas as pa

from analysis.sources.schemas import choice, number, text, year

YEARLY = False
FILE = "literature/effects.csv"
OUTCOMES = (
    "wage",
    "hours",
    "insurance",
    "contract",
    "minimum_wage",
    "benefits",
    "productivity",
    "labour_share",
    "other",
)
SIGNS = ("+", "0", "-")
WHOLE = "Int64"


def _sign() -> pa.Column:
    return pa.Column(str, pa.Check.isin(SIGNS, error="expected_choice"), nullable=True)


def _count() -> pa.Column:
    at_least_none = pa.Check.ge(0, error="expected_not_negative")
    return pa.Column(WHOLE, at_least_none, coerce=True, nullable=True)


def _probability() -> pa.Column:
    below_one = pa.Check.in_range(0.0, 1.0, error="expected_probability")
    return pa.Column(float, below_one, coerce=True, nullable=True)


SCHEMA = pa.DataFrameSchema(
    {
        "study_id": text(),
        "effect_id": text(),
        "citation": text(),
        "doi": text(nullable=True),
        "year": year(nullable=True),
        "language": choice("en", "zh"),
        "dataset_id": text(nullable=True),
        "wave": text(nullable=True),
        "unit": text(nullable=True),
        "population": text(nullable=True),
        "n_obs": _count(),
        "n_clusters": _count(),
        "outcome": choice(*OUTCOMES),
        "outcome_scale": text(nullable=True),
        "treatment": text(),
        "contrast": text(nullable=True),
        "estimator": text(nullable=True),
        "estimand": text(nullable=True),
        "controls": text(nullable=True),
        "estimate": number(nullable=True, minimum=None),
        "std_error": number(nullable=True),
        "t": number(nullable=True, minimum=None),
        "p_low": _probability(),
        "p_high": _probability(),
        "uncertainty_printed_as": text(nullable=True),
        "where_read": text(),
        "table_page": text(nullable=True),
        "read_by": text(),
        "checked_by": text(nullable=True),
        "preferred": choice("true", "false"),
        "status": choice("abstract_only", "table_read"),
        "sign": _sign(),
    },
    unique=["study_id", "effect_id"],
    strict=True,
)


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the effects by study and number, with ``preferred`` as true or false."""
    numbered = frame.assign(number=frame["effect_id"].str.zfill(4))
    order = numbered.sort_values(["study_id", "number"], kind="stable").index
    listed = frame.loc[order].reset_index(drop=True)
    return listed.assign(preferred=listed["preferred"] == "true")
