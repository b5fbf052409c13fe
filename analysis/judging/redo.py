"""A seeded sample of the committed study redone from nothing: do the same numbers come out?"""

import numpy as np
import pandas as pd

from analysis.judging.replication import Block, rows_of_block
from analysis.judging.run import summary
from analysis.judging.worlds import Cell
from analysis.tabular import as_cell

# some ten seconds each on one core
REDONE = 3
COMPARED = ["failures", "mean_estimate", "bias", "median_bias", "rmse", "coverage", "power"]
COLUMNS = ["cell", "method", "column", "committed", "redone"]


def redo_sample(committed: pd.DataFrame, seed: int, cells: int = REDONE) -> pd.DataFrame:
    """Return committed and redone numbers of a few rows of the study (columns ``COLUMNS``).

    Parameters
    ----------
    committed
        The table that ``make judge`` wrote (columns ``SUMMARY``), its texts as texts.
    seed
        Of the sample of rows; the replications have the seed that the table states.
    cells
        How many rows, each a cell and a method, all its replications anew and from no cache.
    """
    count = min(cells, len(committed))
    chosen = np.random.default_rng(seed).choice(len(committed), size=count, replace=False)
    parts = [_redone(committed.iloc[place]) for place in sorted(chosen)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def _redone(row: pd.Series) -> pd.DataFrame:
    """Return the pairs of one row, both sides as the file prints them."""
    cell = Cell(row["selection"], row["instrument"])
    block = Block(cell, 0, int(row["replications"]), int(row["seed"]), (row["method"],))
    anew = summary(pd.DataFrame(rows_of_block(block)), block.seed, "", "").iloc[0]
    return pd.DataFrame(
        [
            (f"{cell.selection}, {cell.instrument}", row["method"], name,
             as_cell(float(row[name])), as_cell(float(anew[name])))
            for name in COMPARED
        ],
        columns=COLUMNS,
    )  # fmt: skip
