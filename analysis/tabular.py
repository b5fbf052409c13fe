"""Contents to bytes: one fixed way to write a table, so that equal results are equal files."""

import json
import math
from typing import Any

import pandas as pd

DECIMALS = 6
SMALL = 10.0**-3
# a column of JSON objects: what one estimator alone reports
OBJECTS = "extras"
# of the sixteen that a double carries: beyond them processors and libraries disagree
SIGNIFICANT = 8


def as_bytes(content: object) -> bytes:
    """Return a table, text or bytes as the bytes of a file (UTF-8, LF).

    Raises
    ------
    TypeError
        For anything else.
    """
    if isinstance(content, pd.DataFrame):
        return as_csv(content).encode("utf-8")
    if isinstance(content, str):
        return content.encode("utf-8")
    if isinstance(content, bytes):
        return content
    raise TypeError(f"cannot write a {type(content).__name__}")


def as_csv(table: pd.DataFrame) -> str:
    """Return a table as CSV: true and false, no index, numbers as ``as_cell`` writes them.

    A column of whole numbers is written without decimals, whatever its type.
    """
    written = {name: _as_cells(table[name]) for name in table.columns}
    return pd.DataFrame(written, columns=table.columns).to_csv(index=False, lineterminator="\n")


def _as_cells(column: pd.Series) -> list[str]:
    if column.name == OBJECTS:
        return [_as_object(cell) for cell in column]
    if column.dtype.kind == "f" and (column.dropna() % 1 == 0).all():
        column = column.astype("Int64")
    return [as_cell(value) for value in column]


def as_cell(value: object) -> str:
    """Return one value as its cell's text: six decimals, powers of ten below 0.001, else empty."""
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return "true" if value else "false"
    if isinstance(value, float):
        return _decimal(float(value))
    return str(value)


def _as_object(cell: object) -> str:
    """Return a cell that holds a JSON object with its numbers rounded, its keys sorted."""
    if not isinstance(cell, str) or not cell:
        return ""
    return json.dumps(_rounded(json.loads(cell)), sort_keys=True)


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    return float(f"{value:.{SIGNIFICANT}g}") if isinstance(value, float) else value


def _decimal(value: float) -> str:
    if math.isnan(value):
        return ""
    if value != 0.0 and abs(value) < SMALL:
        return f"{value:.{DECIMALS}e}"
    return f"{value + 0.0:.{DECIMALS}f}"
