"""The CSV tables among what ships."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.verification.preflight.tree import Tree


@dataclass(frozen=True)
class Table:
    """A CSV file's header and rows, all text."""

    name: str
    header: list[str]
    rows: list[list[str]]

    def column(self, name: str) -> list[str]:
        """Return a column's cells; none where there is no such column."""
        if name not in self.header:
            return []
        place = self.header.index(name)
        return [row[place] for row in self.rows if len(row) > place]


def tables(tree: Tree) -> Iterator[Table]:
    """Yield every CSV table that is not empty."""
    for name in tree.texts(".csv"):
        text = tree.text(name).removeprefix("\ufeff")
        header, *rows = list(csv.reader(io.StringIO(text, newline=""))) or [[]]
        if header:
            yield Table(name, [column.strip() for column in header], rows)
