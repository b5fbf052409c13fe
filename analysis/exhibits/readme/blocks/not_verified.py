"""Which variables rest on figures that nobody has yet read in the source."""

from analysis.exhibits.readme.tables import pipe_table
from analysis.status import LABELS, is_provisional

INPUTS = {"codebook": "data/processed/codebook.csv"}


def text(codebook: list[dict[str, str]]) -> str:
    """Return a row a variable: figures in all, and those below corroborated by status."""
    rows = [
        (f"`{row['table']}`", f"`{row['variable']}`", row["n"], weak)
        for row in codebook
        if (weak := _weak(row["statuses"]))
    ]
    return pipe_table(("data set", "variable", "figures", "not verified"), rows)


def _weak(statuses: str) -> str:
    """Return "unverified 14; adds_up 2" of "corroborated 3; unverified 14; adds_up 2"."""
    parts = [part.rpartition(" ") for part in statuses.split("; ") if part]
    return "; ".join(
        f"{status} {count}"
        for status, _, count in parts
        if status in LABELS and is_provisional(status)
    )
