"""Partitioned Parquet, a file a share, here or on a cluster; a killed run continues.

Each share's sums are saved as they arrive, whole or not at all, in a folder named by what they
are sums of: the files (path, size, time of change), the plan, the block size and this room's
code. A run that was killed takes up what is there; a finished one removes the folder. Levels of an
absorbed effect that are no plain numbers are not saved (that would take pickling).
"""

import hashlib
import io
import shutil
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from analysis.effects.cross_products.parquet import look_at_parquet, partition_sums, partitions
from analysis.effects.cross_products.plan import BLOCK_ROWS, Plan, added_up, layout_of
from analysis.effects.cross_products.tensor import CrossProducts, Layout, Sums, finished
from analysis.effects.workers import spread
from analysis.files import write_all
from analysis.paths import STATE

SAVED = (
    "gram", "rows", "weight", "levels", "level_cells", "level_weight", "level_sums",
)  # fmt: skip
SECONDS_UNSEEN = 2.0


def from_partitions(
    plan: Plan, files: str | Path, rows: int = BLOCK_ROWS, state: Path = STATE / "cross_products"
) -> CrossProducts:
    """Return the tensor of the Parquet files behind a path, a pattern or a folder.

    Raises
    ------
    UserError
        As ``from_parquet``; if the cluster does not answer.
    """
    return finished(sums_of_partitions(plan, files, rows, state))


def sums_of_partitions(
    plan: Plan, files: str | Path, rows: int = BLOCK_ROWS, state: Path = STATE / "cross_products"
) -> Sums:
    """Return the sums of the files; ``finished`` makes one sample's tensor of them.

    Raises
    ------
    UserError
        As ``from_partitions``, but for what only the whole can show (an effect not nested).
    """
    from tqdm import tqdm

    look, shares = look_at_parquet(plan, files), partitions(files)
    layout, _ = layout_of(plan, look)
    folder = state / identity(plan, shares, rows)
    work = partial(partition_sums, plan, look, rows=rows)
    sums = _sums(work, shares, layout, folder)
    whole = added_up(
        iter(
            tqdm(
                sums, desc="cross-products", total=len(shares), delay=SECONDS_UNSEEN, leave=False,
                disable=None,
            )
        )
    )  # fmt: skip
    shutil.rmtree(folder, ignore_errors=True)
    return whole


def identity(plan: Plan, shares: Sequence[str], rows: int) -> str:
    """Return the name of what is added up: files, plan, block size and code."""
    digest = hashlib.sha256(repr((plan, rows)).encode())
    for share in shares:
        about = Path(share).stat()
        digest.update(f"{Path(share).resolve()} {about.st_size} {about.st_mtime_ns}\n".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:32]


def _sums(work: partial, shares: Sequence[str], layout: Layout, folder: Path) -> Iterator[Sums]:
    """Yield each share's sums in the order of the shares, those not saved worked out."""
    places = {share: folder / f"{j:06d}.npz" for j, share in enumerate(shares)}
    fresh = spread(work, [share for share in shares if not places[share].exists()])
    for place in places.values():
        if place.exists():
            with np.load(place, allow_pickle=False) as saved:
                yield Sums(layout, *(saved[name] for name in SAVED))
        else:
            sums = next(fresh)
            _save(place, sums)
            yield sums


def _save(place: Path, sums: Sums) -> None:
    if sums.levels.dtype.hasobject:
        return
    stream = io.BytesIO()
    np.savez(stream, **{name: getattr(sums, name) for name in SAVED})
    write_all({place: stream.getvalue()})
