"""The finding in one screen: what of the article is settled, provisional, open; a tile each."""

from collections import Counter
from collections.abc import Mapping
from html import escape

from analysis.exhibits.report.exhibits import Report
from analysis.exhibits.report.prose import Rows
from analysis.exhibits.report.verdicts import (
    CLAIMS,
    SIGNS,
    css_class,
    grouped,
    own_statements,
    words_of,
)
from analysis.messages import Text

INPUTS = (CLAIMS,)
# statements on the dispute series speak for the rest where there is room for a few
KIND_SHOWN, SHOWN = "series", 4
HEADS = {
    "settled": (
        Text("Settled", "已定"),
        Text("Could have failed; every input is corroborated or better.",
             "可被证伪，且所依数字均至少有佐证。"),
    ),
    "provisional": (
        Text("Provisional", "暂定"),
        Text("Could have failed; rests on a figure that is still to be verified.",
             "可被证伪，但所依数字尚待核实。"),
    ),
    "open": (
        Text("Open", "存而不论"),
        Text("No public input independent of the statement decides it: a rule, a list, a date, an "
             "adjective. Counted neither for nor against the article.",
             "规则、列举、日期、形容之词，没有独立于陈述本身的公开依据可作判断；既不计为相符，也不计为不符。"),
    ),
}  # fmt: skip


def html(report: Report, language: str) -> str:
    """Return three cards side by side."""
    groups = grouped(own_statements(report.results))
    cards = "\n".join(_card(name, rows, language) for name, rows in groups.items())
    return f'<div class="cards">\n{cards}\n</div>'


def _card(name: str, rows: Rows, language: str) -> str:
    head, meaning = (text.in_language(language) for text in HEADS[name])
    tiles = "".join(_tile(row, language) for row in _by_verdict(rows))
    return (
        f'<article class="card {name}"><h3><span class="count">{len(rows)}</span> {head}</h3>\n'
        f'<p class="meaning">{meaning}</p>\n<p class="tiles">{tiles}</p>\n'
        f"{_composition(rows, language)}{_examples(rows, language)}</article>"
    )


def _by_verdict(rows: Rows) -> Rows:
    order = list(SIGNS)
    return sorted(rows, key=lambda row: order.index(row["verdict"]))


def _tile(row: Mapping[str, str], language: str) -> str:
    said = f"{words_of(row['verdict']).in_language(language)}: {row[f'statement_{language}']}"
    return (
        f'<a class="tile {css_class(row["verdict"])}" href="#claim-{escape(row["claim_id"])}" '
        f'title="{escape(said)}" aria-label="{escape(said)}">{SIGNS[row["verdict"]]}</a>'
    )


def _composition(rows: Rows, language: str) -> str:
    count = Counter(row["verdict"] for row in rows)
    if set(count) <= {"not_checkable"}:
        return ""
    parts = [
        f'<li><i class="key {css_class(verdict)}" aria-hidden="true">{SIGNS[verdict]}</i>'
        f"<b>{count[verdict]}</b> {escape(words_of(verdict).in_language(language))}</li>"
        for verdict in SIGNS
        if verdict not in ("", "not_checkable")
    ]
    return f'<ul class="composition">{"".join(parts)}</ul>\n'


def _examples(rows: Rows, language: str) -> str:
    shown = [row for row in rows if row["kind"] == KIND_SHOWN and row["verdict"] in _DECIDED]
    items = "".join(
        f'<li class="{css_class(row["verdict"])}"><a href="#claim-{escape(row["claim_id"])}">'
        f"{escape(row[f'statement_{language}'])}</a></li>"
        for row in shown[:SHOWN]
    )
    return f'<ul class="examples">{items}</ul>' if items else ""


_DECIDED = {"reproduced", "reproduced_under_definition", "not_reproduced"}
