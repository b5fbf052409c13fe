"""Data that a study names: a file, a processed table, a survey, a twin or a teaching data set.

Teaching data sets (United States, simulated, ...) prove estimators. They are read at run time from
the installed packages that ship them and never written anywhere.
"""

import io
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.files import beside, read_text
from analysis.loading import load_library
from analysis.messages import UserError
from analysis.paths import PROCESSED, relative
from analysis.sources import spss
from analysis.sources.workbooks import check_workbook

WOOLDRIDGE = (
    "mroz", "card", "jtrain", "jtrain2", "kielmc", "injury", "recid", "wage1", "wage2",
    "prminwge", "openness", "traffic1",
)  # fmt: skip
STATSMODELS = ("grunfeld", "spector", "engel", "strikes")
# simulated or textbook tables that statsmodels ships with its own tests
STATSMODELS_FILES: dict[str, tuple[str, dict[str, Any]]] = {
    "ologit_ucla": ("miscmodels/tests/results/ologit_ucla.csv", {}),
    "pastes": ("regression/tests/results/pastes.csv", {"index_col": 0}),
    "petersen": (
        "stats/tests/test_data.txt",
        {"sep": r"\s+", "header": None, "names": ["firm", "year", "x", "y"]},
    ),
}
TWIN = "twin:"
MAP = "map.toml"
CAUSALDATA = {"nsw": "nsw_mixtape", "nhefs": "nhefs_complete", "close_college": "close_college"}


def teaching_data_sets() -> dict[str, Callable[[], pd.DataFrame]]:
    """Return a reader for each teaching data set by name."""
    readers: dict[str, Callable[[], pd.DataFrame]] = {
        "wage_panel": lambda: _package("linearmodels.datasets.wage_panel").load()
    }
    readers |= {name: partial(_wooldridge, name) for name in WOOLDRIDGE}
    readers |= {name: partial(_bunch, f"statsmodels.datasets.{name}") for name in STATSMODELS}
    readers["china_smoking"] = _china_smoking
    readers |= {name: partial(_statsmodels_file, name) for name in STATSMODELS_FILES}
    readers |= {name: partial(_bunch, f"causaldata.{m}") for name, m in CAUSALDATA.items()}
    readers["mpdta"] = _minimum_wages
    return readers


def _wooldridge(name: str) -> pd.DataFrame:
    return _package("wooldridge").data(name)


def _china_smoking() -> pd.DataFrame:
    """Return smoking by lung cancer in eight Chinese cities: city, smoking, cancer, persons."""
    wide = _bunch("statsmodels.datasets.china_smoking").rename_axis("city").reset_index()
    long = wide.melt("city", value_name="persons")
    answers = long["variable"].str.extract(r"smoking_(\w+)_cancer_(\w+)")
    return long.assign(smoking=(answers[0] == "yes") * 1, cancer=(answers[1] == "yes") * 1)


def _minimum_wages() -> pd.DataFrame:
    """Return teen employment by county and year; first_treat 0 is a minimum wage never raised."""
    frame = _package("moderndid").load_mpdta()
    columns = {name: frame[name].to_numpy() for name in frame.columns}
    return pd.DataFrame(columns).rename(columns={"first.treat": "first_treat"})


def _statsmodels_file(name: str) -> pd.DataFrame:
    place, options = STATSMODELS_FILES[name]
    return pd.read_csv(Path(_package("statsmodels").__file__).parent / place, **options)


def _bunch(module: str) -> pd.DataFrame:
    return _package(module).load_pandas().data


def _package(name: str) -> Any:
    try:
        return load_library(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise UserError("package_needed", value=name.rpartition(".")[2], package=package) from error


def read_data(name: str, folder: Path) -> pd.DataFrame:
    """Return the data that ``name`` stands for.

    Parameters
    ----------
    name
        A teaching data set, a table of data/processed, a survey (cfps, cgss, or a folder of
        data/raw/surveys with a map.toml), "twin:NAME", or a path to a file or to a survey's folder
        with its map.toml; a relative one is relative to ``folder``.

    Raises
    ------
    UserError
        If there is no such data, its kind is unknown, it cannot be read, or a path leads out of
        the project (out of ``folder`` where that is elsewhere).
    """
    teaching = teaching_data_sets()
    if name in teaching:
        return teaching[name]()
    processed = PROCESSED / f"{name}.csv"
    if processed.parent == PROCESSED and processed.exists():
        return pd.read_csv(processed)
    if name.startswith(TWIN):
        return _twin(name.removeprefix(TWIN))
    if name in _surveys():
        return _survey(name)
    if (beside(folder, name) / MAP).is_file():
        place = beside(folder, name)
        return _survey(place.name, place.parent)
    if Path(name).suffix.lower() not in READERS:
        raise UserError("no_data_set", value=name, known=", ".join(sorted(teaching)))
    return read_data_file(beside(folder, name))


def _surveys() -> list[str]:
    from analysis.sources.surveys import survey_names

    return survey_names()


def _survey(name: str, folder: Path | None = None) -> pd.DataFrame:
    """Return a survey's harmonised rows; files that could not be used are named on stderr."""
    from analysis.sources.surveys import read_survey

    read = read_survey(name, folder) if folder else read_survey(name)
    if read.frame.empty and read.problems:
        raise read.problems[0]
    for problem in read.problems:
        print(problem, file=sys.stderr)
    return read.frame


def _twin(name: str) -> pd.DataFrame:
    from analysis.sources.twins import simulate

    return simulate(name).frame


def read_data_file(path: Path) -> pd.DataFrame:
    """Return a user's file (.csv, .parquet, .dta, .sav, .xlsx) as it is.

    Raises
    ------
    UserError
        If it is missing, a directory, or cannot be read.
    """
    if path.is_dir():
        raise UserError("directory", file=relative(path))
    if not path.exists():
        raise UserError("missing_file", file=relative(path))
    try:
        return READERS[path.suffix.lower()](path)
    except UserError:
        raise
    except Exception as error:
        # whatever a reader raises on a damaged file is one sentence to its owner
        raise UserError("unreadable_data", file=relative(path), error=error) from error


def _csv(path: Path) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(read_text(path)))


def _stata(path: Path) -> pd.DataFrame:
    stated = _package("pyreadstat").read_dta(str(path), metadataonly=True)[1]
    if not stated.column_names:
        # its rows would be counted one by one, as many as the file claims
        raise UserError("unreadable_data", file=relative(path), error="0 variables")
    return _package("pyreadstat").read_dta(str(path))[0]


def _spss(path: Path) -> pd.DataFrame:
    spss.refuse_if_deadly(path)
    return _package("pyreadstat").read_sav(str(path))[0]


def _excel(path: Path) -> pd.DataFrame:
    check_workbook(path)
    return pd.read_excel(path)


READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    ".csv": _csv,
    ".parquet": pd.read_parquet,
    ".dta": _stata,
    ".sav": _spss,
    ".xlsx": _excel,
}
