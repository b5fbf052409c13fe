"""``write_raw``: a twin as the raw files of a survey, marked as simulated in the file itself."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.files import write_all
from analysis.messages import UserError
from analysis.sources.twins.raw import cfps, cgss
from analysis.sources.twins.raw.column import Column
from analysis.sources.twins.twin import simulate

MARK = "simulated 模拟数据"
Files = dict[str, dict[str, Column]]
# survey: its twin, its waves, its files
SURVEYS: Mapping[
    str, tuple[str, Sequence[int], Callable[[pd.DataFrame, np.random.Generator], Files]]
] = {
    "cfps": ("worker_panel", cfps.WAVES, cfps.files),
    "cgss": ("repeated_cross_section", cgss.WAVES, cgss.files),
}
GB18030_VERSION, UTF8_VERSION = 117, 118
# Stata keeps 80 letters (118) or bytes (117) of a label
LABEL_BYTES = 80
CODES_SEED = 7


def write_raw(
    survey: str,
    folder: Path,
    waves: Sequence[int] | None = None,
    seed: int | None = None,
    size: int | None = None,
    kind: str = ".dta",
    encoding: str = "utf-8",
) -> list[Path]:
    """Write the twin of ``survey`` (cfps, cgss) into ``folder`` and return the files' paths.

    .dta in UTF-8 is version 118, in GB18030 version 117; .sav is UTF-8. All files or none appear.

    Raises
    ------
    UserError
        If the survey, a wave, or the pair of kind and encoding is not to be had.
    """
    if survey not in SURVEYS:
        raise UserError("unknown_raw_twin", value=survey, known=", ".join(SURVEYS))
    if (kind, encoding) not in ((".dta", "utf-8"), (".dta", "gb18030"), (".sav", "utf-8")):
        raise UserError("raw_twin_kind", kind=kind, encoding=encoding)
    name, known, files = SURVEYS[survey]
    for wave in waves or ():
        if wave not in known:
            raise UserError("unknown_raw_wave", survey=survey.upper(), value=wave,
                            known=", ".join(map(str, known)))  # fmt: skip
    frame = simulate(name, seed, size).frame
    wanted = frame[frame["wave"].isin(list(waves or known))].reset_index(drop=True)
    made = files(wanted, np.random.default_rng([CODES_SEED, seed or 0]))
    contents = {
        folder / f"{stem}{kind}": _bytes(columns, kind, encoding) for stem, columns in made.items()
    }
    write_all(contents)
    return list(contents)


def _bytes(columns: Mapping[str, Column], kind: str, encoding: str) -> bytes:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / f"twin{kind}"
        (_write_sav if kind == ".sav" else _write_dta)(columns, path, encoding)
        return path.read_bytes()


def _write_dta(columns: Mapping[str, Column], path: Path, encoding: str) -> None:
    """Write with pandas, whose version 117 stores text as latin-1: GB18030 bytes pass through."""
    words = _through_latin_1 if encoding == "gb18030" else _cut
    frame = pd.DataFrame({name: _stored(column, words) for name, column in columns.items()})
    frame.to_stata(
        path,
        write_index=False,
        version=GB18030_VERSION if encoding == "gb18030" else UTF8_VERSION,
        data_label=words(MARK),
        variable_labels={name: words(column.label) for name, column in columns.items()},
        value_labels={
            name: {code: words(text) for code, text in column.codes.items()}
            for name, column in columns.items()
            if column.codes
        },
    )


def _stored(column: Column, words: Callable[[str], str]) -> np.ndarray:
    """Return numbers as doubles, text as plain objects (an empty text where there is none)."""
    values = pd.Series(column.values)
    if pd.api.types.is_numeric_dtype(values):
        return values.to_numpy(float)
    return np.array([words(str(v)) if pd.notna(v) else "" for v in values], dtype=object)


def _through_latin_1(text: str) -> str:
    return _cut(text, "gb18030").encode("gb18030").decode("latin-1")


def _cut(text: str, encoding: str = "utf-8") -> str:
    """Return as many whole letters as the label's bytes hold."""
    return text.encode(encoding)[:LABEL_BYTES].decode(encoding, errors="ignore")


def _write_sav(columns: Mapping[str, Column], path: Path, encoding: str) -> None:
    import pyreadstat

    pyreadstat.write_sav(
        pd.DataFrame({name: _stored(column, str) for name, column in columns.items()}),
        path,
        file_label=MARK,
        column_labels=[column.label for column in columns.values()],
        variable_value_labels={
            name: {float(code): text for code, text in column.codes.items()}
            for name, column in columns.items()
            if column.codes
        },
    )
