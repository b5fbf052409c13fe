"""A verdict step by step: statement, inputs, each definition worked out, the rule, what is left."""

from collections.abc import Iterable

import pandas as pd

from analysis.claims.ledger import DERIVED, Entry, note, vintages
from analysis.claims.wording import (
    OUTCOMES,
    PROVISIONAL,
    RULES,
    VERDICTS,
    interval,
    number,
    qualified,
)
from analysis.messages import Text
from analysis.status import LABELS, is_provisional

COLUMNS = ["claim_id", "step", "role", "text_en", "text_zh", "value", "status"]
Step = tuple[str, Text, str, str]


def derivation_table(ledger: Iterable[Entry]) -> pd.DataFrame:
    """Return every statement's steps (columns ``COLUMNS``), numbered from 1."""
    rows = [
        (entry.statement.claim_id, position, role, text.en, text.zh, value, status)
        for entry in ledger
        for position, (role, text, value, status) in enumerate(steps(entry), start=1)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def steps(entry: Entry) -> list[Step]:
    """Return (role, words, value, status) of each step."""
    return [
        ("statement", entry.statement.text, _stated(entry), ""),
        *_input_steps(entry),
        *_definition_steps(entry),
        ("verdict", _verdict(entry), entry.verdict, entry.check.status),
        *_note_steps(entry),
    ]


def _stated(entry: Entry) -> str:
    return f"{entry.statement.stated} {entry.statement.unit}".strip()


def _input_steps(entry: Entry) -> Iterable[Step]:
    for known in entry.check.inputs:
        label, span = known.label, interval(known.allowed.low, known.allowed.high)
        if not known.allowed.is_point:
            label = Text(f"{label.en} [{span.en}]", f"{label.zh}〔{span.zh}〕")
        yield "input", label, number(known.value), known.status


def _definition_steps(entry: Entry) -> Iterable[Step]:
    decides = entry.check.accepted is not None and entry.statement.kind != DERIVED
    for position, reading in enumerate(entry.decision.readings):
        label, span = reading.definition.label, interval(reading.low, reading.high)
        rank = Text(" (default)", "（默认）") if decides and position == 0 else Text("", "")
        result = OUTCOMES[reading.outcome] if decides else Text("", "")
        yield (
            "definition",
            Text(
                f"{label.en}{rank.en}" + (f": {result.en}" if decides else ""),
                f"{label.zh}{rank.zh}" + (f"：{result.zh}" if decides else ""),
            ),
            f"{number(reading.at_face_value)}" + ("" if _single(span) else f" [{span.en}]"),
            "",
        )


def _single(span: Text) -> bool:
    return " to " not in span.en


def _verdict(entry: Entry) -> Text:
    name, rule = VERDICTS[entry.verdict], RULES[entry.verdict]
    reading = entry.decision.reading
    which = qualified(reading) if reading else Text("", "")
    firm = PROVISIONAL if is_provisional(entry.check.status) else Text("", "")
    return Text(
        f"{name.en}{f' ({firm.en})' if firm.en else ''}. {rule.en.format(definition=which.en)}",
        f"{name.zh}{f'（{firm.zh}）' if firm.zh else ''}。{rule.zh.format(definition=which.zh)}",
    )


def _note_steps(entry: Entry) -> Iterable[Step]:
    for key, value, verdict in vintages(entry):
        name = VERDICTS[verdict]
        yield (
            "vintage",
            Text(f"With {value} for {key}: {name.en}", f"若 {key} 取 {value}：{name.zh}"),
            value,
            "",
        )
    words = note(entry)
    if words.en:
        yield "note", words, "", ""
    if entry.check.status:
        label = LABELS[entry.check.status]
        yield (
            "status",
            Text(f"Weakest input: {label.en}.", f"最弱的数据状态：{label.zh}。"),
            "",
            entry.check.status,
        )
