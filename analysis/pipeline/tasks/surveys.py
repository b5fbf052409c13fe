"""A user's survey files: read, described, and the studies that rest on them; into reports/local.

Tasks are listed for the surveys whose files are there, nothing for the others. The harmonised rows
stay in .jieli; reports/local gets what may be shown of them. A file or study that cannot be used
is named there with its reason and stops nothing else.
"""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from analysis.exhibits.fonts import chinese_font_name
from analysis.loading import modules_in
from analysis.messages import LANGUAGES, Text
from analysis.paths import relative
from analysis.pipeline.places import CHECKED
from analysis.pipeline.surveys import places
from analysis.pipeline.surveys.made import read, study
from analysis.pipeline.surveys.remarks import remarks
from analysis.pipeline.task import Task

__all__ = ["remarks", "sweep", "tasks"]

MADE = "analysis.pipeline.surveys.made"
# what a paper fits whatever its file says
FITTED = ("ols", "wls", "fixed_effects", "two_stage_least_squares", "endogenous_treatment",
          "matching", "quantile")  # fmt: skip
FOLLOWED = ("placebo", "balance", "group_difference", "oster", "cinelli_hazlett")
ESTIMATORS, AFTER = "analysis.effects.estimators", "analysis.effects.after"
STEPS = "analysis.effects.paper.steps"
REMOVED = Text(
    "Removed {folder}: there are no files of {survey} any more.",
    "已删除 {folder}：{survey} 的文件已不存在。",
)


def tasks() -> list[Task]:
    """Return, for each survey with files, its reading and then a task a study."""
    return [task for name in places.found_surveys() for task in _of_survey(name)]


def sweep() -> Iterator[Text]:
    """Remove what was made of surveys whose files are gone; yield a line on each."""
    found = places.found_surveys()
    for folder in sorted(path for path in places.LOCAL.glob("*") if path.name not in found):
        shutil.rmtree(folder)
        places.rows_of(folder.name).unlink(missing_ok=True)
        yield Text(*(
            REMOVED.in_language(x).format(folder=relative(folder), survey=folder.name)
            for x in LANGUAGES
        ))  # fmt: skip


def _of_survey(name: str) -> list[Task]:
    studies = places.studies_of(name)
    return [_reading_task(name), *(_study_task(name, *one) for one in studies.items())]


def _reading_task(name: str) -> Task:
    files = [*places.data_files(name), *places.map_files(name)]
    tables = {table: f"{table}.csv" for table in ("files", *places.PAGES)}
    pages = {f"{page}_{x}": f"{page}_{x}.md" for page in places.PAGES for x in LANGUAGES}
    return Task(
        name=f"survey {name}",
        group="local",
        run=partial(read, name),
        code=(MADE, "analysis.sources.surveys.reading"),
        inputs={
            "checked": CHECKED,
            "fields": places.FIELDS,
            **{relative(path): path for path in files},
        },
        products={
            "rows": places.rows_of(name),
            **{key: places.LOCAL / name / file for key, file in (tables | pages).items()},
        },
        # a file that comes or goes is noticed even where its bytes were there before
        arguments={"files": [relative(path) for path in files]},
    )


def _study_task(name: str, identity: str, path: Path) -> Task:
    return Task(
        name=f"survey {name}: {identity}",
        group="local",
        run=study,
        code=(MADE, *_modules(path)),
        inputs={"rows": places.rows_of(name), "study": path},
        products={},
        folders={"files": places.LOCAL / name / identity},
        arguments={"chinese_font": chinese_font_name()},
    )


def _modules(path: Path) -> Iterator[str]:
    """Yield the modules that a study reaches by name: its own estimators and a paper's steps."""
    equations = places.document(path).get("equation", [])
    fitted = dict.fromkeys([*FITTED, *(equation["estimator"] for equation in equations)])
    yield from (f"{ESTIMATORS}.{estimator}" for estimator in fitted)
    yield from (f"{AFTER}.{tool}" for tool in FOLLOWED)
    yield from modules_in(STEPS)
