"""Settlement and outcomes, and where the published parts do not fit: reported, not mended."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import pandas as pd

from analysis.sources import YearlySeries
from analysis.status import weakest

WHOLE = "cases_settled"
SETTLEMENT = ("settled_mediation", "settled_award", "settled_other")
OUTCOME = ("won_worker", "won_both_partial", "won_employer")
# settled_other of these years is a difference, so that its sum proves nothing
BY_DIFFERENCE = (1996, 1997)
COMPOSITION_COLUMNS = [
    "year",
    "breakdown",
    "part",
    "cases",
    "share_percent",
    "gap",
    "inputs_status",
]
CONSISTENCY_COLUMNS = [
    "check",
    "year",
    "printed",
    "implied",
    "difference",
    "proves",
    "inputs_status",
]
Table = Mapping[str, YearlySeries]


def composition_table(table: Table) -> pd.DataFrame:
    """Return each part's cases and its share of cases settled (columns ``COMPOSITION_COLUMNS``).

    ``gap`` is the sum of the parts minus cases settled; it is left as it is.
    """
    rows = []
    for breakdown, parts in (("settlement", SETTLEMENT), ("outcome", OUTCOME)):
        for year in _complete_years(table, parts):
            gap = _sum(table, parts, year) - table[WHOLE].values[year]
            for part in parts:
                cases = table[part].values[year]
                share = 100.0 * cases / table[WHOLE].values[year]
                status = weakest(table[name].statuses[year] for name in (part, WHOLE))
                rows.append((year, breakdown, part, cases, share, gap, status))
    return pd.DataFrame(rows, columns=COMPOSITION_COLUMNS)


def consistency_table(table: Table) -> pd.DataFrame:
    """Return every place where published figures can be held against each other.

    Columns ``CONSISTENCY_COLUMNS``; a difference other than 0 stays as published. ``proves`` is
    false where a part was itself computed as a difference.
    """
    rows = [*_part_rows(table, "parts_settlement", SETTLEMENT)]
    rows += _part_rows(table, "parts_outcome", OUTCOME)
    rows += _carry_over_rows(table)
    rows += _individual_rows(table)
    return pd.DataFrame(rows, columns=CONSISTENCY_COLUMNS)


def _complete_years(table: Table, parts: Sequence[str]) -> list[int]:
    return sorted(set.intersection(*(set(table[name].values) for name in (*parts, WHOLE))))


def _sum(table: Table, parts: Sequence[str], year: int) -> float:
    return sum(table[part].values[year] for part in parts)


def _part_rows(table: Table, check: str, parts: Sequence[str]) -> list[tuple]:
    rows = []
    for year in _complete_years(table, parts):
        printed, implied = table[WHOLE].values[year], _sum(table, parts, year)
        proves = not (parts == SETTLEMENT and year in BY_DIFFERENCE)
        status = weakest(table[name].statuses[year] for name in (*parts, WHOLE))
        rows.append((check, year, printed, implied, implied - printed, proves, status))
    return rows


def _carry_over_rows(table: Table) -> list[tuple]:
    """Roll each printed carry-over forward to the next printed one: + accepted - settled."""
    carried, accepted, settled = (
        table[name] for name in ("carried_over_from_previous", "cases_accepted", WHOLE)
    )
    rows = []
    printed_years = sorted(carried.values)
    for start, end in pairwise(printed_years):
        between = range(start, end)
        if not all(year in accepted.values and year in settled.values for year in between):
            continue
        flow = sum(accepted.values[year] - settled.values[year] for year in between)
        implied, printed = carried.values[start] + flow, carried.values[end]
        inputs = [carried.weakest_status([start, end])]
        inputs += [accepted.weakest_status(between), settled.weakest_status(between)]
        rows.append(("carry_over", end, printed, implied, implied - printed, True, weakest(inputs)))
    return rows


def _individual_rows(table: Table) -> list[tuple]:
    """Hold workers per case that is not collective against 2, the most the definition allows."""
    names = ("workers_involved", "workers_in_collective", "cases_accepted", "collective_cases")
    years = set.intersection(*(set(table[name].values) for name in names))
    rows = []
    for year in sorted(year for year in years if year < 2008):
        workers, collective_workers, cases, collective = (table[n].values[year] for n in names)
        ratio = (workers - collective_workers) / (cases - collective)
        status = weakest(table[name].statuses[year] for name in names)
        excess = max(0.0, ratio - 2.0)
        rows.append(("workers_per_individual_case", year, 2.0, ratio, excess, True, status))
    return rows
