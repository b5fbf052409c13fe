"""The whole of data/raw to the whole of data/processed, or a refusal and nothing at all."""

from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pandas as pd
import pandera.pandas as pa

from analysis.loading import load, modules_in
from analysis.messages import UserError
from analysis.paths import RAW, relative
from analysis.sources import schemas
from analysis.sources.codebook import describe_columns, describe_yearly
from analysis.sources.provenance import check_file, check_folder, raw_files
from analysis.sources.reading import read_table
from analysis.sources.variables import read_variables
from analysis.sources.vintages import EARLIER

TABLES = "analysis.sources.tables"
CONFIRMATIONS = ".confirmations.csv"
CONFIRMATION_SCHEMA = pa.DataFrameSchema(
    {
        "year": schemas.year(),
        "variable": schemas.text(),
        "value": schemas.number(),
        "source": schemas.text(),
        "page": schemas.text(nullable=True),
        "confirmed_by": schemas.text(),
        "confirmed_on": schemas.text(),
    },
    strict=True,
)


@dataclass(frozen=True)
class Processed:
    """The tidy tables by name, and the codebook of them all."""

    tables: dict[str, pd.DataFrame]
    codebook: pd.DataFrame


def table_names() -> list[str]:
    """Return the names of the raw tables that this package reads: one module each."""
    return [name.rpartition(".")[2] for name in modules_in(TABLES)]


def file_of(name: str) -> str:
    """Return a table's file below data/raw: its own name, unless its module's FILE says another."""
    return getattr(load(f"{TABLES}.{name}"), "FILE", f"{name}.csv")


def _folders(folder: Path) -> list[Path]:
    """Return data/raw and those of its folders that hold tables of this package."""
    return sorted({folder, *((folder / file_of(name)).parent for name in table_names())})


def process_raw(folder: Path = RAW) -> Processed:
    """Check every file of ``folder`` against its sidecar and schema; return the tidy tables.

    Raises
    ------
    UserError
        At the first thing that is wrong with any of them.
    """
    check_raw(folder)
    tables, pages = {}, []
    for name in table_names():
        module = load(f"{TABLES}.{name}")
        tables[name] = _tidy(module, name, folder)
        pages.append(_describe(module, name, tables[name]))
    return Processed(tables, pd.concat(pages, ignore_index=True))


def check_raw(folder: Path = RAW) -> None:
    """Hold every raw file against its sidecar, and refuse one that no table module reads.

    Raises
    ------
    UserError
        At the first file that is not as its sidecar says, or is not known.
    """
    files = [file_of(name) for name in table_names()]
    known = {*files, *(file.removesuffix(".csv") + CONFIRMATIONS for file in files)}
    for place in _folders(folder):
        check_folder(place)
        for path in raw_files(place):
            if path.relative_to(folder).as_posix() not in known:
                raise UserError("unknown_raw_file", file=relative(path), known=", ".join(files))


def _tidy(module: ModuleType, name: str, folder: Path) -> pd.DataFrame:
    path = folder / file_of(name)
    check_file(path)
    frame = read_table(path, module.SCHEMA)
    if not module.YEARLY:
        return module.tidy(frame)
    return module.tidy(frame, read_confirmations(name, folder))


def read_confirmations(name: str, folder: Path = RAW) -> pd.DataFrame | None:
    """Return what users confirmed of a yearly table's figures; None where nobody did."""
    path = folder / f"{name}{CONFIRMATIONS}"
    return read_table(path, CONFIRMATION_SCHEMA) if path.exists() else None


def _describe(module: ModuleType, name: str, frame: pd.DataFrame) -> pd.DataFrame:
    variables = read_variables(name)
    if not module.YEARLY:
        return describe_columns(name, frame, variables)
    current = {key: value for key, value in variables.items() if not key.endswith(EARLIER)}
    return describe_yearly(name, frame, current)
