"""The committed tree held against its manifest: what was edited by hand since it was built."""

import os
from collections.abc import Iterator
from pathlib import Path

from analysis.files import read_rows, sha256
from analysis.messages import Text
from analysis.paths import REPORTS
from analysis.pipeline.manifest import LOCAL, is_compared

EDITED = Text("edited since it was built", "生成后被改动")
GONE = Text("listed but not there", "清单所列文件不存在")
UNLISTED = Text("not in the manifest", "不在清单中")


def edited_files(reports: Path) -> dict[str, Text]:
    """Return what is wrong with each file of ``reports`` by its name there; empty when all is well.

    What depends on a user's own data (reports/local) is not looked at.

    Raises
    ------
    UserError
        If there is no manifest, or it cannot be read.
    """
    listed = {row["file"]: row["sha256"] for row in read_rows(reports / "manifest.csv")}
    found = {path.relative_to(reports).as_posix(): path for path in _files(reports)}
    wrong = {name: GONE for name in listed if name not in found}
    wrong |= {
        name: UNLISTED for name in found if name not in listed and is_compared(REPORTS / name)
    }
    wrong |= {n: EDITED for n, h in listed.items() if n in found and sha256(found[n]) != h}
    return dict(sorted(wrong.items()))


def _files(reports: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(reports):
        if Path(folder) == reports:
            folders[:] = [name for name in folders if name != LOCAL.name]
        # names beginning with a dot are the operating system's own
        yield from (Path(folder) / name for name in names if not name.startswith("."))
