"""What regional figures do not yet allow, and what is missing for it."""

from html import escape

from analysis.exhibits.report.exhibits import Report
from analysis.exhibits.report.markup import plain_table
from analysis.messages import Text

COVERAGE = "reports/results/regional_coverage.csv"
INPUTS = (COVERAGE,)
NAME = Text("What a region's data would add", "补充地区数据可得到什么")
HEADINGS = (Text("What could be made", "可得结果"), Text("What is missing", "尚缺"))
MORE = Text(" and {count} more", " 等 {count} 项")
SHOWN = 3


def html(report: Report, language: str) -> str:
    """Return a table of reasons, each with what it keeps from being made."""
    waiting: dict[str, list[str]] = {}
    for row in report.results[COVERAGE]:
        if row["made"] == "false":
            waiting.setdefault(row[f"reason_{language}"], []).append(row["exhibit"])
    rows = [(_named(names, language), escape(reason)) for reason, names in waiting.items()]
    headings = [text.in_language(language) for text in HEADINGS]
    return plain_table(headings, rows, NAME.in_language(language))


def _named(names: list[str], language: str) -> str:
    shown = ", ".join(f"<code>{escape(name)}</code>" for name in names[:SHOWN])
    more = MORE.in_language(language).format(count=len(names)) if len(names) > SHOWN else ""
    return shown + more
