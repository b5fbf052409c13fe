"""Tables of trials that are made row by row: a part tried again takes the place of its rows."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def renewed(
    found: "pd.DataFrame", record: Path, key: str, known: Collection[str]
) -> "pd.DataFrame":
    """Return a record's rows with ``found`` in place of those of the same ``key``, sorted by it.

    Each row has its own day. Rows whose key is no longer ``known`` are left out.
    """
    import pandas as pd

    if not record.exists():
        return found
    earlier = pd.read_csv(record, dtype=str, keep_default_na=False)
    kept = earlier[earlier[key].isin(set(known) - set(found[key]))]
    return pd.concat([kept, found.astype(str)]).sort_values(key, kind="stable", ignore_index=True)
