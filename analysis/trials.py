"""Tables of trials that are made row by row: a part tried again takes the place of its rows."""

import io
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def renewed(
    found: "pd.DataFrame", record: Path, key: str, known: Collection[str]
) -> "pd.DataFrame":
    """Return a record's rows with ``found`` in place of those of the same ``key``, sorted by it.

    Cells are the texts of the file. Each row has its own day. Rows whose key is no longer
    ``known`` are left out.
    """
    import pandas as pd

    from analysis.tabular import as_csv

    made = _cells(io.StringIO(as_csv(found)))
    if not record.exists():
        return made
    earlier = _cells(record)
    kept = earlier[earlier[key].isin(set(known) - set(made[key]))]
    return pd.concat([kept, made]).sort_values(key, kind="stable", ignore_index=True)


def _cells(source: Path | io.StringIO) -> "pd.DataFrame":
    import pandas as pd

    return pd.read_csv(source, dtype=str, keep_default_na=False)
