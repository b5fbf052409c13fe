"""Every figure and table: results to plotted rows, plotted rows to files; and the index of all.

An exhibit is one file in exhibits/figures or exhibits/tables; it is found by its place.
"""

from collections.abc import Callable
from types import ModuleType

from analysis.exhibits.fonts import chinese_font_name
from analysis.exhibits.printing import style
from analysis.files import named_hashes, sha256
from analysis.loading import load, modules_in
from analysis.paths import REPORTS, RESULTS, relative
from analysis.pipeline.places import CHECKED, EXHIBITS, PLOTTED
from analysis.pipeline.task import Arguments, Contents, Inputs, Task

FIGURES, TABLES = "analysis.exhibits.figures", "analysis.exhibits.tables"
FORMATS = {FIGURES: ("png", "svg"), TABLES: ("csv", "md", "tex", "html", "docx")}
FOLDERS = {FIGURES: "figures", TABLES: "tables"}
TABLE_STYLE = {"styles": sha256(style.FILE)}
KINDS = {FIGURES: "figure", TABLES: "table"}


def tasks() -> list[Task]:
    """Return two tasks an exhibit, and one for the index."""
    found = []
    for package in (FIGURES, TABLES):
        for name in modules_in(package):
            module = load(name)
            found += [_rows_task(module), _files_task(module, package)]
    return [*found, _index_task()]


def _id(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def _rows_task(module: ModuleType) -> Task:
    def run(inputs: Inputs, arguments: Arguments) -> Contents:
        from analysis.sources import read_processed

        return {"rows": module.rows(**{key: read_processed(path) for key, path in inputs.items()})}

    return Task(
        name=f"rows of {_id(module)}",
        group="rows",
        run=run,
        code=(__name__, module.__name__),
        inputs={key: RESULTS / file for key, file in module.ABOUT.inputs.items()},
        products={"rows": PLOTTED / f"{_id(module)}.csv"},
    )


def _files_task(module: ModuleType, package: str) -> Task:
    name, folder = _id(module), REPORTS / FOLDERS[package]
    make: Callable[[ModuleType, Inputs], Contents] = _draw if package == FIGURES else _print
    return Task(
        name=f"{KINDS[package]} {name}",
        group=FOLDERS[package],
        run=lambda inputs, arguments: make(module, inputs),
        code=(__name__, module.__name__),
        inputs={"rows": PLOTTED / f"{name}.csv"},
        products={
            f"{language}_{suffix}": folder / f"{name}_{language}.{suffix}"
            for language in ("en", "zh")
            for suffix in FORMATS[package]
        },
        # a font that appears or goes makes the Chinese figures stale, another style the tables
        arguments={"chinese_font": chinese_font_name()} if package == FIGURES else TABLE_STYLE,
        bundled=True,
    )


def _draw(module: ModuleType, inputs: Inputs) -> Contents:
    from analysis.exhibits.drawing import draw_all
    from analysis.sources import read_processed

    return draw_all(module, read_processed(inputs["rows"]), named_hashes(inputs.values()))


def _print(module: ModuleType, inputs: Inputs) -> Contents:
    from analysis.exhibits.drawing import footer_of
    from analysis.exhibits.formats import print_all
    from analysis.sources import read_processed

    rows = read_processed(inputs["rows"])
    footer = {language: footer_of(module, rows, language) for language in ("en", "zh")}
    return print_all(module.ABOUT, module.COLUMNS, rows.to_dict("records"), footer, FORMATS[TABLES])


def _index_task() -> Task:
    modules = [*modules_in(FIGURES), *modules_in(TABLES)]
    return Task(
        name="index of exhibits",
        group="index",
        run=lambda inputs, arguments: {"index": _index()},
        code=(__name__, *modules),
        inputs={"checked": CHECKED},
        products={"index": EXHIBITS},
    )


def _index() -> object:
    import pandas as pd

    rows = [
        (
            _id(module),
            KINDS[package],
            *module.ABOUT.title,
            relative(path),
            "; ".join(f"reports/results/{file}" for file in module.ABOUT.inputs.values()),
            f"{module.__name__}:{'draw' if package == FIGURES else 'rows'}",
            module.ABOUT.data_kind,
        )
        for package in (FIGURES, TABLES)
        for module in map(load, modules_in(package))
        for path in _files_task(module, package).products.values()
    ]
    columns = ["exhibit", "kind", "title_en", "title_zh", "file", "inputs", "producer", "data_kind"]
    return pd.DataFrame(rows, columns=columns)
