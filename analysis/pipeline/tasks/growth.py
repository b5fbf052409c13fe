"""Average growth of cases accepted by every definition, and growth year by year."""

from analysis.paths import RESULTS
from analysis.pipeline.places import DISPUTES, STATEMENTS
from analysis.pipeline.task import Arguments, Contents, Inputs, Task

ARGUMENTS = {
    "windows": [[1996, 2007], [1996, 2008], [2008, 2019]],
    # which statements of the article give a window's growth and its rounded end points
    "growth_claims": {"disp-avg-growth": [1996, 2007]},
    "level_claims": {"disp-1996-level": 1996, "disp-2007-level": 2007, "disp-2008-level": 2008},
}


def run(inputs: Inputs, arguments: Arguments) -> Contents:
    """Read the series and what the article states of it; return both tables."""
    from analysis.disputes import growth_table, yearly_growth
    from analysis.sources import read_processed, series_of, vintages_of

    frame = read_processed(inputs["disputes"])
    stated = read_processed(inputs["statements"]).set_index("claim_id")["stated"]
    table = growth_table(
        vintages_of(frame, "cases_accepted", 1996),
        [tuple(window) for window in arguments["windows"]],
        {tuple(window): str(stated[claim]) for claim, window in arguments["growth_claims"].items()},
        {year: 1e4 * float(stated[claim]) for claim, year in arguments["level_claims"].items()},
    )
    return {"growth": table, "yearly": yearly_growth(series_of(frame, "cases_accepted"))}


def tasks() -> list[Task]:
    """Return the one task."""
    return [
        Task(
            name="growth",
            group="results",
            run=run,
            code=(__name__,),
            inputs={"disputes": DISPUTES, "statements": STATEMENTS},
            products={
                "growth": RESULTS / "growth.csv",
                "yearly": RESULTS / "yearly_growth.csv",
            },
            arguments=ARGUMENTS,
        )
    ]
