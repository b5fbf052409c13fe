"""Columns that raw tables are made of, as pandera schemas whose failures name what was expected.

Each check's ``error`` is a key of ``analysis/sentences``: a refusal reads in the user's language.
"""

from collections.abc import Mapping

import pandas as pd
import pandera.pandas as pa

from analysis.sources.variables import Variable
from analysis.status import STATUSES

EARLIEST, LATEST = 1949, 2100


def year(nullable: bool = False) -> pa.Column:
    """Return a calendar year (``Int64`` where it may be missing)."""
    dtype = "Int64" if nullable else "int64"
    in_range = pa.Check.in_range(EARLIEST, LATEST, error="expected_year")
    return pa.Column(dtype, in_range, coerce=True, nullable=nullable)


def status() -> pa.Column:
    """Return the status that each figure carries; the article's own inputs are no raw figures."""
    return pa.Column(str, pa.Check.isin(STATUSES[1:], error="expected_status"))


def text(nullable: bool = False) -> pa.Column:
    """Return free text."""
    return pa.Column(str, nullable=nullable)


def choice(*words: str) -> pa.Column:
    """Return one of the given words."""
    return pa.Column(str, pa.Check.isin(words, error="expected_choice"))


def number(nullable: bool = False, minimum: float | None = 0.0) -> pa.Column:
    """Return a number, not negative unless said otherwise."""
    checks = [] if minimum is None else [pa.Check.ge(minimum, error="expected_not_negative")]
    return pa.Column(float, checks, coerce=True, nullable=nullable)


def place_code(nullable: bool = False) -> pa.Column:
    """Return a GB/T 2260 code of six digits, kept as text."""
    return pa.Column(
        str, pa.Check.str_matches(r"^\d{6}$", error="expected_code"), nullable=nullable
    )


def yearly_table(variables: Mapping[str, Variable]) -> pa.DataFrameSchema:
    """Return the schema of a long table year, variable, value, status, source."""
    return pa.DataFrameSchema(
        {
            "year": year(),
            "variable": pa.Column(str, pa.Check.isin(list(variables), error="expected_variable")),
            # the range of each variable decides, by the check below
            "value": number(minimum=None),
            "status": status(),
            "source": text(nullable=True),
        },
        checks=pa.Check(_within_range(variables), error="expected_range"),
        unique=["year", "variable"],
        strict=True,
    )


def _within_range(variables: Mapping[str, Variable]):  # type: ignore[no-untyped-def]
    def check(frame: pd.DataFrame) -> pd.Series:
        values = pd.to_numeric(frame["value"], errors="coerce")
        return pd.Series(
            [
                name not in variables or variables[name].accepts(value)
                for name, value in zip(frame["variable"], values, strict=True)
            ],
            index=frame.index,
        )

    return check
