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


def process_raw(folder: Path = RAW) -> Processed:
    """Check every file of ``folder`` against its sidecar and schema; return the tidy tables.

    Raises
    ------
    UserError
        At the first thing that is wrong with any of them.
    """
    check_folder(folder)
    refuse_unknown_files(folder)
    tables, pages = {}, []
    for name in table_names():
        module = load(f"{TABLES}.{name}")
        tables[name] = _tidy(module, name, folder)
        pages.append(_describe(module, name, tables[name]))
    return Processed(tables, pd.concat(pages, ignore_index=True))


def refuse_unknown_files(folder: Path = RAW) -> None:
    """Refuse a file that no module of ``sources/tables`` reads."""
    known = {f"{name}{ending}" for name in table_names() for ending in (".csv", CONFIRMATIONS)}
    for path in raw_files(folder):
        if path.name not in known:
            names = ", ".join(f"{name}.csv" for name in table_names())
            raise UserError("unknown_raw_file", file=relative(path), known=names)


def _tidy(module: ModuleType, name: str, folder: Path) -> pd.DataFrame:
    path = folder / f"{name}.csv"
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
