"""All cells and replications: spread over workers, kept as they finish, summed up at the end."""

import io
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.effects.workers import spread
from analysis.files import write_all
from analysis.judging.replication import COLUMNS, Block, rows_of_block
from analysis.judging.worlds import EFFECT, Cell, cells
from analysis.paths import STATE

KEPT = STATE / "judging"
BLOCK = 10
SUMMARY = [
    "selection", "instrument", "method", "truth", "replications", "failures", "mean_estimate",
    "bias", "median_bias", "rmse", "coverage", "power", "seed", "judged_on", "fingerprint",
]  # fmt: skip


def judge(
    replications: int, seed: int, code: str, only: Sequence[Cell] = (), kept: Path = KEPT
) -> pd.DataFrame:
    """Return one row a replication and method (``COLUMNS``), those of earlier runs taken over.

    ``code`` is ``judging_fingerprint()``, taken once: files may change while a run is under way.
    Each finished block is a file of its own below ``kept``, named by fingerprint, seed, cell and
    replications, and written whole or not at all: an interrupted run goes on where it ended.
    """
    folder = kept / f"{code}-{seed}"
    blocks = [
        Block(cell, start, min(start + BLOCK, replications), seed)
        for cell in only or cells()
        for start in range(0, replications, BLOCK)
    ]
    waiting = [block for block in blocks if not _file(folder, block).exists()]
    for block, rows in _with_bar(waiting, len(blocks)):
        table = pd.DataFrame(rows, columns=COLUMNS)
        write_all({_file(folder, block): table.to_csv(index=False).encode()})
    return pd.concat([_read(_file(folder, block)) for block in blocks], ignore_index=True)


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(path.read_bytes()), keep_default_na=False, na_values=[""])


def _file(folder: Path, block: Block) -> Path:
    cell = f"{block.cell.selection}-{block.cell.instrument}"
    return folder / f"{cell}-{block.start:05d}-{block.stop:05d}.csv"


def _with_bar(waiting: Sequence[Block], blocks: int) -> Iterator[tuple[Block, list[dict]]]:
    from tqdm import tqdm

    # processes beside inherit it: two of them with two threads each would only wait
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    done = blocks - len(waiting)
    with tqdm(total=blocks, initial=done, desc="judging", unit="block", disable=None) as bar:
        for block, rows in zip(waiting, spread(rows_of_block, waiting), strict=True):
            yield block, rows
            bar.update()


def summary(rows: pd.DataFrame, seed: int, code: str, day: str) -> pd.DataFrame:
    """Return one row a cell and method (``SUMMARY``), over the replications that were fitted."""
    grouped = rows.groupby(["selection", "instrument", "method"], sort=False)
    table = grouped.apply(_summed, include_groups=False).reset_index()
    return table.assign(
        truth=EFFECT, seed=seed, judged_on=day, fingerprint=code
    )[SUMMARY]  # fmt: skip


def _summed(part: pd.DataFrame) -> pd.Series:
    fitted = part.dropna(subset=["estimate"])
    error = fitted["estimate"] - EFFECT
    return pd.Series({
        "replications": len(part),
        "failures": len(part) - len(fitted),
        "mean_estimate": fitted["estimate"].mean(),
        "bias": error.mean(),
        "median_bias": error.median(),
        "rmse": float(np.sqrt((error**2).mean())),
        "coverage": fitted["covers"].mean(),
        "power": fitted["rejects"].mean(),
    })  # fmt: skip
