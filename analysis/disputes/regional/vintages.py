"""Several files' figures of one cell: side by side, one of them in use; how two files differ.

A file that supersedes another is in use wherever it prints the cell, be it as a symbol: it corrects
it. Of other files: a figure before a symbol, then the stronger status, then the file added last.
"""

import numpy as np
import pandas as pd

from analysis.disputes.regional.rows import KEYS, RANK_OF_STATUS

DIFFERENCES = ["code", "year", "variable", "before", "after"]
# a figure typed with fewer digits is the same figure
SAME = 1e-9


def with_use(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with a last column in_use, true for one row a place, year and variable.

    ``rows``: code, year, variable, value, status, region, added, supersedes; one row a region and
    cell. ``added`` sorts by time.
    """
    ranked = rows.assign(
        corrected=_corrected(rows),
        symbol=rows["value"].isna(),
        rank=rows["status"].map(RANK_OF_STATUS).fillna(len(RANK_OF_STATUS)),
    )
    # stable, from the last added: of equals the newest comes first
    ranked = ranked.sort_values(["added", "region"], ascending=False, kind="stable")
    ranked = ranked.sort_values([*KEYS, "corrected", "symbol", "rank"], kind="stable")
    in_use = ~ranked.duplicated(KEYS)
    return rows.assign(in_use=in_use.reindex(rows.index))


def _corrected(rows: pd.DataFrame) -> np.ndarray:
    """Say of each row whether a file that supersedes its own prints the same cell."""
    cells = {name: set(_cells(part)) for name, part in rows.groupby("region", sort=False)}
    newer = _newer_of(dict(zip(rows["region"], rows["supersedes"], strict=True)))
    return np.array([
        any(cell in cells[name] for name in newer.get(region, ()))
        for cell, region in zip(_cells(rows), rows["region"], strict=True)
    ], dtype=bool)  # fmt: skip


def _cells(rows: pd.DataFrame) -> list[tuple]:
    return list(rows[KEYS].itertuples(index=False, name=None))


def _newer_of(supersedes: dict[str, str]) -> dict[str, set[str]]:
    """Return, by region, the files that correct it, those that correct the corrections too."""
    newer: dict[str, set[str]] = {}
    for name in supersedes:
        seen, older = {name}, supersedes[name]
        while older and older not in seen:
            newer.setdefault(older, set()).add(name)
            seen.add(older)
            older = supersedes.get(older, "")
    return newer


def differences(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return the cells that both have with different figures (columns ``DIFFERENCES``).

    Both: code, year, variable, value in base units, one row a cell.
    """
    both = before[[*KEYS, "value"]].merge(
        after[[*KEYS, "value"]], on=KEYS, suffixes=("_before", "_after")
    )
    old, new = (both[f"value_{when}"].to_numpy(float) for when in ("before", "after"))
    unlike = np.abs(old - new) > SAME * np.maximum(np.abs(old), np.abs(new))
    unlike |= np.isnan(old) != np.isnan(new)
    changed = both[unlike].rename(columns={"value_before": "before", "value_after": "after"})
    return changed[DIFFERENCES].sort_values(["variable", "code", "year"], ignore_index=True)
