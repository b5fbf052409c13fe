"""The package's own studies, one task each, and all their estimates joined."""

import tomllib
from pathlib import Path

from analysis.paths import RESULTS, ROOT
from analysis.pipeline.places import CHECKED
from analysis.pipeline.task import Arguments, Contents, Inputs, Task

FOLDER = ROOT / "analysis" / "effects" / "studies"
ESTIMATORS, AFTER = "analysis.effects.estimators", "analysis.effects.after"


def run(inputs: Inputs, arguments: Arguments) -> Contents:
    """Fit one study."""
    from analysis.effects.fitting import data_of, estimates
    from analysis.effects.study import read_study

    study = read_study(inputs["study"])
    return {"estimates": estimates(study, data_of(study))}


def join(inputs: Inputs, arguments: Arguments) -> Contents:
    """Join the studies' estimates in order of study; each keeps its own order."""
    import pandas as pd

    from analysis.sources import read_processed

    parts = [read_processed(path) for _, path in sorted(inputs.items())]
    return {"estimates": pd.concat(parts, ignore_index=True)}


def tasks() -> list[Task]:
    """Return a task a study file, then the join."""
    studies = [_study_task(path) for path in sorted(FOLDER.glob("*.toml"))]
    joined = Task(
        name="estimates",
        group="results",
        run=join,
        code=(__name__,),
        inputs={task.name: task.products["estimates"] for task in studies},
        products={"estimates": RESULTS / "estimates.csv"},
    )
    return [*studies, joined]


def _study_task(path: Path) -> Task:
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    used = {f"{ESTIMATORS}.{equation['estimator']}" for equation in document["equation"]}
    used |= {
        f"{AFTER}.{step['name']}"
        for equation in document["equation"]
        for step in equation.get("after", [])
    }
    return Task(
        name=f"study {path.stem}",
        group="results",
        run=run,
        code=(__name__, *sorted(used)),
        inputs={"study": path, "checked": CHECKED},
        products={"estimates": RESULTS / "estimates" / f"{path.stem}.csv"},
    )
