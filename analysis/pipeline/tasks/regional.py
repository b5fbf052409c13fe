"""What regional figures give: rates, breaks, regressions where coverage allows, their exhibits.

Always: the shipped figures, into reports/results/regional_* and reports/regional. While a region is
staged under data/raw/regions: the exhibits that need one. While one is staged as private: the same
of all regions again, into reports/local/regional, each marked. Nothing private reaches the rest.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from analysis.exhibits.fonts import chinese_font_name
from analysis.files import named_hashes
from analysis.loading import load, modules_in
from analysis.messages import Text
from analysis.paths import PROCESSED, REPORTS, RESULTS, relative
from analysis.pipeline.places import DENOMINATORS, DISPUTES
from analysis.pipeline.region_store import alone, staged_regions
from analysis.pipeline.task import Arguments, Contents, Inputs, Task
from analysis.pipeline.tasks.regions import ALL, PUBLIC, VARIABLES

if TYPE_CHECKING:
    import pandas as pd

SHIPPED, MEASURED = "analysis.exhibits.regional.shipped", "analysis.exhibits.regional.measured"
# no CSV: the results are one, and the Chinese one's byte order mark is for tables of data;
# no Markdown: it would pass a name's angle brackets on
SUFFIXES = {"figure": ("png", "svg"), "table": ("tex", "html")}
# those of effects/regional/plan.py, which loads too much to be asked while tasks are listed
ESTIMATORS = ("fixed_effects", "correlated_random_effects", "arellano_bond", "callaway_santanna",
              "sun_abraham")  # fmt: skip
RESULT_NAMES = ("rates", "breaks", "estimates", "coverage")
NO_REGION = Text(
    "no region has been added (regions add FILE)", "尚未加入任何地区（regions add 文件）"
)
DELETED = Text(
    "Deleted {folder}: the regions that it showed are no longer staged.",
    "已删除 {folder}：其所示地区已移除。",
)


@dataclass(frozen=True)
class Scope:
    """Public or private: where results and exhibits go, and whether a user's regions are in."""

    name: str
    regions: Path
    results: Path
    exhibits: Path
    private: bool
    staged: bool

    @property
    def prefix(self) -> str:
        """What the names of the scope's tasks begin with."""
        return "private regional" if self.private else "regional"


def tasks() -> list[Task]:
    """Return the tasks of the scopes that there are: one staged region lists all its exhibits."""
    return [task for scope in scopes() for task in _of_scope(scope)]


def scopes() -> list[Scope]:
    """Return the public scope and, while a private region is staged, the private one."""
    private = [region.private for region in staged_regions()]
    local = REPORTS / "local" / "regional"
    public = Scope("public", PUBLIC, RESULTS, REPORTS / "regional", False, not all(private))
    own = Scope("private", ALL, local / "results", local, True, True)
    return [public, own] if any(private) else [public]


def sweep() -> list[Text]:
    """Delete the exhibits of regions that are no longer staged: theirs are folders of their own."""
    with alone() as free:
        if not free:
            return []
        public, *others = scopes()
        gone = [] if public.staged else [public.exhibits / "measured"]
        gone += [] if others else [REPORTS / "local" / "regional"]
        return [_deleted(folder) for folder in gone if folder.is_dir()]


def _deleted(folder: Path) -> Text:
    shutil.rmtree(folder, ignore_errors=True)
    if not any(folder.parent.iterdir()):
        folder.parent.rmdir()
    return Text(*(words.format(folder=relative(folder)) for words in DELETED))


# --- tasks ------------------------------------------------------------------------------------


def _of_scope(scope: Scope) -> Iterator[Task]:
    yield results_task(scope)
    if not scope.private:
        for name in modules_in(SHIPPED):
            yield from _exhibit_tasks(scope, load(name), "")
    if scope.staged:
        for name in modules_in(MEASURED):
            yield from _exhibit_tasks(scope, load(name), "measured")


def results_task(scope: Scope) -> Task:
    """Return the task of a scope's rates, breaks, estimates and coverage."""
    inputs = {
        "census": PROCESSED / "census2004_unions.csv",
        "fragments": PROCESSED / "province_fragments.csv",
        "provinces": PROCESSED / "provinces.csv",
        "disputes": DISPUTES,
        "denominators": DENOMINATORS,
        "variables": VARIABLES,
    }
    return Task(
        name=f"{scope.prefix} results",
        group="results",
        run=results,
        code=(
            __name__, *modules_in(MEASURED), "analysis.effects.after.pre_trends",
            *(f"analysis.effects.estimators.{name}" for name in ESTIMATORS),
        ),
        inputs=inputs | ({"regions": scope.regions} if scope.staged else {}),
        products={name: scope.results / f"regional_{name}.csv" for name in RESULT_NAMES},
        arguments={"private": scope.private, "staged": scope.staged},
    )  # fmt: skip


def _exhibit_tasks(scope: Scope, module: ModuleType, place: str) -> Iterator[Task]:
    """Yield the task of an exhibit's rows and that of its files."""
    name = module.__name__.rpartition(".")[2]
    kind = "figure" if hasattr(module, "draw") else "table"
    folder = scope.exhibits / place
    rows = folder / "plotted" / f"{name}.csv"
    inputs = {key: scope.results / file for key, file in module.ABOUT.inputs.items()}
    yield Task(
        name=f"{scope.prefix} rows of {name}",
        group="rows",
        run=partial(_rows, module),
        code=(__name__, module.__name__),
        inputs=inputs,
        products={"rows": rows},
    )
    yield Task(
        name=f"{scope.prefix} {kind} {name}",
        group=f"{kind}s",
        run=partial(_files, module, scope.private),
        code=(__name__, module.__name__),
        inputs={"rows": rows},
        products={
            f"{language}_{suffix}": folder / f"{kind}s" / f"{name}_{language}.{suffix}"
            for language in ("en", "zh")
            for suffix in SUFFIXES[kind]
        },
        arguments={"chinese_font": chinese_font_name()} if kind == "figure" else {},
        bundled=True,
    )


# --- work -------------------------------------------------------------------------------------


def results(inputs: Inputs, arguments: Arguments) -> Contents:
    """Read the figures; return rates, breaks, estimates, and what could not be made and why."""
    import pandas as pd

    from analysis.disputes.regional import (
        joined,
        measures_table,
        named,
        names_of,
        national_rows,
        plain,
        regional_breaks,
    )
    from analysis.effects.regional import regional_results
    from analysis.sources import read_processed

    regional = regional_figures(inputs, private=bool(arguments["private"]))
    nation = national_rows(*(read_processed(inputs[key]) for key in ("disputes", "denominators")))
    everything = joined(regional, nation)
    names = names_of(read_processed(inputs["provinces"]), regional)
    rates = named(measures_table(everything), names)
    # a variable that a user declares has a name that the user chose
    breaks = named(regional_breaks(regional), names)
    found = regional_results(regional)
    tables = {"rates": rates, "estimates": found.estimates, "coverage": found.coverage}
    made = _exhibits_made(tables, staged=bool(arguments["staged"]))
    return {
        "rates": rates,
        "breaks": breaks.assign(variable=breaks["variable"].map(plain)),
        "estimates": found.estimates,
        "coverage": pd.concat([found.coverage, made], ignore_index=True),
    }


def regional_figures(inputs: Inputs, *, private: bool) -> "pd.DataFrame":
    """Return shipped and staged figures in base units; private ones where they are asked for."""
    import pandas as pd

    from analysis.disputes.regional import shipped_rows, with_shipped
    from analysis.sources import read_processed

    shipped = shipped_rows(*(read_processed(inputs[key]) for key in ("census", "fragments")))
    if "regions" not in inputs:
        return with_shipped(pd.DataFrame(), shipped)
    texts = dict.fromkeys(("code", "unit", "missing_kind", "status", "source", "name"), "str")
    staged = pd.read_csv(inputs["regions"], keep_default_na=False, na_values=[""], dtype=texts)
    if not private:
        # a table that does not say what is private is not read as if nothing were
        staged = staged[staged["private"].astype(str).str.lower() == "false"]
    return with_shipped(staged, shipped)


def _exhibits_made(tables: dict[str, "pd.DataFrame"], *, staged: bool) -> "pd.DataFrame":
    """Return a coverage row an exhibit of a user's regions: made, or the reason why not."""
    import pandas as pd

    found = []
    for name in modules_in(MEASURED):
        module = load(name)
        rows = module.rows(**{key: tables[key] for key in module.ABOUT.inputs})
        reason = module.wanting(rows) if staged else NO_REGION
        found.append({
            "exhibit": name.rpartition(".")[2],
            "kind": "figure" if hasattr(module, "draw") else "table",
            "made": reason is None, "rows": len(rows),
            "reason_en": reason.en if reason else "", "reason_zh": reason.zh if reason else "",
        })  # fmt: skip
    return pd.DataFrame(found)


def _rows(module: ModuleType, inputs: Inputs, arguments: Arguments) -> Contents:
    return {"rows": module.rows(**{key: read_regional(path) for key, path in inputs.items()})}


def read_regional(path: Path) -> "pd.DataFrame":
    """Return a regional table with its codes as text."""
    import pandas as pd

    return pd.read_csv(path, keep_default_na=False, na_values=[""], dtype={"code": "str"})


def _files(module: ModuleType, private: bool, inputs: Inputs, arguments: Arguments) -> Contents:
    from analysis.exhibits.drawing import draw_all, footer_of
    from analysis.exhibits.formats import print_all
    from analysis.exhibits.regional.words import marked_private

    exhibit = marked_private(module) if private else module
    rows = read_regional(inputs["rows"])
    if hasattr(module, "draw"):
        return draw_all(exhibit, rows, named_hashes(inputs.values()))
    footer = {language: footer_of(exhibit, rows, language) for language in ("en", "zh")}
    files = print_all(exhibit.ABOUT, exhibit.COLUMNS, rows.to_dict("records"), footer)
    return {key: content for key, content in files.items() if key.endswith(SUFFIXES["table"])}
