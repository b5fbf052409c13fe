"""A user's file of counties: county, year, collected, target, one row a county and year."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.messages import UserError, message
from analysis.paths import relative
from analysis.sources import read_data_file

COLUMNS = ("county", "year", "collected", "target")


@dataclass(frozen=True)
class CountyYears:
    """County labels, years, and collected over target, all of length n."""

    county: np.ndarray
    year: np.ndarray
    ratio: np.ndarray


def read_county_years(path: Path) -> CountyYears:
    """Read and check the file (.csv, .xlsx, .dta, .sav, .parquet).

    Raises
    ------
    UserError
        If a column is missing, a cell is no number, a target is not above 0, an amount is
        negative, or a county has a year twice.
    """
    frame, file = read_data_file(path), relative(path)
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        found = ", ".join(map(str, frame.columns)) or "-"
        raise UserError("columns", file=file, found=found, missing=", ".join(missing), extra="-")
    if frame.empty:
        raise UserError("no_rows", file=file)
    county = frame["county"].astype("string").str.strip()
    _refuse_first(file, frame["county"], county.isna() | (county == ""), "expected_something")
    year = _numbers(frame["year"], file)
    _refuse_first(file, frame["year"], ~year.between(1949, 2100) | (year % 1 != 0), "expected_year")
    collected, target = (_numbers(frame[name], file) for name in ("collected", "target"))
    _refuse_first(file, frame["collected"], collected < 0, "expected_not_negative")
    _refuse_first(file, frame["target"], target <= 0, "fee_above_zero")
    twice = pd.DataFrame({"county": county, "year": year}).duplicated()
    if twice.any():
        at = int(np.flatnonzero(twice)[0])
        value = f"{county.iloc[at]}, {year.iloc[at]:.0f}"
        raise UserError("duplicate_row", file=file, row=at + 2, column="county, year", value=value)
    return CountyYears(
        county.to_numpy(dtype=str), year.to_numpy(dtype=int), (collected / target).to_numpy()
    )


def _numbers(column: pd.Series, file: str) -> pd.Series:
    numbers = pd.to_numeric(column, errors="coerce").astype(float)
    _refuse_first(file, column, ~np.isfinite(numbers), "expected_number")
    return numbers


def _refuse_first(file: str, column: pd.Series, bad: pd.Series, expected: str) -> None:
    """Refuse the first bad cell; rows are counted as in the file, its heading being row 1."""
    if bad.any():
        at = int(np.flatnonzero(bad)[0])
        raise UserError(
            "cell", file=file, row=at + 2, column=column.name, value=repr(column.iloc[at]),
            expected=message(expected),
        )  # fmt: skip
