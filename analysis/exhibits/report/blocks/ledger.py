"""The ledger as a table to filter, sort and search; each row opens its derivation."""

from collections import defaultdict
from collections.abc import Mapping
from html import escape
from itertools import groupby
from operator import itemgetter

from analysis.exhibits.report.exhibits import Report
from analysis.exhibits.report.markup import scrolling
from analysis.exhibits.report.prose import Rows
from analysis.exhibits.report.verdicts import CLAIMS, SIGNS, badge, is_provisional, words_of
from analysis.exhibits.report.words import WITHOUT_SCRIPT
from analysis.exhibits.statement_words import STATED, UNITS
from analysis.exhibits.words import STATUS_SHORT, STEP_ROLES
from analysis.messages import Text

DERIVATIONS, FLIPS = "reports/results/derivations.csv", "reports/results/flip_distances.csv"
INPUTS = (CLAIMS, DERIVATIONS, FLIPS)
NAME = Text("Statements and verdicts", "陈述与结论")
HEADINGS = {
    "section": Text("§", "节"),
    "statement": Text("Statement (in our words)", "陈述（转述）"),
    "stated": Text("Stated", "文中"),
    "recomputed": Text("Recomputed", "复算"),
    "verdict": Text("Verdict", "结论"),
    "status": Text("Data", "数据"),
}
SEARCH = Text("Search the statements", "检索陈述")
VERDICT = Text("Verdict", "结论")
ALL = Text("all", "全部")
ONLY_PROVISIONAL = Text("provisional only", "只看暂定")
COUNT = Text("{shown} of {all} statements", "显示 {shown}/{all} 条")
OPEN = Text("Derivation of: {statement}", "推导：{statement}")
NONE = Text("No statement matches.", "没有符合条件的陈述。")
FLIP = Text("Smallest change", "最小变动")
FLIPPED = Text(
    "{input}: {change} ({percent} %) makes it “{verdict}”",
    "{input}：变动 {change}（{percent}%）则为“{verdict}”",
)
DECIMALS = 4


def html(report: Report, language: str) -> str:
    """Return the controls and the table."""
    steps, flips = _by_claim(report.results[DERIVATIONS]), _by_claim(report.results[FLIPS])
    rows = sorted(report.results[CLAIMS], key=lambda row: row["section"])
    bodies = "\n".join(
        _body(row, steps[row["claim_id"]], flips[row["claim_id"]], language) for row in rows
    )
    head = "".join(_heading(key, text, language) for key, text in HEADINGS.items())
    table = (
        f'<table id="ledger-table"><thead><tr>{head}</tr></thead>\n{bodies}\n</table>\n'
        f'<p id="ledger-none" hidden>{NONE.in_language(language)}</p>'
    )
    return _controls(rows, language) + scrolling(table, NAME.in_language(language))


def _by_claim(rows: Rows) -> Mapping[str, list[Mapping[str, str]]]:
    found: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in rows:
        found[row["claim_id"]].append(row)
    return found


def _controls(rows: Rows, language: str) -> str:
    present = {row["verdict"] for row in rows}
    options = "".join(
        f'<option value="{verdict or "derived"}">{SIGNS[verdict]} '
        f"{escape(words_of(verdict).in_language(language))}</option>"
        for verdict in SIGNS
        if verdict in present
    )
    return (
        f'<form class="controls" id="ledger-controls" role="search"><label>'
        f'{SEARCH.in_language(language)} <input type="search" name="words"></label>'
        f"<label>{VERDICT.in_language(language)} <select name=verdict><option value=''>"
        f"{ALL.in_language(language)}</option>{options}</select></label>"
        f'<label class="tick"><input type="checkbox" name="provisional"> '
        f"{ONLY_PROVISIONAL.in_language(language)}</label>"
        f'<output data-words="{COUNT.in_language(language)}">'
        f"{COUNT.in_language(language).format(shown=len(rows), all=len(rows))}</output></form>\n"
        f"<noscript><p>{WITHOUT_SCRIPT.in_language(language)}</p></noscript>\n"
    )


def _heading(key: str, text: Text, language: str) -> str:
    word = escape(text.in_language(language))
    return f'<th scope="col"><button type="button" data-sort="{key}">{word}</button></th>'


def _body(row: Mapping[str, str], steps: Rows, flips: Rows, language: str) -> str:
    key, verdict = escape(row["claim_id"]), row["verdict"]
    statement = escape(row[f"statement_{language}"])
    name = OPEN.in_language(language).format(statement=statement)
    stated, unit = _word(STATED, row["stated"], language), _word(UNITS, row["unit"], language)
    status = STATUS_SHORT.get(row["inputs_status"], Text("", "")).in_language(language)
    return (
        f'<tbody id="claim-{key}" data-verdict="{verdict or "derived"}" '
        f'data-order="{list(SIGNS).index(verdict)}" data-provisional="{is_provisional(row)}">'
        f"<tr><td>{escape(row['section'])}</td>"
        f'<td class="statement"><button type="button" class="unfold" aria-expanded="true" '
        f'aria-controls="why-{key}" aria-label="{name}">{statement}</button></td>'
        f'<td data-label="{HEADINGS["stated"].in_language(language)}">'
        f"{escape(stated)} <small>{escape(unit)}</small></td>"
        f'<td data-label="{HEADINGS["recomputed"].in_language(language)}">'
        f"{escape(_shorter(row['recomputed']))}</td>"
        f"<td>{badge(row, language)}</td><td><small>{escape(status)}</small></td></tr>\n"
        f'<tr class="why" id="why-{key}"><td colspan="{len(HEADINGS)}">'
        f"{_derivation(steps, flips, language)}</td></tr></tbody>"
    )


def _word(words: Mapping[str, Text], text: str, language: str) -> str:
    return words[text].in_language(language) if text in words else text


def _shorter(text: str) -> str:
    """Return a number with few decimals, anything else as it is."""
    try:
        return f"{float(text):.{DECIMALS}f}".rstrip("0").rstrip(".")
    except ValueError:
        return text


def _derivation(steps: Rows, flips: Rows, language: str) -> str:
    """Return the steps under the names of their roles; a role's name stands once."""
    named = [(STEP_ROLES[step["role"]], _step(step, language)) for step in steps]
    named += [(FLIP, _flip(flip, language)) for flip in flips if flip["flip_percent"]]
    groups = groupby(named, key=itemgetter(0))
    items = "".join(
        f"<dt>{role.in_language(language)}</dt>" + "".join(f"<dd>{said}</dd>" for _, said in group)
        for role, group in groups
    )
    return f"<dl>{items}</dl>"


def _step(step: Mapping[str, str], language: str) -> str:
    shows = step["value"] and step["role"] in ("input", "definition")
    value = f" <b>{escape(step['value'])}</b>" if shows else ""
    status = ""
    if step["status"] and step["role"] == "input":
        status = f" <small>{escape(STATUS_SHORT[step['status']].in_language(language))}</small>"
    return f"{escape(step[f'text_{language}'])}{value}{status}"


def _flip(flip: Mapping[str, str], language: str) -> str:
    said = FLIPPED.in_language(language).format(
        input=flip[f"input_{language}"],
        change=f"{float(flip['flip']):+,.6g}",
        percent=f"{float(flip['flip_percent']):+.3g}",
        verdict=words_of(flip["new_verdict"]).in_language(language),
    )
    return escape(said)
