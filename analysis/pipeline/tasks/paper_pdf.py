"""The report as a document to print, one in each language, from what the page is made of."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.exhibits.fonts import chinese_serif
from analysis.exhibits.paper_pdf import TEMPLATE
from analysis.exhibits.printing import style
from analysis.exhibits.regressions.names import FILE as NAMES
from analysis.exhibits.report import document_name
from analysis.exhibits.report.content import chapter_files
from analysis.files import named_hashes, sha256
from analysis.messages import LANGUAGES
from analysis.paths import REPORTS, RESULTS
from analysis.pipeline.shown import other_tasks
from analysis.pipeline.task import Arguments, Contents, Inputs, Task
from analysis.pipeline.tasks.report import Pages, public_pages, read_by, report_of
from analysis.pipeline.tasks.studies import FOLDER as STUDIES

if TYPE_CHECKING:
    from analysis.exhibits.printing.printed import Printed

CODE = ("analysis.exhibits.paper_pdf.setting", "analysis.exhibits.regressions.tables")
STUDY, ROWS = "study ", "estimates of "


def tasks() -> list[Task]:
    """Return the one task."""
    pages = public_pages(other_tasks())
    font = chinese_serif()
    return [
        Task(
            name="printed report",
            group="report",
            run=partial(_write, pages),
            code=(__name__, *CODE, *_programs(pages)),
            inputs={**read_by(pages), **_studies()},
            products={language: REPORTS / document_name(language) for language in LANGUAGES},
            arguments={
                # read by the code, but no code
                "assets": {path.name: sha256(path) for path in _assets()},
                "chinese_font": font[0].name if font else "",
            },
            bundled=True,
        )
    ]


def _assets() -> list[Path]:
    return [*chapter_files(), TEMPLATE, NAMES, style.FILE]


def _programs(pages: Pages) -> list[str]:
    return [found.module.__name__ for found in pages.exhibits.values()]


def _studies() -> dict[str, Path]:
    """Return the package's studies and their estimates."""
    files = sorted(STUDIES.glob("*.toml"))
    return {
        **{f"{STUDY}{file.stem}": file for file in files},
        **{f"{ROWS}{file.stem}": RESULTS / "estimates" / f"{file.stem}.csv" for file in files},
    }


def _write(pages: Pages, inputs: Inputs, arguments: Arguments) -> Contents:
    from analysis.exhibits.paper_pdf import Document, pdf_pages

    document = Document(
        report=report_of(pages, inputs, {}),
        regressions={language: _regressions(inputs, language) for language in LANGUAGES},
        sources=named_hashes(_sources(inputs)),
    )
    return {language: pdf_pages(document, language) for language in LANGUAGES}


def _sources(inputs: Inputs) -> Iterable[Path]:
    """Return what the document was made from; drawings are made from the same."""
    return dict.fromkeys(path for path in inputs.values() if path.suffix != ".svg")


def _regressions(inputs: Inputs, language: str) -> list["Printed"]:
    """Return the tables of the studies that rest on teaching data."""
    from analysis.effects.data_status import status_of
    from analysis.effects.study import read_study
    from analysis.exhibits.regressions import Source, read_asked, study_tables
    from analysis.sources import read_processed

    tables = []
    for key, file in inputs.items():
        if key.startswith(STUDY):
            study = read_study(file)
            rows = read_processed(inputs[f"{ROWS}{file.stem}"])
            source = Source(study, rows, status_of(study))
            tables += study_tables(source, read_asked(file, {}), language)
    return tables
