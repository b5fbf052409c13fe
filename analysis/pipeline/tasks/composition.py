"""Ways of settlement and outcomes, and where the published parts do not fit."""

from analysis.paths import RESULTS
from analysis.pipeline.places import DISPUTES
from analysis.pipeline.task import Arguments, Contents, Inputs, Task


def run(inputs: Inputs, arguments: Arguments) -> Contents:
    """Read the series; return the shares and the inconsistencies."""
    from analysis.disputes import composition_table, consistency_table
    from analysis.sources import read_yearly

    disputes = read_yearly(inputs["disputes"])
    return {
        "composition": composition_table(disputes),
        "consistency": consistency_table(disputes),
    }


def tasks() -> list[Task]:
    """Return the one task."""
    return [
        Task(
            name="composition",
            group="results",
            run=run,
            code=(__name__,),
            inputs={"disputes": DISPUTES},
            products={
                "composition": RESULTS / "composition.csv",
                "consistency": RESULTS / "consistency.csv",
            },
        )
    ]
