"""Romano-Wolf as a study file asks for it, twelve outcomes, 9,999 draws, against pyfixest."""

from typing import TYPE_CHECKING

import numpy as np

from analysis.effects.study import After
from analysis.performance.comparison import About
from analysis.performance.comparisons.romano_wolf import ABOUT as TENSOR
from analysis.performance.comparisons.romano_wolf import DRAWS, OUTCOMES, data, peer
from analysis.performance.studies import SEED, fitted

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ABOUT", "data", "ours", "peer"]

ABOUT = About(
    "Romano-Wolf through a study: 12 outcomes fitted, 31 clusters, 9,999 draws: 1 + p of each",
    "pyfixest", quick=(20_000,), full=(100_000,), tolerance=TENSOR.tolerance,
)  # fmt: skip


def ours(frame: "pd.DataFrame") -> np.ndarray:
    """Return 1 + p of each outcome, from the rows of one equation and what follows it."""
    rows = fitted(
        frame, "ols", outcomes=OUTCOMES, vcov="cluster", cluster=("city",),
        after=(After("romano_wolf", {"draws": DRAWS, "seed": SEED}),),
    )  # fmt: skip
    mine = rows[rows["component"].str.startswith("romano_wolf") & (rows["term"] == "d")]
    return 1.0 + mine["p_value"].to_numpy(float)
