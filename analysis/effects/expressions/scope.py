"""What an expression may name, and the refusal of a name that is not known."""

from dataclasses import dataclass
from difflib import get_close_matches

import pandas as pd

from analysis.messages import UserError


@dataclass(frozen=True)
class Scope:
    """What an expression may name: the columns, and who and when for lags."""

    columns: pd.DataFrame
    entity: str | None = None
    time: str | None = None
    where: str = ""

    def column(self, name: str) -> pd.Series:
        """Return a column.

        Raises
        ------
        UserError
            If there is none of that name; the nearest is named.
        """
        if name not in self.columns.columns:
            raise unknown("column", name, [str(column) for column in self.columns.columns])
        return self.columns[name]


def unknown(kind: str, name: str, known: list[str]) -> UserError:
    """Return the refusal of a name that is not known, with the nearest that is."""
    nearest = get_close_matches(name, known, n=1, cutoff=0.0)
    return UserError("unknown_name", kind=kind, value=name, nearest=nearest[0] if nearest else "-")
