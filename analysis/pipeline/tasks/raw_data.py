"""data/raw to data/processed, all of it or nothing."""

from collections.abc import Mapping
from pathlib import Path

from analysis.loading import modules_in
from analysis.paths import PROCESSED, RAW, relative
from analysis.pipeline.places import CHECKED
from analysis.pipeline.task import Arguments, Inputs, Task

TABLES = "analysis.sources.tables"
FOLDER_OF_TABLES = Path(__file__).parents[2] / "sources" / "tables"


# other folders of data/raw (surveys, regions) are other readers' own
FOLDERS = (RAW, RAW / "literature")


def _listed(folder: Path) -> list[Path]:
    return [*sorted(folder.glob("*.csv")), *sorted(folder.glob("*.toml"))]


def run(inputs: Inputs, arguments: Arguments) -> Mapping[str, object]:
    """Check and tidy every raw file; the codebook as CSV and as a page."""
    from analysis.sources import as_markdown, process_raw

    processed = process_raw(RAW)
    pages = {"codebook": processed.codebook, "codebook_page": as_markdown(processed.codebook)}
    return {**processed.tables, **pages, "checked": "data/raw passed every check\n"}


def tasks() -> list[Task]:
    """Return the one task; which files there are is an argument, so a new one is noticed."""
    files = [path for place in FOLDERS for path in _listed(place)]
    definitions = sorted(FOLDER_OF_TABLES.glob("*.toml"))
    names = [module.rpartition(".")[2] for module in modules_in(TABLES)]
    products = {name: PROCESSED / f"{name}.csv" for name in names}
    products |= {"checked": CHECKED}
    products |= {"codebook": PROCESSED / "codebook.csv", "codebook_page": PROCESSED / "codebook.md"}
    return [
        Task(
            name="raw data",
            group="data",
            run=run,
            code=(__name__, *modules_in(TABLES)),
            inputs={relative(path): path for path in [*files, *definitions] if path.is_file()},
            products=products,
            arguments={"files": [relative(path) + "/" * path.is_dir() for path in files]},
        )
    ]
