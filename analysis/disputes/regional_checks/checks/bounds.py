"""Figures that nothing can be: below zero, above 100 percent, beyond what China has."""

from collections.abc import Iterator

import pandas as pd

from analysis.disputes.regional_checks.case import Case, Finding, amount, found, label
from analysis.sources.regions import VARIABLES

PERCENT = ("%", "％", "percent", "per cent")


def look(case: Case) -> Iterator[Finding]:
    """Yield an error for each cell out of bounds."""
    for variable, cells in case.printed.groupby("variable"):
        low, high = _bounds(str(variable), str(cells["unit"].iloc[0]))
        outside = cells[(cells["value"] < low) | (cells["value"] > high)]
        for row in outside.itertuples():
            yield found(
                "bounds", error=True, cell=row.cell, place=case.place(row.code), year=row.year,
                variable=label(variable), value=amount(row.value), unit=row.unit,
                limits=_limits(low, high),
            )  # fmt: skip


def _bounds(variable: str, unit: str) -> tuple[float, float]:
    if variable in VARIABLES:
        known = VARIABLES[variable]
        return _or(known.low, -float("inf")), _or(known.high, float("inf"))
    return (0.0, 100.0) if unit.strip().lower() in PERCENT else (-float("inf"), float("inf"))


def _or(bound: float | None, absent: float) -> float:
    return absent if bound is None or pd.isna(bound) else bound


def _limits(low: float, high: float) -> str:
    return f"{amount(low)} – {amount(high)}"
