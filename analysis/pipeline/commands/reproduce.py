"""``reproduce [figures|tables|report]``: build everything, or one kind, and say what came of it."""

import argparse
import time

from analysis.exhibits.fonts import chinese_font_name
from analysis.files import read_rows
from analysis.messages import Text, message
from analysis.paths import REPORTS, relative
from analysis.pipeline.commands.building import build_showing
from analysis.pipeline.places import SUMMARY
from analysis.pipeline.plan import remarks, tasks_for

KINDS = ("figures", "tables", "report")
NOTHING = Text("Everything is up to date ({count} tasks).", "全部结果均为最新（{count} 项任务）。")
DONE = Text(
    "Built {ran} of {count} tasks in {seconds:.1f} s.",
    "共 {count} 项任务，重建 {ran} 项，用时 {seconds:.1f} 秒。",
)
LOOK = Text(
    "Open {reports}/index.html in a browser; files in {reports}/figures, {reports}/tables, "
    "{reports}/results; python -m analysis claims prints the ledger.",
    "用浏览器打开 {reports}/index.html；文件见 {reports}/figures、{reports}/tables、"
    "{reports}/results；python -m analysis claims --lang zh 可查看核对表。",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the kind of exhibit to build."""
    parser.add_argument("kind", nargs="?", choices=KINDS, help="build these exhibits only")


def run(options: argparse.Namespace) -> int:
    """Build and print a short summary."""
    started = time.perf_counter()
    tasks = tasks_for(*filter(None, [options.kind]))
    built, code = build_showing(tasks, options.lang)
    if code:
        return code
    seconds = time.perf_counter() - started
    words = DONE if built.ran else NOTHING
    print(
        words.in_language(options.lang).format(
            ran=len(built.ran), count=len(tasks), seconds=seconds
        )
    )
    _print_ledger_line(options.lang)
    for line in remarks() if options.kind is None else ():
        print(line.in_language(options.lang))
    if options.kind != "tables" and not chinese_font_name():
        print(message("chinese_font", options.lang))
    print(LOOK.in_language(options.lang).format(reports=relative(REPORTS)))
    return 0


def _print_ledger_line(language: str) -> None:
    if SUMMARY.exists():
        print(read_rows(SUMMARY)[0][f"text_{language}"])
