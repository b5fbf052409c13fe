"""growth.csv: average growth of cases accepted by window, vintage, definition and year left out."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.disputes.growth import (
    DEFINITIONS,
    ROUNDED_INPUTS,
    compound_of_ends,
    without_step,
)
from analysis.sources import YearlySeries

VINTAGE_YEAR = 1996
COLUMNS = [
    "series",
    "vintage",
    "start_year",
    "end_year",
    "definition",
    "dropped_year",
    "value_percent",
    "stated_percent",
    "rounds_to_stated",
    "inputs_status",
]
Window = tuple[int, int]


def growth_table(
    vintages: Sequence[YearlySeries],
    windows: Sequence[Window],
    stated_percent: Mapping[Window, str],
    printed_levels: Mapping[int, float],
) -> pd.DataFrame:
    """Return growth by every definition (columns ``COLUMNS``; values in percent a year).

    Parameters
    ----------
    vintages
        The series once for each printed value of 1996.
    windows
        First and last year of each stretch.
    stated_percent
        What the article states for a window, as printed (``"20.3"``).
    printed_levels
        End points as the article prints them, rounded, in cases, by year.
    """
    rows = [
        {
            "series": series.variable,
            "vintage": int(series.values[VINTAGE_YEAR]),
            "start_year": window[0],
            "end_year": window[1],
            **row,
        }
        for series in vintages
        for window in windows
        for row in _window_rows(series, window, printed_levels)
    ]
    table = pd.DataFrame(rows)
    stated = [
        stated_percent.get(key, "")
        for key in zip(table["start_year"], table["end_year"], strict=True)
    ]
    rounds = [
        rounds_to(value, text) if text else ""
        for value, text in zip(table["value_percent"], stated, strict=True)
    ]
    return table.assign(stated_percent=stated, rounds_to_stated=rounds)[COLUMNS]


def rounds_to(value: float, stated: str) -> str:
    """Tell (true or false) whether ``value`` rounds, half up, to the decimals ``stated`` shows."""
    decimals = len(stated.partition(".")[2])
    half = 0.5 * 10.0**-decimals
    return "true" if float(stated) - half <= value < float(stated) + half else "false"


def _window_rows(
    series: YearlySeries, window: Window, printed_levels: Mapping[int, float]
) -> Iterator[dict[str, object]]:
    levels = series.levels(*window)
    years, values = list(levels.index), levels.to_numpy()
    for name, definition in DEFINITIONS.items():
        for dropped in [None, *years[1:]]:
            kept = values if dropped is None else without_step(values, years.index(dropped))
            used = _years_used(years, dropped, definition.uses_ends_only)
            yield _row(name, dropped, definition.rate(kept), series.weakest_status(used))
    if all(year in printed_levels for year in window):
        first, last = (printed_levels[year] for year in window)
        rate = compound_of_ends(first, last, window[1] - window[0])
        yield _row(ROUNDED_INPUTS, None, rate, series.weakest_status(window))


def _row(definition: str, dropped: int | None, rate: float, status: str) -> dict[str, object]:
    return {
        "definition": definition,
        "dropped_year": "" if dropped is None else dropped,
        "value_percent": 100.0 * rate,
        "inputs_status": status,
    }


def _years_used(years: list[int], dropped: int | None, ends_only: bool) -> list[int]:
    """Return the years whose levels the result rests on.

    Taking out the first or last step takes its outer level out too; taking out a step in between
    brings both of its levels into a definition that otherwise uses the ends alone.
    """
    if dropped is None:
        return [years[0], years[-1]] if ends_only else years
    step = years.index(dropped)
    if step == 1:
        return [years[1], years[-1]] if ends_only else years[1:]
    if step == len(years) - 1:
        return [years[0], years[-2]] if ends_only else years[:-1]
    return [years[0], years[step - 1], dropped, years[-1]] if ends_only else years


def yearly_growth(series: YearlySeries) -> pd.DataFrame:
    """Return year, cases, status, growth_percent (empty after a missing year), inputs_status."""
    levels = series.levels()
    rows = []
    for year in levels.index:
        known = [year - 1, year] if year - 1 in levels.index else []
        growth = 100.0 * (levels[year] / levels[year - 1] - 1.0) if known else np.nan
        status = series.weakest_status(known or [year])
        rows.append((year, levels[year], series.statuses[year], growth, status))
    return pd.DataFrame(
        rows, columns=["year", "cases", "status", "growth_percent", "inputs_status"]
    )
