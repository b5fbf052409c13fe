"""The article's institutions: the fee chain of its county, the target game, deposit, attention."""

from analysis.institutions.fee_chain.rules import rule_files
from analysis.paths import RESULTS, relative
from analysis.pipeline.places import CHECKED, STATEMENTS
from analysis.pipeline.task import Arguments, Contents, Inputs, Task

FEES = ("fee_split", "fee_caps", "fee_attainment", "fee_waterfall", "fee_identified_set")


def fees(inputs: Inputs, arguments: Arguments) -> Contents:
    """Read the article's figures; return its county's tables."""
    from analysis.institutions.fee_chain.article import article_county
    from analysis.institutions.fee_chain.tables import county_tables
    from analysis.sources import read_processed

    return county_tables(article_county(read_processed(inputs["statements"])))


def ratchet(inputs: Inputs, arguments: Arguments) -> Contents:
    """Solve the target game."""
    from analysis.institutions.ratchet.statics import policy_table, statics_table

    return {"policy": policy_table(), "statics": statics_table()}


def deposit(inputs: Inputs, arguments: Arguments) -> Contents:
    """Derive the signs of the deposit's predictions."""
    from analysis.institutions.deposit.predictions import predictions_table

    return {"predictions": predictions_table()}


def attention(inputs: Inputs, arguments: Arguments) -> Contents:
    """Ask which rankings follow from the article's order."""
    from analysis.institutions.attention.rankings import power_table, rankings_table

    return {"rankings": rankings_table(), "reach": power_table()}


def tasks() -> list[Task]:
    """Return one task an institution; a rule file is an input like any other."""
    rules = {relative(path): path for path in rule_files()}
    waiting = {"checked": CHECKED}
    return [
        Task(
            name="fee chain",
            group="results",
            run=fees,
            code=(__name__,),
            inputs={"statements": STATEMENTS, **rules},
            products={name: RESULTS / f"{name}.csv" for name in FEES},
        ),
        Task(
            name="ratchet",
            group="results",
            run=ratchet,
            code=("analysis.institutions.ratchet.statics",),
            inputs=waiting,
            products={
                "policy": RESULTS / "ratchet_policy.csv",
                "statics": RESULTS / "ratchet_statics.csv",
            },
        ),
        Task(
            name="deposit predictions",
            group="results",
            run=deposit,
            code=("analysis.institutions.deposit.predictions",),
            inputs=waiting,
            products={"predictions": RESULTS / "deposit_predictions.csv"},
        ),
        Task(
            name="borrowed power",
            group="results",
            run=attention,
            code=("analysis.institutions.attention.rankings",),
            inputs=waiting,
            products={
                "rankings": RESULTS / "borrowed_power.csv",
                "reach": RESULTS / "borrowed_power_reach.csv",
            },
        ),
    ]
