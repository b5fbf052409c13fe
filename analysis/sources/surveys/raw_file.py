"""One survey file as distributed: its labels first, then only the columns that a map names.

Stata files of version 117 and older hold text in the system's code page without saying so, and
some SPSS files declare the wrong one. Text is read as the file says; where that fails, or the
labels come out as mojibake (other letters than ASCII, but no Chinese), UTF-8 is tried, which
cannot be mistaken, and then GB18030.
"""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.messages import UserError
from analysis.paths import relative
from analysis.sources import spss

CJK = re.compile("[\u4e00-\u9fff]")
OTHER = re.compile("[^\x00-\x7f]")
GB18030 = "GB18030"
OTHERWISE = ("UTF-8", GB18030)
SIMULATED = "simulated"
STATA_BEGIN, STATA_END = b"<stata_dta>", b"</stata_dta>"
READERS = {".dta": "read_dta", ".sav": "read_sav", ".sas7bdat": "read_sas7bdat"}


@dataclass(frozen=True)
class RawFile:
    """What a file says of itself; names of columns are in lower case, ``actual`` as stored."""

    path: Path
    encoding: str | None
    actual: Mapping[str, str] = field(repr=False)
    labels: Mapping[str, str] = field(repr=False)
    value_labels: Mapping[str, Mapping[float, str]] = field(repr=False)
    storage: Mapping[str, str] = field(repr=False)
    simulated: bool = False

    @property
    def name(self) -> str:
        """The file's name from the project's root."""
        return relative(self.path)


def open_raw(path: Path) -> RawFile:
    """Return what the file says of itself, without its rows.

    Raises
    ------
    UserError
        If it cannot be read in its own encoding nor in GB18030.
    """
    _refuse_open_end(path)
    if path.suffix.lower() == spss.SUFFIX:
        spss.refuse_if_deadly(path)
    meta, encoding = _metadata(path)
    _require_names(path, meta.column_names)
    actual = {name.lower(): name for name in meta.column_names}
    labels = dict(zip(actual, meta.column_labels, strict=True))
    return RawFile(
        path,
        encoding,
        actual,
        {name: (label or "").strip() for name, label in labels.items()},
        {name.lower(): _numbered(known) for name, known in meta.variable_value_labels.items()},
        {name.lower(): kind for name, kind in (meta.readstat_variable_types or {}).items()},
        (meta.file_label or "").strip().lower().startswith(SIMULATED),
    )


def _require_names(path: Path, names: list[str | None]) -> None:
    """Refuse a file without variables, with a nameless one, or two that only case tells apart."""
    known = {name.lower() for name in names if name}
    if not known or len(known) < len(names):
        raise _unreadable(path, ValueError("no variable, one without a name, or two of one name"))


def _refuse_open_end(path: Path) -> None:
    """Refuse a Stata file (117 on) without its closing tag: rows may be whole, labels not."""
    with path.open("rb") as stream:
        if stream.read(len(STATA_BEGIN)) != STATA_BEGIN:
            return
        stream.seek(-min(path.stat().st_size, len(STATA_END) + 1), os.SEEK_END)
        if not stream.read().rstrip().endswith(STATA_END):
            raise _unreadable(path, EOFError(f"no {STATA_END.decode()} at its end"))


def _numbered(known: Mapping[Any, str]) -> dict[float, str]:
    return {float(code): label for code, label in known.items() if isinstance(code, (int, float))}


def _metadata(path: Path) -> tuple[Any, str | None]:
    first: Exception | None = None
    meta = None
    try:
        meta = _read(path, None, metadataonly=True)[1]
    except Exception as error:
        first = error
    if meta is not None and not is_garbled(_texts(meta)):
        return meta, None
    for encoding in OTHERWISE:
        other = _metadata_in(path, encoding)
        if other is not None:
            return other, encoding
    if first is not None:
        raise _unreadable(path, first) from first
    # mojibake in labels is better than no file; the union column is still checked by its label
    return meta, None


def _metadata_in(path: Path, encoding: str) -> Any | None:
    """Return the metadata read in an encoding, None where that fails or gives no Chinese."""
    try:
        meta = _read(path, encoding, metadataonly=True)[1]
    except Exception:
        return None
    return None if is_garbled(_texts(meta)) else meta


def _unreadable(path: Path, error: Exception) -> UserError:
    encoding = any(word in str(error).lower() for word in ("encoding", "convert", "decode"))
    key = "survey_file_encoding" if encoding else "survey_file_damaged"
    return UserError(key, file=relative(path), error=str(error).strip())


def _read(path: Path, encoding: str | None, **options: Any) -> tuple[pd.DataFrame, Any]:
    import pyreadstat

    return getattr(pyreadstat, READERS[path.suffix.lower()])(
        str(path), encoding=encoding, apply_value_formats=False, **options
    )


def _texts(meta: Any) -> list[str]:
    labels = [label for label in meta.column_labels if label]
    return labels + [text for known in meta.value_labels.values() for text in known.values()]


def is_garbled(texts: Iterable[str]) -> bool:
    """Say whether more texts hold foreign letters without any Chinese than hold Chinese."""
    foreign = [text for text in texts if OTHER.search(text)]
    chinese = sum(bool(CJK.search(text)) for text in foreign)
    return len(foreign) > 2 * chinese


def read_columns(raw: RawFile, names: Iterable[str]) -> pd.DataFrame:
    """Return only these columns, named in lower case.

    Raises
    ------
    UserError
        If the rows cannot be read: a file cut short, or text in another encoding.
    """
    frame = _rows(raw, [raw.actual[name] for name in names])
    return frame.set_axis([name.lower() for name in frame.columns], axis=1)


def _rows(raw: RawFile, wanted: list[str]) -> pd.DataFrame:
    failures = []
    for encoding in [raw.encoding] if raw.encoding else [None, *OTHERWISE]:
        try:
            return _read(raw.path, encoding, usecols=wanted)[0]
        except Exception as error:
            failures.append(error)
    # what went wrong as the file declares itself; the other tries fail in ways of their own
    raise _unreadable(raw.path, failures[0]) from failures[0]
