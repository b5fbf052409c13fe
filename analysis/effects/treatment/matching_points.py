"""Where rows are for matching: on the score or its index, or among standardised covariates."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.refusals import needs
from analysis.effects.study import Equation
from analysis.effects.treatment.abadie_imbens import whitened
from analysis.effects.treatment.arms import Arms, choice_of, columns_of
from analysis.effects.treatment.propensity import Score, score_of

Array = NDArray[np.float64]
SCORE, INDEX = "score", "index"
MAHALANOBIS, INVERSE_VARIANCE = "mahalanobis", "inverse_variance"
PROPENSITY, COVARIATES = "propensity", "covariates"


class Points(NamedTuple):
    """(n, p) points, the largest distance that is allowed between matches, the score if used."""

    values: Array
    farthest: float
    score: Score | None
    dropped: tuple[str, ...]


def points_of(arms: Arms, exact: pd.DataFrame, equation: Equation) -> Points:
    """Return the points of options ``on``, ``scale``, ``distance`` and ``exact``.

    Rows that differ in an ``exact`` column are put too far apart to be matched.

    Raises
    ------
    UserError
        If the score or an option is refused, or there is nothing to match on.
    """
    if choice_of(equation, "on", (PROPENSITY, COVARIATES)) == PROPENSITY:
        score = score_of(arms, equation)
        line = score.index if choice_of(equation, "scale", (SCORE, INDEX)) == INDEX else None
        values = (score.treated if line is None else line)[:, None]
        return _apart(values, exact, score, score.dropped)
    if arms.covariates.shape[1] == 0:
        raise needs(equation, "controls to match on", "用于匹配的控制变量")
    columns = columns_of(arms.covariates, arms.treated)
    values = columns.scaled[:, 1:]
    if choice_of(equation, "distance", (MAHALANOBIS, INVERSE_VARIANCE)) == MAHALANOBIS:
        values = whitened(values)
    return _apart(values, exact, None, columns.dropped)


def _apart(
    values: Array, exact: pd.DataFrame, score: Score | None, dropped: tuple[str, ...]
) -> Points:
    if exact.shape[1] == 0:
        return Points(values, np.inf, score, dropped)
    codes = exact.groupby(list(exact.columns), sort=True).ngroup().to_numpy(float)
    widest = float(np.sqrt((np.ptp(values, axis=0) ** 2).sum())) + 1.0
    return Points(np.column_stack([values, codes * 4.0 * widest]), 2.0 * widest, score, dropped)
