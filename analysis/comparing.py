"""Two versions of a table of results: rows that came and went, cells that changed."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

# what tells the rows of a contract's table apart; other tables are told apart by their texts
ESTIMATES = ("study", "equation", "sample", "outcome", "term", "quantity", "column", "component")
KEYS: dict[str, tuple[str, ...]] = {
    "claims.csv": ("claim_id",),
    "benchmarks.csv": ("benchmark", "quantity"),
    "regional_rates.csv": ("code", "year", "measure"),
    "regional_breaks.csv": ("code", "variable", "kind", "year"),
    "regional_coverage.csv": ("exhibit",),
    "growth.csv": ("series", "vintage", "start_year", "end_year", "definition", "dropped_year"),
}
Key = tuple[str, ...]


@dataclass(frozen=True)
class CellChange:
    """One cell with its row's key, as printed before and after."""

    key: Key
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """How a table differs from its earlier version; ``added`` and ``removed`` hold row keys."""

    added: tuple[Key, ...] = ()
    removed: tuple[Key, ...] = ()
    changed: tuple[CellChange, ...] = ()

    def __bool__(self) -> bool:
        """Say whether anything differs."""
        return bool(self.added or self.removed or self.changed)


def compare(name: str, before: bytes, after: bytes) -> Difference:
    """Compare two versions of the CSV file called ``name`` (no folder), cell by cell.

    Rows are matched by the contract's key columns, or, for other tables, by every column that
    holds text in both versions; rows that share a key are matched in their order. Cells are
    compared as printed. Empty bytes stand for no file.
    """
    old, new = _read(before), _read(after)
    keys = _key_columns(name, old, new)
    old, new = _indexed(old, keys), _indexed(new, keys)
    return Difference(
        added=tuple(key[:-1] for key in new.index if key not in old.index),
        removed=tuple(key[:-1] for key in old.index if key not in new.index),
        changed=tuple(_changed(old, new)),
    )


def _read(content: bytes) -> pd.DataFrame:
    if not content.strip():
        return pd.DataFrame()
    return pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)


def _key_columns(name: str, *tables: pd.DataFrame) -> list[str]:
    """Return the columns that tell rows apart: the contract's, else those that hold text."""
    filled = [table for table in tables if len(table)]
    shared = [column for column in (filled or tables)[0] if all(column in t for t in filled)]
    if set(ESTIMATES) <= set(shared):
        # each study's file is of that contract, whatever its name
        return list(ESTIMATES)
    if name in KEYS:
        return [column for column in KEYS[name] if column in shared]
    return [column for column in shared if any(_holds_text(table[column]) for table in filled)]


def _holds_text(cells: pd.Series) -> bool:
    """Say whether a cell is neither number nor empty; years and codes count as text."""
    filled = cells[cells != ""]
    numbers = pd.to_numeric(filled, errors="coerce")
    return bool(numbers.isna().any()) or cells.name in ("year", "wave", "code", "gb2260_code")


def _indexed(table: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Index a table by its keys and the occurrence of each, so that every row has a name."""
    if not len(table):
        return table
    occurrence = table.groupby(list(keys)).cumcount() if keys else pd.Series(range(len(table)))
    names = list(zip(*(table[key] for key in keys), occurrence.astype(str), strict=True))
    indexed = table.drop(columns=list(keys))
    indexed.index = pd.Index(names, tupleize_cols=False)
    return indexed


def _changed(old: pd.DataFrame, new: pd.DataFrame) -> list[CellChange]:
    columns = [column for column in new.columns if column in old.columns]
    both = [key for key in new.index if key in old.index]
    before, after = old.loc[both, columns], new.loc[both, columns]
    differs = before.to_numpy() != after.to_numpy()
    return [
        CellChange(both[row][:-1], columns[column], before.iat[row, column], after.iat[row, column])
        for row, column in zip(*differs.nonzero(), strict=True)
    ]
