"""Tests for a break at 2008 and at a date not known beforehand."""

from analysis.paths import RESULTS
from analysis.pipeline.places import DISPUTES
from analysis.pipeline.task import Arguments, Contents, Inputs, Task


def run(inputs: Inputs, arguments: Arguments) -> Contents:
    """Read the series; return one row a test."""
    from analysis.disputes import breaks_table
    from analysis.sources import read_yearly

    return {"breaks": breaks_table(read_yearly(inputs["disputes"])["cases_accepted"])}


def tasks() -> list[Task]:
    """Return the one task."""
    return [
        Task(
            name="breaks",
            group="results",
            run=run,
            code=(__name__,),
            inputs={"disputes": DISPUTES},
            products={"breaks": RESULTS / "breaks.csv"},
        )
    ]
