"""All designs as one long table: a row a fact."""

from collections.abc import Sequence

import pandas as pd

from analysis.effects.designs.design import FIELDS, Design, Fact

COLUMNS = ["study", "study_en", "study_zh", "cited", "survey", "identified", "field", "position",
           "text_en", "text_zh", "confidence", "uncertain", "address", "package"]  # fmt: skip


def facts_table(designs: Sequence[Design]) -> pd.DataFrame:
    """Return one row a study, field and fact (columns ``COLUMNS``).

    A field of which nothing is known keeps a row: position 0, no text, "not established".
    """
    rows = [row for design in designs for name in FIELDS for row in _rows(design, name)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _rows(design: Design, name: str) -> list[tuple[object, ...]]:
    head = (
        design.id, design.name.en, design.name.zh, design.cited, design.survey,
        str(design.identified).lower(), name,
    )  # fmt: skip
    facts = design.facts.get(name, ())
    if not facts:
        return [(*head, 0, "", "", "not established", "false", "", "")]
    return [(*head, place, *_cells(fact)) for place, fact in enumerate(facts, start=1)]


def _cells(fact: Fact) -> tuple[str, ...]:
    return (
        *fact.text, fact.confidence, str(fact.uncertain).lower(), fact.address,
        "; ".join(fact.package),
    )  # fmt: skip
