"""The harmonised survey described: numbers of each field by wave, the shares of each code."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis.sources.surveys.disclosure import FEWEST_PERSONS, may_be_shown
from analysis.sources.surveys.fields import FIELDS, Field

PERSON = "person_id"
COLUMNS = ["survey", "wave", "field", "code", "n", "mean", "sd", "share"]
# what numbers rows, persons and places describes nothing
LEFT_OUT = ("survey", "wave", "simulated", "weight")


def description_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows of ``COLUMNS``: a number's mean and sd, a code's share of the answers.

    Of a survey that is not simulated, what under ten persons share is left empty.
    """
    rows = [
        row
        for wave, part in frame.groupby("wave", sort=True)
        for field in FIELDS.values()
        for row in _rows(field, part.reset_index(drop=True))
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _rows(field: Field, part: pd.DataFrame) -> Iterator[dict[str, Any]]:
    values = part[field.name]
    if field.name in LEFT_OUT or not values.notna().any():
        return
    about = {"survey": part["survey"].iloc[0], "wave": int(part["wave"].iloc[0]),
             "field": field.name}  # fmt: skip
    if field.kind in ("binary", "number"):
        yield about | _moments(values, part)
    elif field.codes:
        yield from (about | row for row in _shares(values, part))


def _moments(values: pd.Series, part: pd.DataFrame) -> dict[str, Any]:
    if not (_is_simulated(part) or may_be_shown(values, part[PERSON])):
        return {}
    return {"n": int(values.notna().sum()), "mean": values.mean(), "sd": values.std()}


def _shares(values: pd.Series, part: pd.DataFrame) -> Iterator[dict[str, Any]]:
    counts = values.value_counts().sort_index()
    hidden = set() if _is_simulated(part) else _hidden(part[PERSON].groupby(values).nunique())
    for code, count in counts.items():
        shown = code not in hidden
        yield {
            "code": code,
            "n": int(count) if shown else None,
            "share": count / counts.sum() if shown else None,
        }


def _hidden(persons: pd.Series) -> set[str]:
    """Return the codes to hide: the rare ones, and with a single one the rarest of the others.

    A single hidden count could be told from the shares of the rest.
    """
    ordered = persons.sort_values()
    rare = int((ordered < FEWEST_PERSONS).sum())
    return set(ordered.index[: 2 if rare == 1 else rare])


def _is_simulated(part: pd.DataFrame) -> bool:
    return bool(part["simulated"].all())
