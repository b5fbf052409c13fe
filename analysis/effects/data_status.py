"""What kind of data a study rests on: simulated, teaching data, or a survey's own rows."""

import pandas as pd

from analysis.effects.study import Study
from analysis.messages import UserError
from analysis.sources import teaching_data_sets

SIMULATED, TEACHING, REAL = "simulated", "teaching", "survey"
TWIN = "twin:"
NOTE = "simulated data"


def status_of(study: Study, frame: pd.DataFrame | None = None) -> str:
    """Return simulated, teaching or survey; one simulated row makes the whole study simulated.

    ``frame`` is the study's data where they are at hand: a file may mark its own rows in a column
    ``simulated``.
    """
    if study.data.startswith(TWIN) or (frame is not None and is_marked(frame)):
        return SIMULATED
    return TEACHING if study.data in teaching_data_sets() else REAL


def require_uncited(study: Study, frame: pd.DataFrame, file: str = "") -> None:
    """Refuse simulated rows to a study that is cited: no cited name stands over such numbers.

    Raises
    ------
    UserError
        If the rows are simulated and the study carries a citation; ``file`` names it.
    """
    if study.citation and status_of(study, frame) == SIMULATED:
        raise UserError("cited_simulated", file=file or study.id, value=study.citation)


def without_p(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of the estimates contract made of simulated data: no p value, and said so."""
    said = [f"{NOTE}; {note}" if note else NOTE for note in rows["note"].fillna("")]
    return rows.assign(p_value=None, note=said)


def is_marked(frame: pd.DataFrame) -> bool:
    """Say whether any row is marked as simulated."""
    if SIMULATED not in frame:
        return False
    return bool((frame[SIMULATED].fillna(False).astype(float) > 0).any())
