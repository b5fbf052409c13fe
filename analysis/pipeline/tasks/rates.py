"""Cases per 10,000 employed and per 10,000 members, and the collective share."""

from analysis.paths import RESULTS
from analysis.pipeline.places import DENOMINATORS, DISPUTES
from analysis.pipeline.task import Arguments, Contents, Inputs, Task

ARGUMENTS = {
    "denominators": [
        "urban_employed_10k_before_2000_census",
        "urban_employed_10k_before_2010_census",
        "urban_employed_10k_rev",
        "union_members_10k",
    ]
}


def run(inputs: Inputs, arguments: Arguments) -> Contents:
    """Read both tables; return the rates, one series a denominator and vintage."""
    from analysis.disputes import rates_table
    from analysis.sources import read_yearly

    disputes, others = read_yearly(inputs["disputes"]), read_yearly(inputs["denominators"])
    denominators = {name: others[name] for name in arguments["denominators"]}
    return {
        "rates": rates_table(disputes["cases_accepted"], disputes["collective_cases"], denominators)
    }


def tasks() -> list[Task]:
    """Return the one task."""
    return [
        Task(
            name="rates",
            group="results",
            run=run,
            code=(__name__,),
            inputs={"disputes": DISPUTES, "denominators": DENOMINATORS},
            products={"rates": RESULTS / "rates.csv"},
            arguments=ARGUMENTS,
        )
    ]
