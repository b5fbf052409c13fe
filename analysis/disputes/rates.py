"""Cases accepted per 10,000 employed and per 10,000 members, and the collective share."""

from collections.abc import Mapping

import pandas as pd

from analysis.sources import YearlySeries
from analysis.status import weakest

COLLECTIVE_BREAK = 2008
COLUMNS = ["year", "rate", "denominator", "value", "unit", "definition_period", "inputs_status"]


def rates_table(
    cases: YearlySeries,
    collective: YearlySeries,
    denominators: Mapping[str, YearlySeries],
) -> pd.DataFrame:
    """Return the rates by year, one row a rate and denominator (columns ``COLUMNS``).

    Denominators are in 10,000 persons, so cases over them are cases per 10,000 persons. Each
    vintage of a denominator stays a series of its own: no rate mixes two.
    """
    rows = [
        (
            year,
            "cases_per_10k",
            name,
            cases.values[year] / persons,
            "cases per 10,000 persons",
            "",
            weakest([cases.statuses[year], series.statuses[year]]),
        )
        for name, series in denominators.items()
        for year, persons in series.values.items()
        if year in cases.values
    ]
    rows += [
        (
            year,
            "collective_share",
            "cases_accepted",
            100.0 * count / cases.values[year],
            "percent",
            collective_definition(year),
            weakest([cases.statuses[year], collective.statuses[year]]),
        )
        for year, count in collective.values.items()
        if year in cases.values
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values(["rate", "denominator", "year"], kind="stable", ignore_index=True)


def collective_definition(year: int) -> str:
    """Return the smallest number of workers that made a dispute collective (change unverified)."""
    return "3 or more workers" if year < COLLECTIVE_BREAK else "10 or more workers (unverified)"
