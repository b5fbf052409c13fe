"""The report: two pages, the one that chooses between them, and the list of numbers said.

While tasks make something of a user's own below reports/local, the same again with a chapter of it,
in reports/local/report: nothing of it reaches the pages that may be shared.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.exhibits.report import (
    ASSETS,
    Chapter,
    chapters,
    complete,
    document_name,
    own_chapter,
    page_name,
)
from analysis.files import read_rows, sha256
from analysis.messages import LANGUAGES, Text
from analysis.paths import REPORTS, RESULTS, ROOT, relative
from analysis.pipeline.shown import LOCAL, Found, found_exhibits, is_local, other_tasks
from analysis.pipeline.task import Arguments, Contents, Inputs, Task

if TYPE_CHECKING:
    from analysis.exhibits.report import Exhibit, Report

PAGE = "analysis.exhibits.report.page"
OWN = LOCAL / "report"
REMOVED = Text("Removed {folder}: nothing of your own is left to show.",
               "已删除 {folder}：已无本地数据可供展示。")  # fmt: skip


@dataclass(frozen=True)
class Pages:
    """What one set of pages shows, and where it stands.

    Attributes
    ----------
    own
        Files and folders of the user's own to link to, by name.
    """

    folder: Path
    chapters: tuple[Chapter, ...]
    exhibits: Mapping[str, Found]
    own: Mapping[str, Path]


def tasks() -> list[Task]:
    """Return the report's task, and that of the user's own where there is something to show."""
    others = other_tasks()
    report = _task("report", public_pages(others))
    return [report, _task("own report", own_pages(others))] if _own_results(others) else [report]


def public_pages(others: Sequence[Task]) -> Pages:
    """Return what the pages that may be shared show, of what ``others`` make."""
    found = found_exhibits(others)
    return Pages(REPORTS, _chapters(chapters(), found, others), found, {})


def own_pages(others: Sequence[Task]) -> Pages:
    """Return what the pages with a user's own data show: those exhibits in place of the public."""
    own = found_exhibits(others, local=True)
    every = {**found_exhibits(others), **own}
    figures, tables = ([n for n, e in own.items() if e.is_figure == kind] for kind in (True, False))
    found = (own_chapter(figures, tables), *chapters())
    # an exhibit links to its files itself
    linked = {path for exhibit in own.values() for path in exhibit.paths()}
    others_made = {n: path for n, path in _own_results(others).items() if path not in linked}
    return Pages(OWN, _chapters(found, every, others), every, others_made)


def sweep() -> Iterator[Text]:
    """Remove the pages with a user's own data when no task makes anything of such data."""
    if OWN.is_dir() and not _own_results(other_tasks()):
        shutil.rmtree(OWN)
        if not any(LOCAL.iterdir()):
            LOCAL.rmdir()
        yield Text(*(words.format(folder=relative(OWN)) for words in REMOVED))


def _own_results(others: Iterable[Task]) -> dict[str, Path]:
    """Return what tasks make below reports/local, by name."""
    paths = (path for task in others for path in (*task.products.values(), *task.folders.values()))
    return {path.relative_to(LOCAL).as_posix(): path for path in paths if is_local(path)}


def _chapters(
    found: Sequence[Chapter], exhibits: Mapping[str, Found], others: Iterable[Task]
) -> tuple[Chapter, ...]:
    """Return the chapters as far as their files are made, or stand there as committed."""
    kinds = {name: exhibit.module.ABOUT.data_kind for name, exhibit in exhibits.items()}
    made = {path for task in others for path in task.products.values()}
    quoted = {file: ROOT / file for chapter in found for file in chapter.files}
    there = {file for file, path in quoted.items() if path in made or path.exists()}
    return complete(found, kinds, there)


def _task(name: str, pages: Pages) -> Task:
    products = {language: pages.folder / page_name(language) for language in LANGUAGES}
    products |= {"index": pages.folder / "index.html"}
    if pages.folder == REPORTS:
        products |= {"in_text": RESULTS / "in_text.csv"}
    return Task(
        name=name,
        group="report",
        run=partial(_write, pages, tuple(products)),
        code=(
            __name__, PAGE,
            *(block.__name__ for chapter in pages.chapters for block in chapter.blocks),
            *(exhibit.module.__name__ for exhibit in pages.exhibits.values()),
        ),
        inputs=read_by(pages),
        products=products,
        arguments={
            # read by the code, but no code
            "assets": {path.name: sha256(path) for path in ASSETS},
            "files": {name: _links(exhibit, pages.folder)
                      for name, exhibit in pages.exhibits.items()},
            "own": {name: _from(pages.folder, path) for name, path in pages.own.items()},
        },
        bundled=True,
    )  # fmt: skip


def read_by(pages: Pages) -> dict[str, Path]:
    """Return what a report of these pages reads: tables that it quotes, rows and drawings."""
    tables = {file for chapter in pages.chapters for file in chapter.files}
    return {
        **{file: ROOT / file for file in sorted(tables)},
        **{f"{name} {key}": path for name, exhibit in pages.exhibits.items()
           for key, path in _read_of(exhibit).items()},
    }  # fmt: skip


def _read_of(exhibit: Found) -> Mapping[str, Path]:
    """Return what the report reads of an exhibit: its rows and its drawings."""
    drawings = {
        f"svg {language}": files["svg"]
        for language, files in exhibit.files.items()
        if "svg" in files
    }
    return {**exhibit.inputs, **drawings}


def _links(exhibit: Found, folder: Path) -> dict[str, dict[str, str]]:
    return {
        language: {suffix: _from(folder, path) for suffix, path in files.items()}
        for language, files in exhibit.files.items()
    }


def _from(folder: Path, path: Path) -> str:
    """Return a path as a page in ``folder`` links to it."""
    return Path(relpath(path, folder)).as_posix()


def _write(
    pages: Pages, products: tuple[str, ...], inputs: Inputs, arguments: Arguments
) -> Contents:
    """Read results, rows and drawings; return the pages."""
    import pandas as pd

    from analysis.exhibits.report import chooser, numbers_said, page

    report = report_of(pages, inputs, arguments["own"])
    contents = {language: page(report, language) for language in LANGUAGES}
    contents |= {"index": chooser(), "in_text": pd.DataFrame(numbers_said(report))}
    return {key: contents[key] for key in products}


def report_of(pages: Pages, inputs: Inputs, own: Mapping[str, str]) -> "Report":
    """Read results, rows and drawings of the pages."""
    from analysis.exhibits.report import Report

    return Report(
        chapters=pages.chapters,
        exhibits={name: _exhibit(found, pages.folder) for name, found in pages.exhibits.items()},
        results={key: read_rows(path) for key, path in inputs.items() if key == relative(path)},
        own=own,
        to_root=_from(pages.folder, ROOT),
        printed={
            language: _from(pages.folder, REPORTS / document_name(language))
            for language in LANGUAGES
        },
    )


def _exhibit(found: Found, folder: Path) -> "Exhibit":
    from analysis.exhibits.regional.words import marked_private
    from analysis.exhibits.report import Exhibit

    files = found.files.items()
    drawings = {language: forms["svg"].read_bytes() for language, forms in files if "svg" in forms}
    data = next(iter(found.inputs.values()))
    module = marked_private(found.module) if is_local(data) else found.module
    return Exhibit(module, found.rows(), _from(folder, data), _links(found, folder), drawings)
