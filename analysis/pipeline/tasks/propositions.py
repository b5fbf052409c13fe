"""Propositions on simulated workers, and the power of a comparison between provinces."""

from analysis.pipeline.places import CHECKED
from analysis.pipeline.task import Arguments, Contents, Inputs, Task
from analysis.pipeline.tasks.simulated import RESULTS

JUDGED = {"workers": 4000, "replications": 20, "seed": 20170101}
POWER = {
    "provinces": [25, 31],
    "persons": [100, 400],
    "intra_class": [0.02, 0.05, 0.1],
    "replications": 10000,
    "seed": 20170101,
}


def judge(inputs: Inputs, arguments: Arguments) -> Contents:
    """Test every statement in every world, again and again."""
    from analysis.effects.propositions.judged import judged

    return {"judged": judged(**arguments)}


def power(inputs: Inputs, arguments: Arguments) -> Contents:
    """Return the smallest detectable effects, each checked by simulation."""
    from analysis.effects.propositions.power import power_table

    return {"power": power_table(**arguments)}


def tasks() -> list[Task]:
    """Return both simulations; their exhibits are found with the other simulated ones."""
    return [
        Task(
            name="simulated propositions",
            group="simulated",
            run=judge,
            code=("analysis.effects.propositions.judged",),
            inputs={"checked": CHECKED},
            products={"judged": RESULTS / "propositions.csv"},
            arguments=JUDGED,
        ),
        Task(
            name="simulated power between provinces",
            group="simulated",
            run=power,
            code=("analysis.effects.propositions.power",),
            inputs={"checked": CHECKED},
            products={"power": RESULTS / "province_power.csv"},
            arguments=POWER,
        ),
    ]
