"""The ledger, its derivations and its flip distances."""

from analysis.loading import modules_in
from analysis.pipeline.places import (
    CLAIMS,
    DENOMINATORS,
    DERIVATIONS,
    DISPUTES,
    FLIPS,
    STATEMENTS,
    SUMMARY,
)
from analysis.pipeline.task import Arguments, Contents, Inputs, Task

SECTIONS = "analysis.claims.sections"


def run(inputs: Inputs, arguments: Arguments) -> Contents:
    """Read the statements and the yearly figures; decide every claim."""
    from analysis.claims import (
        derivation_table,
        entries,
        facts_from,
        flip_table,
        ledger_table,
        summary_table,
    )
    from analysis.sources import read_processed

    names = ("statements", "disputes", "denominators")
    ledger = entries(facts_from(*(read_processed(inputs[name]) for name in names)))
    table = ledger_table(ledger)
    return {
        "claims": table,
        "summary": summary_table(table),
        "derivations": derivation_table(ledger),
        "flips": flip_table(ledger),
    }


def tasks() -> list[Task]:
    """Return the one task; its code is every section's, which are found by their place."""
    return [
        Task(
            name="claims",
            group="claims",
            run=run,
            code=(__name__, *modules_in(SECTIONS)),
            inputs={
                "statements": STATEMENTS,
                "disputes": DISPUTES,
                "denominators": DENOMINATORS,
            },
            products={
                "claims": CLAIMS,
                "derivations": DERIVATIONS,
                "flips": FLIPS,
                "summary": SUMMARY,
            },
        )
    ]
