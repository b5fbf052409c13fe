"""A yearly series with the status of every figure: what the computing rooms are handed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from analysis.status import weakest


@dataclass(frozen=True)
class YearlySeries:
    """Values by year in the variable's own unit, each with its status.

    Years may be missing; nothing is interpolated.
    """

    variable: str
    values: Mapping[int, float]
    statuses: Mapping[int, str]

    def levels(self, start: int | None = None, end: int | None = None) -> pd.Series:
        """Return the values from ``start`` to ``end`` as a float series with the year as index."""
        years = [year for year in sorted(self.values) if _within(year, start, end)]
        return pd.Series([self.values[year] for year in years], index=years, dtype=float)

    def weakest_status(self, years: Iterable[int] | None = None) -> str:
        """Return the weakest status among ``years`` (all where none are named)."""
        return weakest(self.statuses[year] for year in (self.values if years is None else years))

    def with_value(self, year: int, value: float, status: str | None = None) -> "YearlySeries":
        """Return a copy with one value (and status) replaced."""
        return replace(
            self,
            values={**self.values, year: value},
            statuses={**self.statuses, year: status or self.statuses[year]},
        )


def _within(year: int, start: int | None, end: int | None) -> bool:
    return (start is None or year >= start) and (end is None or year <= end)


def series_of(frame: pd.DataFrame, variable: str) -> YearlySeries:
    """Return the figures in use of one variable of a tidy yearly table.

    Raises
    ------
    KeyError
        If the table has no such variable.
    """
    rows = frame[(frame["variable"] == variable) & frame["in_use"]]
    if rows.empty:
        raise KeyError(variable)
    years = rows["year"].astype(int)
    return YearlySeries(
        variable,
        dict(zip(years, rows["value"].astype(float), strict=True)),
        dict(zip(years, rows["status"], strict=True)),
    )


def vintages_of(frame: pd.DataFrame, variable: str, year: int) -> list[YearlySeries]:
    """Return the series once for each printed value of ``year``, the one in use first."""
    used = series_of(frame, variable)
    rows = frame[(frame["variable"] == variable) & (frame["year"] == year)]
    rows = rows.sort_values("in_use", ascending=False, kind="stable").drop_duplicates("value")
    return [
        used.with_value(year, float(value), str(status))
        for value, status in zip(rows["value"], rows["status"], strict=True)
    ]
