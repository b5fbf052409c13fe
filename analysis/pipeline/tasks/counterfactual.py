"""2008 against what 1996-2007 led one to expect."""

from analysis.paths import RESULTS
from analysis.pipeline.places import DISPUTES
from analysis.pipeline.task import Arguments, Contents, Inputs, Task


def run(inputs: Inputs, arguments: Arguments) -> Contents:
    """Read the series; return the four paths."""
    from analysis.disputes import counterfactual_table
    from analysis.sources import read_yearly

    cases = read_yearly(inputs["disputes"])["cases_accepted"]
    return {"counterfactual": counterfactual_table(cases)}


def tasks() -> list[Task]:
    """Return the one task."""
    return [
        Task(
            name="counterfactual",
            group="results",
            run=run,
            code=(__name__,),
            inputs={"disputes": DISPUTES},
            products={"counterfactual": RESULTS / "counterfactual.csv"},
        )
    ]
