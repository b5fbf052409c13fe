"""``benchmarks``: refit the published tables and say which printed numbers are met."""

import argparse

from analysis.files import read_rows
from analysis.messages import Text
from analysis.paths import RESULTS
from analysis.pipeline.commands.building import build_showing
from analysis.pipeline.plan import tasks_for

DIFFERS = Text(
    "  {benchmark} {quantity}: published {published}, measured {measured} {note}",
    "  {benchmark} {quantity}：已发表 {published}，复算 {measured} {note}",
)
SUMMARY = Text(
    "{served} of {total} published numbers are served by an estimator; {agree} agree to the "
    "printed digits. Under the nearest wrong covariance {wrong} standard errors would not.",
    "{total} 个已发表数字中有 {served} 个可由现有估计方法复算，{agree} 个在所载位数上一致；"
    "若误用最接近的另一种协方差，其中 {wrong} 个标准误将不符。",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take no arguments of its own."""


def run(options: argparse.Namespace) -> int:
    """Fit, list what differs, and print the counts."""
    _, code = build_showing(tasks_for("benchmarks"), options.lang)
    if code:
        return code
    rows = read_rows(RESULTS / "benchmarks.csv")
    served = [row for row in rows if row["agrees"]]
    for row in served:
        if row["agrees"] != "true":
            print(DIFFERS.in_language(options.lang).format(**row))
    print(
        SUMMARY.in_language(options.lang).format(
            served=len(served),
            total=len(rows),
            agree=sum(row["agrees"] == "true" for row in served),
            wrong=sum(row["agrees_otherwise"] == "false" for row in served),
        )
    )
    return 0
