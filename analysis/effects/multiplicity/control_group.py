"""The control group of a fitted equation: the rows that no treatment reaches."""

import numpy as np
from numpy.typing import NDArray

from analysis.effects.estimates import Fitted
from analysis.effects.findings import Asked
from analysis.effects.linear_models.panel import treatment_columns


def control_rows(asked: Asked, fitted: Fitted) -> NDArray[np.bool_]:
    """Return (n,): is every treatment column 0 in the row?

    Raises
    ------
    UserError
        If the treatments are not 0 and 1, or fewer than two rows are untreated.
    """
    sample = fitted.sample
    columns = [name for _, names in treatment_columns(sample) for name in names]
    values = sample.regressors[columns].to_numpy(float)
    if not columns or not np.isin(values, (0.0, 1.0)).all():
        raise asked.needs(
            "treatments of 0 and 1, for a control group", "取值为 0 或 1 的处理变量，以定对照组"
        )
    untreated = (values == 0.0).all(axis=1)
    if untreated.sum() < 2:
        raise asked.needs("two untreated rows or more", "至少两行未受处理的观测")
    return np.asarray(untreated)
