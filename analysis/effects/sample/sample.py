"""What an estimator is handed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """What an estimator is handed: complete rows only, in the file's order.

    Attributes
    ----------
    outcome
        (n,) values of the outcome.
    regressors, instruments, endogenous
        (n, k) columns by term name, no constant; ``regressors`` holds treatments, then controls.
    absorbed
        (n, a) codes of the effects to absorb.
    entity, time, clusters, weights
        Codes and weights by row where the study names them, else None (clusters: a frame).
    counts
        (what, rows left) after each step.
    others
        Columns that options of the estimator name: an estimator's constant OPTION_COLUMNS lists
        the options (``event``, ``system`` ...) whose values, one expression or a list of them, are
        columns; here they are named option, or option[0], option[1] ... for a list.
    terms
        Columns by term of the options that hold lists of terms (a propensity score's, a selection
        equation's): an estimator's constant OPTION_TERMS lists those options.
    positions
        (n,) positions of the rows in the file.
    notes
        What had to be said on the way.
    """

    outcome: Array
    regressors: pd.DataFrame
    instruments: pd.DataFrame
    endogenous: pd.DataFrame
    absorbed: pd.DataFrame
    entity: pd.Series | None
    time: pd.Series | None
    clusters: pd.DataFrame
    weights: Array | None
    treatments: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]
    others: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: tuple[str, ...] = field(default=())
    terms: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    positions: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @property
    def n_obs(self) -> int:
        """Number of rows."""
        return len(self.outcome)
