"""Parquet files that comparisons read: written once a run, block by block, gone with it.

The environment variable JIELI_BENCH_FOLDER names the run's folder, so that its processes share the
files; without it a process has a folder of its own.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

FOLDER = "JIELI_BENCH_FOLDER"
# disk that a row of doubles and small integers takes at most, and what is left for others
BYTES_A_ROW, SPARE_BYTES = 160, 2 * 2**30


def parquet_file(name: str, n: int, blocks: Iterable["pd.DataFrame"]) -> Path:
    """Return the file of that name and size, written from ``blocks`` unless the run has it.

    Raises
    ------
    OSError
        If the disk has too little room.
    """
    path = _folder() / f"{name}_{n}.parquet"
    if not path.exists():
        _require_room(path.parent, n)
        _write(path, blocks)
    return path


def _folder() -> Path:
    if FOLDER not in os.environ:
        os.environ[FOLDER] = tempfile.mkdtemp()
        atexit.register(shutil.rmtree, os.environ[FOLDER], ignore_errors=True)
    return Path(os.environ[FOLDER])


def _require_room(folder: Path, n: int) -> None:
    needed, free = n * BYTES_A_ROW + SPARE_BYTES, shutil.disk_usage(folder).free
    if free < needed:
        raise OSError(f"{needed / 2**30:.0f} GiB of disk needed, {free / 2**30:.0f} free")


def _write(path: Path, blocks: Iterable["pd.DataFrame"]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    unfinished, writer = path.with_suffix(f".{os.getpid()}"), None
    for block in blocks:
        table = pa.Table.from_pandas(block, preserve_index=False)
        writer = writer or pq.ParquetWriter(unfinished, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()
        unfinished.replace(path)
