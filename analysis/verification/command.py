"""``verify``: rebuild everything in an empty tree and compare it with the committed reports."""

import argparse
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.messages import Text, UserError
from analysis.paths import REPORTS, RESULTS, relative
from analysis.verification import record
from analysis.verification.comparison import (
    WORDS,
    Exhibit,
    Finding,
    Verdict,
    by_exhibit,
    compare_trees,
    edited_files,
)
from analysis.verification.sampled import SAMPLE_SEED, redone
from analysis.verification.tree import empty_tree, rebuild

if TYPE_CHECKING:
    import pandas as pd

RECORD = RESULTS / "verification.csv"
COLUMNS = ["exhibit", "files", "verdict", "largest_difference", "file", "place", "note"]
REBUILDING = Text("Rebuilding everything in an empty tree ...", "正在空目录中重建全部结果……")
SAMPLING = Text(
    "Redoing a sample of the long simulations (up to a minute) ...",
    "正在重做长时间模拟的一个样本（约一分钟）……",
)
SUMMARY = Text(
    "{exhibits} exhibits: {counts}. Written: {file}",
    "{exhibits} 项：{counts}。已写入：{file}",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add a tree that was rebuilt already, and the seed of the sample of long simulations."""
    parser.add_argument(
        "--rebuilt", type=Path, help="compare with the reports of this tree; rebuild nothing"
    )
    parser.add_argument(
        "--sample-seed", type=int, default=SAMPLE_SEED, help=f"of the sample ({SAMPLE_SEED})"
    )


def run(options: argparse.Namespace) -> int:
    """Print the verdicts and write them; 0 when all is reproduced, 1 when something is not."""
    language = options.lang
    edited = edited_files(REPORTS)
    for name, what in edited.items():
        print(f"  {name}: {what.in_language(language)}")
    findings, seconds = _found(options)
    exhibits = by_exhibit(findings)
    for exhibit in exhibits:
        print(line_of(exhibit, language))
    record.keep(RECORD, _record(exhibits, seconds))
    print(_summary(exhibits, language))
    failed = any(exhibit.verdict > Verdict.MINOR for exhibit in exhibits)
    return 1 if failed or edited else 0


def _found(options: argparse.Namespace) -> tuple[list[Finding], float | None]:
    """Return what came of every file, and the seconds that the rebuild took where there was one."""
    if options.rebuilt is not None:
        return compare_trees(REPORTS, options.rebuilt / "reports"), None
    with tempfile.TemporaryDirectory(prefix="jieli-verify-") as folder:
        print(REBUILDING.in_language(options.lang), flush=True)
        tree, started = empty_tree(Path(folder)), time.perf_counter()
        code, _ = rebuild(tree, lambda line: print(line, flush=True))
        if code:
            raise UserError("not_rebuilt")
        seconds = time.perf_counter() - started
        print(SAMPLING.in_language(options.lang), flush=True)
        sampled = redone(REPORTS, options.sample_seed)
        return [*sampled, *compare_trees(REPORTS, tree / "reports")], seconds


def line_of(exhibit: Exhibit, language: str) -> str:
    """Return an exhibit's verdict in one line: the largest difference and where it is."""
    worst = exhibit.worst
    verdict, name = (words.in_language(language) for words in (WORDS[worst.verdict], exhibit.name))
    parts = [f"  {verdict}: {name}"]
    if worst.verdict is not Verdict.REPRODUCED:
        parts += [f"{worst.file}: {worst.place.in_language(language)}", f"{worst.largest:.2g}"]
    return "; ".join(filter(None, [*parts, worst.note.in_language(language)]))


def _summary(exhibits: list[Exhibit], language: str) -> str:
    counts = ", ".join(
        f"{WORDS[verdict].in_language(language)} {number}"
        for verdict in Verdict
        if (number := sum(exhibit.verdict is verdict for exhibit in exhibits))
    )
    return SUMMARY.in_language(language).format(
        exhibits=len(exhibits), counts=counts, file=relative(RECORD)
    )


def _record(exhibits: list[Exhibit], seconds: float | None) -> bytes:
    from analysis.tabular import as_bytes

    return as_bytes(_record_table(exhibits, seconds))


def _record_table(exhibits: list[Exhibit], seconds: float | None) -> "pd.DataFrame":
    import pandas as pd

    rows = [
        (e.name.en, e.files, WORDS[e.verdict].en, f"{e.worst.largest:.3g}", e.worst.file,
         e.worst.place.en, e.worst.note.en)
        for e in exhibits
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS).assign(
        machine=record.machine(),
        versions=record.versions(),
        verified_on=record.today(),
        seconds=_whole(seconds),
        peak_mib=_whole(record.children_peak_mib()) if seconds else None,
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
