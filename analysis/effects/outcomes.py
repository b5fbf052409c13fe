"""Samples of an equation's outcomes: those that miss the same rows share all but the outcome."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.sample import Sample, numbers_of, scope_of, take_sample
from analysis.effects.study import Equation, Study


def samples_of_outcomes(
    study: Study,
    equation: Equation,
    outcomes: Sequence[str],
    frame: pd.DataFrame,
    **options: Any,
) -> Iterator[Sample]:
    """Yield the sample of each outcome; ``options`` as ``take_sample`` has them.

    Samples with the same rows have the same regressors, not a copy: what follows may share its
    work by ``sample.regressors is other.regressors``.

    Raises
    ------
    UserError
        As ``take_sample``.
    """
    if len(outcomes) == 1:
        yield take_sample(study, equation, outcomes[0], frame, **options)
        return
    scope = scope_of(study, frame)
    taken: list[tuple[NDArray[np.bool_], Sample]] = []
    for outcome in outcomes:
        values = numbers_of([outcome], scope).iloc[:, 0].to_numpy(float)
        there = np.isfinite(values)
        like = next((one for rows, one in taken if (rows == there).all()), None)
        if like is None:
            sample = take_sample(study, equation, outcome, frame, **options)
            taken.append((there, sample))
        else:
            sample = replace(like, outcome=values[like.positions])
        yield sample
