"""Simulated results and their exhibits, all below reports/simulated and labelled as such."""

from types import ModuleType

from analysis.exhibits.fonts import chinese_font_name
from analysis.files import named_hashes
from analysis.loading import load, modules_in
from analysis.paths import REPORTS
from analysis.pipeline.committed import JUDGED
from analysis.pipeline.places import CHECKED
from analysis.pipeline.task import Arguments, Contents, Inputs, Task
from analysis.pipeline.tasks.exhibits import TABLE_STYLE

FOLDER = REPORTS / "simulated"
RESULTS = FOLDER / "results"
PACKAGE = "analysis.exhibits.simulated"
# seed, replications and date go into the results
POWER = {
    "counties": [20, 50, 150, 500, 1500],
    "years": [1, 3, 6],
    "players": [0.05, 0.2],
    "replications": 100,
    "seed": 20170101,
    "simulated_on": "2026-11-25",
}
DEMONSTRATION = {"counties": 1000, "years": 4, "players": 0.2, "seed": 20170101}
# no CSV: the results are one, and the Chinese one's byte order mark is for tables of data
SUFFIXES = {"figure": ("png", "svg"), "table": ("md", "tex", "html", "docx")}


def power(inputs: Inputs, arguments: Arguments) -> Contents:
    """Simulate panels of every size and count in how many the ratchet is seen."""
    from analysis.institutions.ratchet.simulated import power_table

    asked = dict(arguments)
    day = asked.pop("simulated_on")
    return {"power": power_table(**asked).assign(simulated_on=day)}


def demonstrate(inputs: Inputs, arguments: Arguments) -> Contents:
    """Simulate one panel a regime and estimate its bunching."""
    from analysis.institutions.ratchet.simulated import demonstration

    return {"demonstration": demonstration(**arguments)}


def tasks() -> list[Task]:
    """Return the two simulations, then one task an exhibit."""
    simulations = [
        Task(
            name="simulated ratchet power",
            group="simulated",
            run=power,
            code=("analysis.institutions.ratchet.simulated",),
            inputs={"checked": CHECKED},
            products={"power": RESULTS / "ratchet_power.csv"},
            arguments=POWER,
        ),
        Task(
            name="simulated bunching",
            group="simulated",
            run=demonstrate,
            code=("analysis.institutions.ratchet.simulated",),
            inputs={"checked": CHECKED},
            products={"demonstration": RESULTS / "bunching_demonstration.csv"},
            arguments=DEMONSTRATION,
        ),
    ]
    exhibits = [_exhibit_task(load(name)) for name in modules_in(PACKAGE)]
    # committed, not built: where it is not there its exhibits wait for it
    ready = [task for task in exhibits if JUDGED.exists() or JUDGED not in task.inputs.values()]
    return [*simulations, *ready]


def _exhibit_task(module: ModuleType) -> Task:
    name = module.__name__.rpartition(".")[2]
    kind = "figure" if hasattr(module, "draw") else "table"
    return Task(
        name=f"simulated {kind} {name}",
        group="simulated",
        run=lambda inputs, arguments: _files(module, kind, inputs),
        code=(__name__, module.__name__),
        inputs={key: RESULTS / file for key, file in module.ABOUT.inputs.items()},
        products={
            f"{language}_{suffix}": FOLDER / f"{kind}s" / f"{name}_{language}.{suffix}"
            for language in ("en", "zh")
            for suffix in SUFFIXES[kind]
        },
        arguments={"chinese_font": chinese_font_name()} if kind == "figure" else TABLE_STYLE,
        bundled=True,
    )


def _files(module: ModuleType, kind: str, inputs: Inputs) -> Contents:
    from analysis.exhibits.drawing import draw_all, footer_of
    from analysis.exhibits.formats import print_all
    from analysis.sources import read_processed

    rows = module.rows(**{key: read_processed(path) for key, path in inputs.items()})
    if kind == "figure":
        return draw_all(module, rows, named_hashes(inputs.values()))
    footer = {language: footer_of(module, rows, language) for language in ("en", "zh")}
    return print_all(
        module.ABOUT, module.COLUMNS, rows.to_dict("records"), footer, SUFFIXES["table"]
    )
