"""reports/manifest.csv: every committed file that a build makes or reads there, with its hash.

``verify`` holds the tree against it first: a figure, table or number edited by hand is named.
"""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from analysis.files import sha256, write_all
from analysis.paths import REPORTS, RESULTS
from analysis.pipeline.plan import all_tasks

MANIFEST = REPORTS / "manifest.csv"
LOCAL = REPORTS / "local"
# they say what was tried, when, how long it took and on which machine: never compared
NOT_COMPARED = (
    *(
        RESULTS / f"{name}.csv"
        for name in ("determinism", "faults", "fuzzing", "performance", "verification")
    ),
    REPORTS / "performance",
)
COLUMNS = ("file", "sha256", "bytes")


def is_compared(path: Path) -> bool:
    """Tell whether a file below reports/ is a result, not what a trial or a timing left."""
    return path != MANIFEST and not any(path.is_relative_to(place) for place in NOT_COMPARED)


def listed_files() -> list[Path]:
    """Return the files of the tasks below reports/ that exist and are compared, sorted."""
    tasks = all_tasks()
    paths = {path for task in tasks for path in (*task.products.values(), *task.inputs.values())}
    ours = (p for p in paths if p.is_relative_to(REPORTS) and not p.is_relative_to(LOCAL))
    return sorted(path for path in ours if is_compared(path) and path.is_file())


def manifest_of(paths: Iterable[Path]) -> bytes:
    """Return the manifest's text: file (from reports/), sha256, bytes."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for path in paths:
        name = path.relative_to(REPORTS).as_posix()
        writer.writerow((name, sha256(path), path.stat().st_size))
    return buffer.getvalue().encode("utf-8")


def write_manifest() -> None:
    """Bring the manifest up to what stands in reports/; leave it alone when it is.

    A build that was refused before anything was made leaves nothing behind.
    """
    if not REPORTS.exists():
        return
    content = manifest_of(listed_files())
    if not MANIFEST.exists() or MANIFEST.read_bytes() != content:
        write_all({MANIFEST: content})
