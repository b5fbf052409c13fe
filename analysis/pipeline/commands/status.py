"""``status``: what is out of date and why; committed results behind their code; unsealed edits."""

import argparse
import sys

from analysis.messages import Text, UserError
from analysis.paths import relative
from analysis.pipeline.committed import behind
from analysis.pipeline.engine import Stale, explain
from analysis.pipeline.plan import all_tasks, swept

REASONS = {
    "input": Text("input changed: {what}", "输入有变：{what}"),
    "code": Text("code changed", "代码有变"),
    "library": Text("a library's version changed", "程序库版本有变"),
    "argument": Text("an argument changed", "参数有变"),
    "product_edited": Text("product edited by hand: {what}", "结果被手工改动：{what}"),
    "product_missing": Text("product missing: {what}", "结果缺失：{what}"),
    "never_built": Text("not built here yet", "尚未在本机生成"),
    "follows": Text("follows {what}", "随“{what}”而过期"),
}
CURRENT = Text("Up to date: all {count} tasks.", "全部 {count} 项任务均为最新。")
OUTDATED = Text(
    "Out of date: {stale} of {count} tasks. make reproduce builds them.",
    "{count} 项任务中有 {stale} 项过期，make reproduce 可重建。",
)
BEHIND = Text(
    "{file}: made on {day} by other code than today's; make {verb} renews it.",
    "{file}：{day} 由旧代码生成，make {verb} 可更新。",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take no arguments of its own."""


def run(options: argparse.Namespace) -> int:
    """Print the stale tasks with their reasons; 2 where data/raw is not as its sidecars say."""
    code = _check_raw()
    for line in swept():
        print(line.in_language(options.lang))
    tasks = all_tasks()
    stale = explain(tasks)
    for entry in stale:
        print(f"  {entry.task}: {describe(entry, options.lang)}")
    print_behind(options.lang)
    words = (OUTDATED if stale else CURRENT).in_language(options.lang)
    print(words.format(stale=len(stale), count=len(tasks)))
    return code


def print_behind(language: str) -> None:
    """Print a line on each committed result that today's code would not have made."""
    for one in behind():
        said = BEHIND.in_language(language)
        print("  " + said.format(file=relative(one.path), day=one.made_on, verb=one.verb))


def describe(entry: Stale, language: str) -> str:
    """Return a stale task's reasons as one line, each named once."""
    named = [REASONS[kind].in_language(language).format(what=what) for kind, what in entry.reasons]
    return "; ".join(dict.fromkeys(named))


def _check_raw() -> int:
    from analysis.sources.raw import check_raw

    try:
        check_raw()
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    return 0
