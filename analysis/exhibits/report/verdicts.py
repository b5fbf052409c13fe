"""The ledger's verdicts as the page marks them: a sign and a word beside the colour."""

from collections.abc import Mapping, Sequence
from html import escape

from analysis.exhibits.report.prose import Results, Rows
from analysis.exhibits.words import VERDICTS
from analysis.messages import Text

CLAIMS = "reports/results/claims.csv"
# colour is never alone in telling them apart
SIGNS = {
    "reproduced": "✓",
    "reproduced_under_definition": "≈",
    "not_reproduced": "✗",
    "not_checkable": "–",
    "": "+",
}
DERIVED = Text("derived, not the author’s", "推算值，非作者陈述")
PROVISIONAL = Text("provisional", "暂定")


def words_of(verdict: str) -> Text:
    """Return a verdict in words."""
    return VERDICTS.get(verdict, DERIVED)


def css_class(verdict: str) -> str:
    """Return the verdict's class."""
    return f"v-{verdict or 'derived'}"


def badge(row: Mapping[str, str], language: str) -> str:
    """Return a claim's verdict: sign, word, and whether it is provisional."""
    verdict = row["verdict"]
    word = escape(words_of(verdict).in_language(language))
    firm = f" · {PROVISIONAL.in_language(language)}" if is_provisional(row) else ""
    return (
        f'<span class="badge {css_class(verdict)}"><i aria-hidden="true">{SIGNS[verdict]}</i>'
        f"{word}{firm}</span>"
    )


def is_provisional(row: Mapping[str, str]) -> bool:
    """Tell whether a statement that could have failed rests on a figure that is not verified."""
    return row["provisional"] == "true" and row["verdict"] not in ("", "not_checkable")


def own_statements(results: Results) -> Rows:
    """Return the author's statements, without the numbers that this package derives."""
    return [row for row in results[CLAIMS] if row["verdict"]]


def grouped(rows: Rows) -> dict[str, Sequence[Mapping[str, str]]]:
    """Return the statements that are settled, provisional and open."""
    tried = [row for row in rows if row["verdict"] != "not_checkable"]
    return {
        "settled": [row for row in tried if not is_provisional(row)],
        "provisional": [row for row in tried if is_provisional(row)],
        "open": [row for row in rows if row["verdict"] == "not_checkable"],
    }
