"""Where a user's surveys lie, which there are, which studies of the package rest on them.

Asked while tasks are listed: no data library is loaded here.
"""

import tomllib
from pathlib import Path
from typing import Any

from analysis.paths import RAW, REPORTS, ROOT, STATE

SURVEYS, LOCAL, ROWS = RAW / "surveys", REPORTS / "local" / "surveys", STATE / "surveys"
MAPS = ROOT / "analysis" / "sources" / "surveys" / "maps"
FIELDS = MAPS.parent / "fields.toml"
STUDIES = (ROOT / "analysis" / "effects" / "designs" / "ready",
           ROOT / "analysis" / "effects" / "paper" / "templates")  # fmt: skip
# those of sources/surveys/raw_file.py, which loads a data library
SUFFIXES = (".dta", ".sav", ".sas7bdat")
OWN_FILES = ("map.toml", "override.toml")
PAGES = ("codebook", "description")


def found_surveys() -> list[str]:
    """Return the surveys of which there is a data file."""
    folders = sorted(path for path in SURVEYS.glob("*") if path.is_dir())
    return [folder.name for folder in folders if data_files(folder.name)]


def known_surveys() -> list[str]:
    """Return the surveys of which the package has a map."""
    return sorted(path.stem for path in MAPS.glob("*.toml"))


def data_files(name: str) -> list[Path]:
    """Return a survey's data files."""
    paths = (SURVEYS / name).rglob("*")
    return sorted(path for path in paths if path.suffix.lower() in SUFFIXES)


def map_files(name: str) -> list[Path]:
    """Return what says how a survey is read: the user's map and corrections, the package's map."""
    own = [SURVEYS / name / file for file in OWN_FILES]
    return [path for path in (*own, MAPS / f"{name}.toml") if path.is_file()]


def rows_of(name: str) -> Path:
    """Return where the harmonised rows are kept: outside reports/, never shown."""
    return ROWS / f"{name}.parquet"


def studies_of(name: str) -> dict[str, Path]:
    """Return the package's study files whose data are the survey, by the study's id."""
    files = [path for folder in STUDIES for path in sorted(folder.glob("*.toml"))]
    about = ((document(path)["study"], path) for path in files)
    return {study["id"]: path for study, path in about if study["data"] == name}


def document(path: Path) -> dict[str, Any]:
    """Return a study file's content."""
    return tomllib.loads(path.read_text(encoding="utf-8"))
