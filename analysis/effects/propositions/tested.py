"""Every proposition of a plan, tested on a frame."""

from pathlib import Path

import pandas as pd

from analysis.effects.data_status import is_marked
from analysis.effects.propositions.actors import actors, coverage
from analysis.effects.propositions.compliance import compliance
from analysis.effects.propositions.plan import Plan
from analysis.effects.propositions.rights import rights
from analysis.effects.propositions.rows import COLUMNS
from analysis.messages import UserError
from analysis.sources import read_data, read_data_file


def decided_propositions(plan: Plan, frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row a statement and outcome (columns ``COLUMNS``).

    ``holds`` is 1 where the test rejects the statement's contrary at alpha, 0 where it does not,
    empty where there was nothing to test, with the reason in ``note``.

    Raises
    ------
    UserError
        If a column is unknown, nothing is left to fit, or simulated rows carry a citation.
    """
    if plan.citation and is_marked(frame):
        raise UserError("cited_simulated", file=plan.id, value=plan.citation)
    missing = [name for name in (plan.status, *plan.actors.values()) if name and name not in frame]
    if missing and missing[0] not in plan.derive:
        raise UserError("propositions_column", study=plan.id, column=missing[0])
    rows = [
        found
        for test in (rights, compliance, coverage, actors)
        for found in test(plan, frame)
    ]  # fmt: skip
    return pd.DataFrame(rows).assign(study=plan.id).reindex(columns=COLUMNS)


def data_of(plan: Plan, data: Path | None = None) -> pd.DataFrame:
    """Return the plan's data; ``data`` takes the place of what it names."""
    return read_data_file(data) if data else read_data(plan.data, plan.folder)
