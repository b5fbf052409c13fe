"""Read a raw CSV as text, hold it against its schema, and name the first thing that is wrong."""

import csv
import io
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from analysis.files import read_text
from analysis.messages import Text, UserError, message
from analysis.paths import relative

HEADER_ROWS = 1


def read_table(path: Path, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """Return the table in ``path`` with the types of ``schema``.

    Raises
    ------
    UserError
        For the first wrong cell: the file, row (as a spreadsheet counts), column, value and what
        was expected; or for a file that is no table of these columns.
    """
    frame = _as_text(path, list(schema.columns))
    try:
        return schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        raise _first_refusal(path, frame, schema, error.failure_cases) from None


def _as_text(path: Path, columns: list[str]) -> pd.DataFrame:
    header, *rows = _records(path)
    header = [name.strip() for name in header]
    if sorted(header) != sorted(columns):
        raise _wrong_columns(path, header, columns)
    if not rows:
        raise UserError("no_rows", file=relative(path))
    for number, row in enumerate(rows, start=1 + HEADER_ROWS):
        if len(row) != len(header):
            raise UserError(
                "row_length", file=relative(path), row=number, found=len(row), expected=len(header)
            )
    frame = pd.DataFrame(rows, columns=header, dtype="str")[columns]
    frame = frame.apply(lambda column: column.str.strip())
    return frame.mask(frame == "")


def _records(path: Path) -> list[list[str]]:
    """Split a file into records; an unclosed quote must not swallow the rows after it."""
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        raise UserError(
            "csv_syntax", file=relative(path), row=reader.line_num, error=error
        ) from error


def _shown(name: str) -> str:
    """Return a name as it is, or quoted where it is empty or would break the line."""
    return name if name and name.isprintable() else repr(name)


def _wrong_columns(path: Path, header: list[str], columns: list[str]) -> UserError:
    return UserError(
        "columns",
        file=relative(path),
        found=", ".join(map(_shown, header)),
        missing=", ".join(c for c in columns if c not in header) or "-",
        extra=", ".join(map(_shown, _extra(header, columns))) or "-",
    )


def _extra(header: list[str], columns: list[str]) -> list[str]:
    """Return the columns that are not expected, a repeated one among them."""
    return [
        name
        for position, name in enumerate(header)
        if name not in columns or name in header[:position]
    ]


def _first_refusal(
    path: Path, frame: pd.DataFrame, schema: pa.DataFrameSchema, failures: pd.DataFrame
) -> UserError:
    """Turn pandera's list of failures into one sentence about the uppermost of them."""
    failure = failures.sort_values("index", kind="stable").iloc[0]
    place = {"file": relative(path), "row": int(failure["index"]) + 1 + HEADER_ROWS}
    check = str(failure["check"])
    if check == "multiple_fields_uniqueness":
        return _duplicate(place, frame.loc[failure["index"]], list(schema.unique or []))
    column = "value" if check == "expected_range" else str(failure["column"])
    cell = frame.loc[failure["index"], column]
    return UserError(
        "cell",
        **place,
        column=column,
        value=repr("" if pd.isna(cell) else cell),
        expected=_expectation(check, schema, column),
    )


def _duplicate(place: dict[str, object], row: pd.Series, keys: list[str]) -> UserError:
    found = ", ".join(_shown(str(row[key])) for key in keys)
    return UserError("duplicate_row", **place, column=", ".join(keys), value=found)


def _expectation(check: str, schema: pa.DataFrameSchema, column: str) -> Text:
    """Return what was expected, in both languages; the allowed words where there are few."""
    if check.startswith("expected_"):
        allowed = [
            str(word)
            for known in schema.columns[column].checks
            if known.error == check
            for word in known.statistics.get("allowed_values", [])
        ]
        return _in_both(check, words=", ".join(allowed))
    if check.startswith(("coerce_dtype", "dtype")):
        whole = "int" in str(schema.columns[column].dtype).lower()
        return _in_both("expected_whole_number" if whole else "expected_number")
    return _in_both("expected_something")


def _in_both(key: str, **fields: object) -> Text:
    return Text(message(key, "en", **fields), message(key, "zh", **fields))
