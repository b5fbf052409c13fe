"""Organisation rate and member density by province, from the census of 2004."""

from analysis.paths import PROCESSED, RESULTS
from analysis.pipeline.task import Arguments, Contents, Inputs, Task


def run(inputs: Inputs, arguments: Arguments) -> Contents:
    """Read the census table; return both rates by place."""
    from analysis.effects.evidence.organisation import organisation_table
    from analysis.sources import read_processed

    return {"organisation": organisation_table(read_processed(inputs["census"]))}


def tasks() -> list[Task]:
    """Return the one task."""
    return [
        Task(
            name="organisation",
            group="results",
            run=run,
            code=(__name__,),
            inputs={"census": PROCESSED / "census2004_unions.csv"},
            products={"organisation": RESULTS / "organisation.csv"},
        )
    ]
