"""The committed tree held against its manifest: what was edited by hand since it was built."""

from pathlib import Path

from analysis.files import read_rows, sha256
from analysis.messages import Text

EDITED = Text("edited since it was built", "生成后被改动")
GONE = Text("listed but not there", "清单所列文件不存在")
UNLISTED = Text("not in the manifest", "不在清单中")
LEFT_OUT = ("local/", "manifest.csv", "results/performance.csv", "results/verification.csv")


def edited_files(reports: Path) -> dict[str, Text]:
    """Return what is wrong with each file of ``reports`` by its name there; empty when all is well.

    Raises
    ------
    UserError
        If there is no manifest, or it cannot be read.
    """
    listed = {row["file"]: row["sha256"] for row in read_rows(reports / "manifest.csv")}
    found = {p.relative_to(reports).as_posix(): p for p in reports.rglob("*") if p.is_file()}
    wrong = {name: GONE for name in listed if name not in found}
    wrong |= {name: UNLISTED for name in found if name not in listed and not _left_out(name)}
    wrong |= {n: EDITED for n, h in listed.items() if n in found and sha256(found[n]) != h}
    return dict(sorted(wrong.items()))


def _left_out(name: str) -> bool:
    # names beginning with a dot are the operating system's own
    return name.startswith(LEFT_OUT) or name.rpartition("/")[2].startswith(".")
