"""``regions report CODE``: a region's page as HTML and Word, in Chinese and English."""

import argparse
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.files import write_all
from analysis.messages import Text, UserError
from analysis.paths import REPORTS, relative
from analysis.pipeline.commands.building import build_showing
from analysis.pipeline.plan import all_tasks
from analysis.pipeline.task import Task, needed_for
from analysis.pipeline.tasks import regional

if TYPE_CHECKING:
    import pandas as pd

HELP = "a region's page: HTML and Word, English and Chinese / 地区报告页"
# the user's own pages: never in the repository, like everything below reports/local
PAGES = REPORTS / "local" / "regional_pages"
# with the private exhibits, and swept away with them
PRIVATE_PAGES = REPORTS / "local" / "regional" / "pages"
WRITTEN = Text("Written: {files} files in {folder}", "已写入 {files} 个文件：{folder}")
WITH_PRIVATE = Text("The page holds private data and is marked so.", "页面含内部数据，已标明。")
LONGEST_SOURCE = 300


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the place and where its page goes."""
    parser.add_argument("code", metavar="CODE", help="GB/T 2260 code, or a name")
    parser.add_argument("--out", type=Path, help="folder; else below reports/local")


def run(options: argparse.Namespace) -> int:
    """Bring the regional results up to date, then write the page's four files.

    ``options``: code (GB/T 2260 code or a name), out (folder or None), lang.
    """
    tasks = {task.name: task for task in all_tasks()}
    wanted = [tasks[f"{scope.prefix} results"] for scope in regional.scopes()]
    _, code = build_showing(needed_for(wanted, tasks.values()), options.lang)
    if code:
        return code
    for task in reversed(wanted):
        figures = regional.regional_figures(task.inputs, private=bool(task.arguments["private"]))
        place = _code_of(str(options.code), task, figures)
        private = bool(figures.loc[figures["code"] == place, "private"].any())
        # a region that is public in all its figures gets a page that rests on public ones only
        if private or task is wanted[0]:
            break
    folder = (options.out or (PRIVATE_PAGES if private else PAGES)).absolute()
    contents = pages(place, task, figures, folder, private=private)
    write_all(contents)
    if private:
        print(WITH_PRIVATE.in_language(options.lang))
    print(WRITTEN.in_language(options.lang).format(files=len(contents), folder=relative(folder)))
    return 0


def _code_of(asked: str, task: Task, figures: "pd.DataFrame") -> str:
    """Return the code that is meant, by code or name; the nearest name is told, never taken.

    Raises
    ------
    UserError
        If no place is called so, or it has no figure.
    """
    from analysis.disputes.regional import NATION, names_of
    from analysis.sources import read_processed

    provinces = read_processed(task.inputs["provinces"])
    names = names_of(provinces, figures)
    called = {text.lower(): code for code, words in names.items() for text in (code, *words)}
    called |= dict(zip(provinces["name_zh"], provinces["gb2260_code"], strict=True))
    code = called.get(asked.strip().lower())
    if code is None or code == NATION:
        nearest = get_close_matches(asked.strip().lower(), list(called), n=1, cutoff=0.0)
        raise UserError("regional_place", place=asked, nearest=nearest[0])
    if code not in set(figures["code"]):
        raise UserError("regional_nothing", place=names[code], code=code)
    return code


def pages(
    code: str, task: Task, figures: "pd.DataFrame", folder: Path, *, private: bool
) -> dict[Path, bytes]:
    """Return the files of a region's page: CODE_en and CODE_zh, each .html and .docx."""
    from analysis.disputes.regional import plain
    from analysis.exhibits.regional_report.content import page_of
    from analysis.exhibits.regional_report.page_html import as_html
    from analysis.exhibits.regional_report.page_word import as_word
    from analysis.exhibits.regional_report.picture import picture_of

    rates = regional.read_regional(task.products["rates"])
    breaks = regional.read_regional(task.products["breaks"])
    found = figures.loc[figures["code"] == code, "source"]
    sources = tuple(dict.fromkeys(filter(None, (plain(s, LONGEST_SOURCE) for s in found))))
    files: dict[Path, bytes] = {}
    for language in ("en", "zh"):
        page = page_of(code, rates, breaks, sources, language, private=private)
        picture = picture_of(code, rates, language)
        files[folder / f"{code}_{language}.html"] = as_html(page, picture)
        files[folder / f"{code}_{language}.docx"] = as_word(page, picture)
    return files
