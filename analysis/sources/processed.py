"""Read data/processed back: what the computing rooms and the ledger start from."""

from pathlib import Path

import pandas as pd

from analysis.sources.series import YearlySeries, series_of

# codes and section numbers look like numbers and are none
TEXT_COLUMNS = dict.fromkeys(
    ("gb2260_code", "section", "stated", "stated_percent", "published"), "str"
)


def read_processed(path: Path) -> pd.DataFrame:
    """Return a table of data/processed or of results; codes and empty text stay what they are."""
    return pd.read_csv(path, keep_default_na=False, na_values=[""], dtype=TEXT_COLUMNS)


def read_yearly(path: Path) -> dict[str, YearlySeries]:
    """Return every variable of a yearly table as a series of the figures in use."""
    frame = read_processed(path)
    return {name: series_of(frame, name) for name in sorted(set(frame["variable"]))}
