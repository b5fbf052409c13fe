"""The grades of trust, and how many of the figures on disputes and unions have each."""

from collections import Counter
from html import escape

from analysis.exhibits.report.exhibits import Report
from analysis.exhibits.report.markup import plain_table
from analysis.exhibits.words import STATUS_SHORT
from analysis.messages import Text
from analysis.status import LABELS, is_provisional

FIGURES = ("data/processed/national_disputes.csv", "data/processed/national_denominators.csv")
INPUTS = FIGURES
NAME = Text("Status of a figure", "数字的状态")
HEADINGS = (
    Text("Status", "状态"), Text("Meaning", "含义"), Text("Figures", "数字个数"),
    Text("A verdict that rests on it is", "据此得出的结论"),
)  # fmt: skip
SETTLED, PROVISIONAL = Text("settled", "已定"), Text("provisional", "暂定")


def html(report: Report, language: str) -> str:
    """Return a table of the statuses, strongest first."""
    count = Counter(row["status"] for file in FIGURES for row in report.results[file])
    rows = [
        (
            escape(STATUS_SHORT[status].in_language(language)),
            escape(label.in_language(language)),
            str(count[status]),
            (PROVISIONAL if is_provisional(status) else SETTLED).in_language(language),
        )
        for status, label in LABELS.items()
    ]
    headings = [text.in_language(language) for text in HEADINGS]
    return plain_table(headings, rows, NAME.in_language(language))
