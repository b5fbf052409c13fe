"""The ledger: every statement, recomputed where it can be, its verdict and how firm that is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.claims.claim import all_claims
from analysis.claims.decide import NO_TEXT, Check, Decision, Reading, decide
from analysis.claims.flips import flips
from analysis.claims.inputs import Facts, Statement
from analysis.claims.wording import interval, number, qualified
from analysis.messages import Text, UserError
from analysis.status import is_provisional

CLAIM_COLUMNS = [
    "claim_id",
    "section",
    "kind",
    "statement_en",
    "statement_zh",
    "stated",
    "unit",
    "recomputed",
    "definition",
    "verdict",
    "note",
    "sensitivity",
    "inputs_status",
    "provisional",
]
FLIP_COLUMNS = [
    "claim_id",
    "verdict",
    "input",
    "input_en",
    "input_zh",
    "value",
    "flip",
    "flip_percent",
    "new_verdict",
    "new_definition",
    "status",
]
DERIVED = "derived"
NOTHING = Check((), (), None)


@dataclass(frozen=True)
class Entry:
    """One statement with what was computed for it and what was decided."""

    statement: Statement
    check: Check
    decision: Decision

    @property
    def verdict(self) -> str:
        """The verdict; empty for what the package derived itself."""
        return "" if self.statement.kind == DERIVED else self.decision.verdict


def entries(facts: Facts) -> list[Entry]:
    """Return an entry for every statement, in the article's order.

    A statement without a function of its own has nothing to recompute it from; the same rule
    then decides.

    Raises
    ------
    UserError
        If a function names a claim that is not among the statements.
    """
    functions = all_claims()
    unknown = set(functions) - set(facts.statements)
    if unknown:
        raise UserError("claim_without_statement", value=", ".join(sorted(unknown)))
    return [
        _entry(statement, functions[claim_id](facts) if claim_id in functions else NOTHING)
        for claim_id, statement in facts.statements.items()
    ]


def _entry(statement: Statement, check: Check) -> Entry:
    return Entry(statement, check, decide(check))


def ledger_table(ledger: Iterable[Entry]) -> pd.DataFrame:
    """Return the ledger (columns ``CLAIM_COLUMNS``), one row a statement."""
    return pd.DataFrame([_row(entry) for entry in ledger], columns=CLAIM_COLUMNS)


def _row(entry: Entry) -> dict[str, object]:
    statement, reading = entry.statement, entry.decision.reading
    return {
        "claim_id": statement.claim_id,
        "section": statement.section,
        "kind": statement.kind,
        "statement_en": statement.text.en,
        "statement_zh": statement.text.zh,
        "stated": statement.stated,
        "unit": statement.unit,
        "recomputed": entry.check.shown(reading.at_face_value) if reading else "",
        "definition": _definition(reading),
        "verdict": entry.verdict,
        "note": note(entry).en,
        "sensitivity": sensitivity(entry),
        "inputs_status": entry.check.status,
        "provisional": is_provisional(entry.check.status),
    }


def _definition(reading: Reading | None) -> str:
    if reading is None:
        return ""
    suffix = qualified(reading).en.removeprefix(reading.definition.label.en)
    return reading.definition.name + suffix


def note(entry: Entry) -> Text:
    """Return the claim's own note, and for what cannot be checked what it would take."""
    parts = [entry.check.note]
    if entry.verdict == "not_checkable":
        parts.append(entry.statement.needs)
    filled = [part for part in parts if part != NO_TEXT]
    return Text(" ".join(part.en for part in filled), "".join(p.zh for p in filled))


def sensitivity(entry: Entry) -> str:
    """Return what other values, definitions and vintages give, in one line."""
    parts = _tried(entry)
    for reading in entry.decision.readings:
        span = interval(reading.low, reading.high).en
        if reading is not entry.decision.reading:
            parts.append(f"{reading.definition.name} {span}")
        elif span != number(reading.at_face_value):
            parts.insert(0, f"over the rounding of the inputs {span}")
    parts += [f"with {value} for {key}: {verdict}" for key, value, verdict in vintages(entry)]
    return "; ".join(parts)


def _tried(entry: Entry) -> list[str]:
    """Say how many definitions were tried and which satisfy; nothing where there is only one."""
    readings = entry.decision.readings
    if entry.check.accepted is None or len(readings) < 2:
        return []
    names = [reading.definition.name for reading in readings if reading.outcome != "none"]
    return [f"{len(readings)} definitions tried, satisfied by {', '.join(names) or 'none'}"]


def vintages(entry: Entry) -> list[tuple[str, str, str]]:
    """Return (input, value, verdict) for every other printed value of an input."""
    found: list[tuple[str, str, str]] = []
    for known in entry.check.inputs:
        for value in known.other_vintages:
            verdict = decide(entry.check.with_input(known.moved_to(value))).verdict
            found.append((known.key, number(value), verdict))
    return found


def flip_table(ledger: Iterable[Entry]) -> pd.DataFrame:
    """Return for each scored statement and input the nearest change that alters the verdict.

    Columns ``FLIP_COLUMNS``; ``flip`` is signed and in the input's unit, empty where moving the
    input by its own size alters nothing.
    """
    rows = [
        row for entry in ledger if could_have_failed(entry.verdict) for row in _flip_rows(entry)
    ]
    return pd.DataFrame(rows, columns=FLIP_COLUMNS)


def _flip_rows(entry: Entry) -> Iterable[dict[str, object]]:
    nearest = flips(entry.check)
    for known in entry.check.inputs:
        flip = nearest[known.key]
        yield {
            "claim_id": entry.statement.claim_id,
            "verdict": entry.verdict,
            "input": known.key,
            "input_en": known.label.en,
            "input_zh": known.label.zh,
            "value": known.value,
            "flip": flip.change if flip else None,
            "flip_percent": 100.0 * flip.change / known.value if flip and known.value else None,
            "new_verdict": flip.verdict if flip else "",
            "new_definition": flip.definition if flip else "",
            "status": known.status,
        }


def could_have_failed(verdict: str) -> bool:
    """Tell whether a statement with this verdict was open to failing: the only ones counted."""
    return verdict in ("reproduced", "reproduced_under_definition", "not_reproduced")


def counts(rows: Iterable[Mapping[str, object]]) -> dict[tuple[str, bool], int]:
    """Return the number of scored statements by (verdict, provisional) from ledger rows."""
    found: dict[tuple[str, bool], int] = {}
    for row in rows:
        if could_have_failed(str(row["verdict"])):
            key = (str(row["verdict"]), str(row["provisional"]).lower() == "true")
            found[key] = found.get(key, 0) + 1
    return found
