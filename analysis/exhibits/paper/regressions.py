"""Long rows of a regression table to headings and cells in one language."""

import re
from typing import TYPE_CHECKING, Any

from analysis.exhibits.paper.facts import Facts
from analysis.exhibits.paper.words import LINES, REASON, SEE_NOTE, STOCK_YOGO, TERMS
from analysis.exhibits.regression_table import Coefficient, Model, p_text, regression_table
from analysis.exhibits.regressions.names import REFERENCE
from analysis.exhibits.regressions.words import EFFECTS, MODEL, OUTCOME

if TYPE_CHECKING:
    import pandas as pd

WHOLE = ("n_obs", "n_clusters")
REFUSED = "refused"
# lines that are a p value themselves
P_VALUE = "_p"
CRITICAL = re.compile(r"stock_yogo_(size|bias)_(\d+)")
DUMMIES, ABSORBED = re.compile(r"C\((\w+).*\)"), re.compile(r"absorb\((\w+)\)")


def regression_cells(
    rows: "pd.DataFrame", facts: Facts, language: str
) -> tuple[list[str], list[list[str]]]:
    """Return headings and rows of text."""
    models = [_model(part, facts, language) for _, part in rows.groupby("column", sort=True)]
    terms = dict.fromkeys(rows.loc[rows["kind"] == "term", "key"])
    labels = {term: _term(term, facts, language) for term in terms}
    above = [OUTCOME.in_language(language)]
    titled = rows["heading_en"].ne(rows["outcome"].map(lambda name: facts.label(name, "en"))).any()
    above += [MODEL.in_language(language)] if titled else []
    found = dict.fromkeys(line for model in models for line in model.lines)
    order = _in_order(list(found), language)
    return regression_table(models, labels, above, facts.shown_stars, line_order=order)


def reasons(rows: "pd.DataFrame", language: str) -> list[str]:
    """Return why columns are empty, a sentence each, for the note; none of a flat table."""
    if "kind" not in rows or "column" not in rows:
        return []
    refused = rows[rows["kind"] == REFUSED]
    words = REASON.in_language(language)
    return [
        words.format(column=column, reason=reason.rstrip(".。"))
        for column, reason in zip(refused["column"], refused[f"text_{language}"], strict=True)
    ]


def _model(part: "pd.DataFrame", facts: Facts, language: str) -> Model:
    first = part.iloc[0]
    terms, lines = {}, {}
    for row in part.to_dict("records"):
        if row["kind"] == "term":
            p_value = _or_none(row.get("p_value")) if facts.shows_p else None
            terms[row["key"]] = Coefficient(row["estimate"], _or_none(row["std_error"]), p_value)
        else:
            lines[_line(row["key"], facts, language)] = _value(row, facts, language)
    headings = (facts.label(first["outcome"], language), first[f"heading_{language}"])
    return Model(headings, terms, lines)


def _in_order(lines: list[str], language: str) -> list[str]:
    """Put words (controls, effects) before numbers, numbers in the journals' order."""
    known = [text.in_language(language) for text in LINES.values()]
    return sorted(lines, key=lambda line: _place(line, known))


def _place(label: str, known: list[str]) -> float:
    if label in known:
        return float(known.index(label))
    # effects of dummies follow the controls, Stock and Yogo's values the F that they judge
    return list(LINES).index("kleibergen_paap_f") + 0.5 if label.startswith("Stock-Yogo") else 0.5


def _value(row: dict[str, Any], facts: Facts, language: str) -> str:
    if row["kind"] == REFUSED:
        return SEE_NOTE.in_language(language)
    if row["kind"] != "stat":
        return str(row[f"text_{language}"])
    number = row["estimate"]
    text = f"{number:,.0f}" if row["key"] in WHOLE else f"{number:.3f}"
    p_value = _or_none(row.get("p_value")) if facts.shows_p else None
    if row["key"].endswith(P_VALUE):
        return p_text(number)
    return text if p_value is None else f"{text} [p{_equal(p_text(p_value))}]"


def _equal(text: str) -> str:
    return text if text.startswith("<") else f"={text}"


def _line(key: str, facts: Facts, language: str) -> str:
    if key in LINES:
        return LINES[key].in_language(language)
    if found := ABSORBED.fullmatch(key):
        return EFFECTS.in_language(language).format(name=facts.label(found[1], language))
    if found := DUMMIES.fullmatch(key):
        return _dummies(found[1], facts, language)
    if found := CRITICAL.fullmatch(key):
        return STOCK_YOGO[found[1]].in_language(language).format(share=found[2])
    return key


def _dummies(column: str, facts: Facts, language: str) -> str:
    name = EFFECTS.in_language(language).format(name=facts.label(column, language))
    base = facts.bases.get(column)
    if base is None:
        return name
    return REFERENCE.in_language(language).format(name=name, base=base.in_language(language))


def _term(term: str, facts: Facts, language: str) -> str:
    return TERMS[term].in_language(language) if term in TERMS else facts.label(term, language)


def _or_none(value: Any) -> float | None:
    return None if value is None or value != value else float(value)
