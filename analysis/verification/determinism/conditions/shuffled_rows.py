"""The rows of every raw table in another order, its sidecar sealed again."""

import csv
import io
import random
from pathlib import Path

from analysis.messages import Text
from analysis.sources.provenance import renewed_sidecar, sidecar_path
from analysis.sources.raw import file_of, table_names
from analysis.verification.determinism.condition import Plan
from analysis.verification.tree import empty_tree

ABOUT = Text("rows of all raw tables shuffled", "全部原始表的行随机重排")
SEED = 20170101


def prepare(folder: Path) -> Plan:
    """Shuffle the rows of each raw table that this package reads."""
    tree = empty_tree(folder)
    order = random.Random(SEED)
    for name in table_names():
        _shuffle(tree / "data" / "raw" / file_of(name), order)
    return Plan(tree)


def _shuffle(path: Path, order: random.Random) -> None:
    content = shuffled(path.read_text(encoding="utf-8"), order).encode("utf-8")
    sidecar_path(path).write_bytes(renewed_sidecar(path, content, "rows shuffled"))
    path.write_bytes(content)


def shuffled(text: str, order: random.Random) -> str:
    """Return a CSV text with its header in place and its rows in another order."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    order.shuffle(rows)
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows([header, *rows])
    return buffer.getvalue()
