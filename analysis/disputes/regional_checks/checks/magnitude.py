"""Figures of another order than their neighbours in time: a slip of the unit, most likely."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.disputes.regional_checks.case import Case, Finding, amount, found, label
from analysis.sources.regions import DATES

# no published series moves so far from the median of four neighbours; a slip of unit does
FACTOR, NEIGHBOURS, WITHIN = 8.0, 2, 3


def look(case: Case) -> Iterator[Finding]:
    """Yield a warning for each new figure eight times its neighbours' median, or an eighth."""
    rows = case.together
    rows = rows[(rows["value"] > 0.0) & ~rows["variable"].isin(list(DATES))]
    for (code, variable), series in rows.groupby(["code", "variable"]):
        years, logs = series["year"].to_numpy(int), np.log10(series["value"].to_numpy(float))
        if np.ptp(logs) < np.log10(FACTOR):
            continue
        for place in unlike(years, logs, series["new"].to_numpy(bool)):
            yield _slip(case, str(code), variable, series.iloc[place], years, logs, place)


def unlike(years: np.ndarray, logs: np.ndarray, new: np.ndarray) -> list[int]:
    """Return the places of new figures far from their neighbours, the farthest first.

    Each is out before the next is judged, so that it does not make its neighbours look wrong.
    """
    left, outliers = list(range(len(years))), []
    while judged := [i for i in left if new[i]]:
        # rounded, so that of two that differ from each other it is the later
        away = {i: round(abs(logs[i] - usual(years, logs, i, left)), 9) for i in judged}
        farthest = max(judged, key=lambda i: (away[i], years[i]))
        if away[farthest] < np.log10(FACTOR):
            break
        left.remove(farthest)
        outliers.append(farthest)
    return outliers


def usual(years: np.ndarray, logs: np.ndarray, place: int, among: list[int]) -> float:
    """Return the median logarithm of a figure's neighbours in time; its own without any."""
    near = [i for i in among if i != place and abs(years[i] - years[place]) <= WITHIN]
    before = [i for i in near if years[i] < years[place]][-NEIGHBOURS:]
    after = [i for i in near if years[i] > years[place]][:NEIGHBOURS]
    return float(np.median(logs[[*before, *after]])) if before or after else float(logs[place])


def _slip(
    case: Case, code: str, variable: object, row: pd.Series, years: np.ndarray, logs: np.ndarray,
    place: int,
) -> Finding:  # fmt: skip
    level = 10.0 ** usual(years, logs, place, list(range(len(years))))
    times = max(row["value"] / level, level / row["value"])
    return found(
        "magnitude", place=case.place(code), year=int(row["year"]), variable=label(variable),
        value=amount(float(row["value"])), usual=amount(level), times=amount(round(float(times))),
    )  # fmt: skip
