"""Each exhibit with its program, the line, the rows that it shows and its files."""

from types import ModuleType
from typing import NamedTuple

from analysis.exhibits.readme.tables import pipe_table
from analysis.exhibits.report import chapters, complete, numbers
from analysis.files import read_text
from analysis.loading import load, modules_in
from analysis.paths import ROOT

INPUTS: dict[str, str] = {}
ROOM = "analysis.exhibits"
FOLDERS = {
    "figures": "reports",
    "tables": "reports",
    "regional.shipped": "reports/regional",
    "simulated": "reports/simulated",
}
PLOTTED = {"reports": "reports/results/plotted", "reports/regional": "reports/regional/plotted"}


class Listed(NamedTuple):
    """An exhibit's module, the folder of its kind, and its kind."""

    module: ModuleType
    folder: str
    kind: str


def text() -> str:
    """Return a row an exhibit, numbered and in the order of the report."""
    listed = dict(_listed())
    kinds = {name: entry.module.ABOUT.data_kind for name, entry in listed.items()}
    files = {file for chapter in chapters() for file in chapter.files}
    number = numbers(complete(chapters(), kinds, files), listed)
    rows = [_row(name, listed[name], place) for name, place in number.items()]
    return pipe_table(("exhibit", "program", "line", "rows drawn or printed", "files"), rows)


def _listed() -> list[tuple[str, Listed]]:
    return [
        (
            name.rpartition(".")[2],
            Listed(module, folder, "figure" if hasattr(module, "draw") else "table"),
        )
        for package, folder in FOLDERS.items()
        for name in modules_in(f"{ROOM}.{package}")
        for module in [load(name)]
    ]


def _row(name: str, entry: Listed, number: int) -> tuple[str, ...]:
    module, folder, kind = entry
    program = module.__name__.replace(".", "/") + ".py"
    if folder in PLOTTED:
        data = f"`{PLOTTED[folder]}/{name}.csv`"
    else:
        data = ", ".join(f"`{folder}/results/{file}`" for file in module.ABOUT.inputs.values())
    return (
        f"{kind.capitalize()} {number}, {module.ABOUT.title.en}",
        f"`{program}`",
        str(_line(program, "draw" if kind == "figure" else "rows")),
        data,
        f"`{folder}/{kind}s/{name}_*`",
    )


def _line(program: str, function: str) -> int:
    """Return the line on which a program defines a function."""
    before, _, _ = read_text(ROOT / program).partition(f"\ndef {function}(")
    return before.count("\n") + 2
