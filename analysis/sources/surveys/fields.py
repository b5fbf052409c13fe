"""The harmonised schema: which columns a survey's frame has, their types, units and codes."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.messages import Text

PLACE = Path(__file__).with_name("fields.toml")
DTYPES = {"text": "str", "binary": "float64", "number": "float64", "whole": "int64", "flag": "bool"}


@dataclass(frozen=True)
class Field:
    """One column: ``kind`` is text, binary, number, whole or flag; ``codes`` the only texts."""

    name: str
    kind: str
    definition: Text
    unit: str = ""
    codes: tuple[str, ...] = ()
    pattern: str = ""
    minimum: float = -np.inf
    maximum: float = np.inf


def _read(path: Path) -> Mapping[str, Field]:
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: _field(name, dict(entry)) for name, entry in entries.items()}


def _field(name: str, entry: dict) -> Field:
    definition = Text(entry.pop("en"), entry.pop("zh"))
    codes = tuple(entry.pop("codes", ()))
    return Field(name, entry.pop("type"), definition, codes=codes, **entry)


FIELDS: Mapping[str, Field] = _read(PLACE)


def empty_column(field: Field, rows: int) -> pd.Series:
    """Return a column of the field's type with nothing in it (NaN; never for whole or flag)."""
    return pd.Series(np.full(rows, np.nan), dtype=DTYPES[field.kind], name=field.name)


def violations(frame: pd.DataFrame) -> list[str]:
    """Return how a frame breaks the schema, one sentence a column; nothing when it holds."""
    if list(frame.columns) != list(FIELDS):
        return [f"columns {list(frame.columns)}, expected {list(FIELDS)}"]
    return [line for field in FIELDS.values() if (line := _violation(field, frame[field.name]))]


def _violation(field: Field, column: pd.Series) -> str:
    if str(column.dtype) != DTYPES[field.kind]:
        return f"{field.name}: type {column.dtype}, expected {DTYPES[field.kind]}"
    filled = column.dropna()
    bad = filled[~_allowed(field, filled)]
    return f"{field.name}: {len(bad)} values such as {bad.iloc[0]}" if len(bad) else ""


def _allowed(field: Field, filled: pd.Series) -> pd.Series:
    if field.codes:
        return filled.isin(field.codes)
    if field.pattern:
        return filled.str.fullmatch(field.pattern)
    if field.kind == "binary":
        return filled.isin((0.0, 1.0))
    if field.kind == "number":
        return filled.between(field.minimum, field.maximum)
    return pd.Series(True, index=filled.index)
