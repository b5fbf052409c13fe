"""``verify``: rebuild everything in an empty tree and compare it with the committed reports."""

import argparse
import platform
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.files import write_all
from analysis.messages import Text, UserError
from analysis.paths import REPORTS, RESULTS
from analysis.verification.edited import edited_files
from analysis.verification.exhibits import Exhibit, by_exhibit
from analysis.verification.files import compare_file
from analysis.verification.tree import empty_tree, rebuild
from analysis.verification.verdicts import WORDS, Verdict

if TYPE_CHECKING:
    import pandas as pd

RECORD = RESULTS / "verification.csv"
LIBRARIES = ("numpy", "pandas", "scipy", "statsmodels", "linearmodels", "matplotlib")
REBUILDING = Text("Rebuilding everything in an empty tree ...", "正在空目录中重建全部结果……")
ALL_WELL = Text("As built: all {count} files.", "{count} 个文件均与生成时一致。")
SUMMARY = Text(
    "{exhibits} exhibits: {counts}. Rebuilt in {seconds:.0f} s. Written: {file}",
    "{exhibits} 项：{counts}。重建用时 {seconds:.0f} 秒。已写入：{file}",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add a tree that was rebuilt already."""
    parser.add_argument(
        "--rebuilt", type=Path, help="compare with the reports of this tree; rebuild nothing"
    )


def run(options: argparse.Namespace) -> int:
    """Print the verdicts and write them; 0 when all is reproduced, 1 when something is not."""
    language = options.lang
    edited = edited_files(REPORTS)
    for name, what in edited.items():
        print(f"  {name}: {what.in_language(language)}")
    started = time.perf_counter()
    exhibits = _compared(options.rebuilt, language)
    seconds = time.perf_counter() - started
    for exhibit in exhibits:
        print(line_of(exhibit, language))
    write_all({RECORD: _record(exhibits, seconds)})
    print(_summary(exhibits, seconds, language))
    failed = any(exhibit.verdict > Verdict.MINOR for exhibit in exhibits)
    return 1 if failed or edited else 0


def _compared(rebuilt: Path | None, language: str) -> list[Exhibit]:
    if rebuilt is not None:
        return compare_trees(REPORTS, rebuilt / "reports")
    with tempfile.TemporaryDirectory(prefix="jieli-verify-") as folder:
        print(REBUILDING.in_language(language), flush=True)
        tree = empty_tree(Path(folder))
        if rebuild(tree):
            raise UserError("not_rebuilt")
        return compare_trees(REPORTS, tree / "reports")


def compare_trees(committed: Path, rebuilt: Path) -> list[Exhibit]:
    """Compare two reports folders file by file, as their manifests list them.

    Raises
    ------
    UserError
        If one of them has no manifest.
    """
    names = sorted({name for tree in (committed, rebuilt) for name in _listed(tree)})
    return by_exhibit(
        compare_file(name, _bytes(committed / name), _bytes(rebuilt / name)) for name in names
    )


def _listed(reports: Path) -> list[str]:
    from analysis.files import read_rows

    return [row["file"] for row in read_rows(reports / "manifest.csv")]


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def line_of(exhibit: Exhibit, language: str) -> str:
    """Return an exhibit's verdict in one line: the largest difference and where it is."""
    worst = exhibit.worst
    parts = [f"  {WORDS[exhibit.verdict].in_language(language)}: {exhibit.name}"]
    if worst.verdict is not Verdict.REPRODUCED:
        parts += [f"{worst.file}: {worst.place}", f"{worst.largest:.2g}"]
    return "; ".join(filter(None, [*parts, worst.note]))


def _summary(exhibits: list[Exhibit], seconds: float, language: str) -> str:
    counts = ", ".join(
        f"{WORDS[verdict].in_language(language)} {number}"
        for verdict in Verdict
        if (number := sum(exhibit.verdict is verdict for exhibit in exhibits))
    )
    return SUMMARY.in_language(language).format(
        exhibits=len(exhibits),
        counts=counts,
        seconds=seconds,
        file="reports/results/verification.csv",
    )


def _record(exhibits: list[Exhibit], seconds: float) -> bytes:
    from analysis.tabular import as_bytes

    return as_bytes(_record_table(exhibits, seconds))


def _record_table(exhibits: list[Exhibit], seconds: float) -> "pd.DataFrame":
    import pandas as pd

    rows = [
        (e.name, e.files, WORDS[e.verdict].en, f"{e.worst.largest:.3g}", e.worst.file,
         e.worst.place, e.worst.note)
        for e in exhibits
    ]  # fmt: skip
    columns = ["exhibit", "files", "verdict", "largest_difference", "file", "place", "note"]
    return pd.DataFrame(rows, columns=columns).assign(
        machine=f"{platform.system()} {platform.machine()}",
        versions=_versions(),
        verified_on=datetime.now(UTC).date().isoformat(),
        seconds=round(seconds, 1),
    )


def _versions() -> str:
    from importlib import metadata

    named = [f"python {platform.python_version()}"]
    return "; ".join([*named, *(f"{name} {metadata.version(name)}" for name in LIBRARIES)])
