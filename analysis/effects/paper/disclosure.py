"""What a paper may show of a real survey: which columns and terms under ten persons stand behind.

Simulated and teaching data hide nobody.
"""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.effects.data_status import REAL
from analysis.effects.estimates import Fitted
from analysis.messages import Text
from analysis.sources.surveys import enough, may_be_shown

if TYPE_CHECKING:
    from analysis.effects.paper.work import Work

FEW = Text("not shown: under 10 persons in a cell", "有单元不足10人，不予显示")


def is_hidden(work: "Work", fitted: Fitted) -> bool:
    """Say whether a fit may not be shown at all.

    So it is where under ten persons are in the sample, in an arm of the treatment, or gave one of
    two answers of the outcome.
    """
    return work.status == REAL and not shown_at_all(fitted, work.persons_of(fitted))


def hidden_terms(work: "Work", fitted: Fitted) -> set[str]:
    """Return the regressors of two values of which under ten persons have one."""
    if work.status != REAL:
        return set()
    return rare_terms(fitted, work.persons_of(fitted))


def shown_at_all(fitted: Fitted, persons: pd.Series) -> bool:
    """Say whether ten persons stand behind the sample, each arm, each of two outcomes."""
    sample = fitted.sample
    columns = _columns(fitted)
    parts = [columns[name] for name in [*sample.treatments, *sample.endogenous] if name in columns]
    outcome = pd.Series(np.asarray(sample.outcome, dtype=float))
    return enough(persons) and all(may_be_shown(part, persons) for part in [*parts, outcome])


def rare_terms(fitted: Fitted, persons: pd.Series) -> set[str]:
    """Return the regressors and instruments that may not be shown; ``persons`` are the rows'."""
    columns = _columns(fitted)
    return {str(name) for name in columns if not may_be_shown(columns[name], persons)}


def _columns(fitted: Fitted) -> pd.DataFrame:
    sample = fitted.sample
    blocks = [sample.regressors, sample.endogenous, sample.instruments]
    return pd.concat([block.reset_index(drop=True) for block in blocks], axis=1)
