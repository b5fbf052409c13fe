"""The tensor of Parquet files that need not fit into memory: DuckDB reads them in row blocks.

Where the rows repeat (fewer than one distinct row in a hundred, every column discrete), DuckDB
groups them first and each group counts as many rows as it holds.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.effects.cross_products.plan import (
    BLOCK_ROWS,
    FIRST_LOOK_ROWS,
    REPEATS,
    Look,
    Plan,
    added_up,
    block_sums,
    categories,
    layout_of,
)
from analysis.effects.cross_products.tensor import CrossProducts, Sums, finished
from analysis.effects.expressions import unknown
from analysis.effects.terms import sorted_levels
from analysis.messages import UserError

# grouping pays only where it leaves this share of the rows
WORTH_GROUPING = 0.01
# a single column with this share of distinct values among the first rows settles that it does not
MOSTLY_DISTINCT = 0.5


def from_parquet(plan: Plan, files: str | Path, rows: int = BLOCK_ROWS) -> CrossProducts:
    """Return the tensor of one Parquet file, or of several: a pattern or a folder.

    Raises
    ------
    UserError
        If the file cannot be read, a column is missing, a term is refused, or the absorbed effect
        is not nested in the clusters.
    """
    look = look_at_parquet(plan, files)
    layout, _ = layout_of(plan, look)
    blocks = read_blocks(plan, files, rows)
    return finished(added_up(block_sums(plan, look, layout, block) for block in blocks))


def look_at_parquet(plan: Plan, files: str | Path) -> Look:
    """Return labels of the clusters, levels of the dummies, and the first rows."""
    with _connection() as connection:
        _require_columns(plan, connection, files)
        source = _source(connection, files)
        return Look(
            tuple(_levels(connection, source, plan.cluster)),
            {name: _levels(connection, source, name) for name in categories(plan)},
            connection.sql(f"SELECT {_named(plan)} FROM {source} LIMIT {FIRST_LOOK_ROWS}").df(),
        )


def read_blocks(plan: Plan, files: str | Path, rows: int = BLOCK_ROWS) -> Iterator[pd.DataFrame]:
    """Yield the plan's columns in blocks of rows; a column ``__repeats`` where rows are grouped."""
    with _connection() as connection:
        source = _source(connection, files)
        query = f"SELECT {_named(plan)} FROM {source}"
        if _rows_repeat(connection, plan, source):
            query = f"SELECT {_named(plan)}, count(*) AS {REPEATS} FROM {source} GROUP BY ALL"
        for batch in connection.sql(query).to_arrow_reader(rows):
            yield batch.to_pandas()


def _connection() -> Any:
    import duckdb

    connection = duckdb.connect()
    connection.sql("SET preserve_insertion_order = true")
    return connection


def _source(connection: Any, files: str | Path) -> str:
    """Return the table function that reads the files, their name quoted."""
    return f"read_parquet('{_pattern(files)}')"


def _pattern(files: str | Path) -> str:
    """Return a file, a pattern, or all Parquet files of a folder, as SQL quotes it."""
    pattern = Path(files) / "*.parquet" if Path(files).is_dir() else files
    return str(pattern).replace("'", "''")


def _named(plan: Plan) -> str:
    return ", ".join(_quoted(name) for name in plan.columns_needed())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _require_columns(plan: Plan, connection: Any, files: str | Path) -> None:
    import duckdb

    try:
        known = connection.sql(f"SELECT * FROM {_source(connection, files)} LIMIT 0").columns
    except duckdb.Error as error:
        raise UserError("unreadable_data", file=files, error=str(error).splitlines()[0]) from error
    for name in plan.columns_needed():
        if name not in known:
            raise unknown("column", name, list(known))


def _levels(connection: Any, source: str, name: str) -> list:
    rows = connection.sql(f"SELECT DISTINCT {_quoted(name)} FROM {source}").fetchall()
    return sorted_levels([row[0] for row in rows])


def _rows_repeat(connection: Any, plan: Plan, source: str) -> bool:
    """Return whether the first rows repeat so much that grouping all of them pays."""
    few = connection.sql(f"SELECT {_named(plan)} FROM {source} LIMIT {FIRST_LOOK_ROWS}").df()
    if (few.nunique() > MOSTLY_DISTINCT * len(few)).any():
        return False
    first = f"(SELECT {_named(plan)} FROM {source} LIMIT {50 * FIRST_LOOK_ROWS})"
    query = f"SELECT count(*), (SELECT count(*) FROM (SELECT DISTINCT * FROM {first})) FROM {first}"
    total, distinct = connection.sql(query).fetchall()[0]
    return distinct < WORTH_GROUPING * total


def partitions(files: str | Path) -> list[str]:
    """Return the single files behind a path, pattern or folder, sorted."""
    with _connection() as connection:
        found = connection.sql(f"SELECT file FROM glob('{_pattern(files)}')").fetchall()
    return sorted(row[0] for row in found)


def distinct(files: str | Path, name: str) -> pd.DataFrame:
    """Return the different values of a column, a frame without columns where there is none."""
    with _connection() as connection:
        source = _source(connection, files)
        if name not in connection.sql(f"SELECT * FROM {source} LIMIT 0").columns:
            return pd.DataFrame()
        return connection.sql(f"SELECT DISTINCT {_quoted(name)} FROM {source}").df()


def rows_in(files: str | Path) -> int:
    """Return how many rows the files hold, from what they say of themselves."""
    with _connection() as connection:
        counted = connection.sql(f"SELECT count(*) FROM {_source(connection, files)}").fetchall()
    return int(counted[0][0])


def partition_sums(plan: Plan, look: Look, file: str, rows: int = BLOCK_ROWS) -> Sums:
    """Return the sums of one file: a worker's share of the work."""
    layout, _ = layout_of(plan, look)
    return added_up(
        block_sums(plan, look, layout, block) for block in read_blocks(plan, file, rows)
    )
