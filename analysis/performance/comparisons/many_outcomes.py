"""Romano-Wolf across three outcomes against pyfixest."""

from typing import TYPE_CHECKING

import numpy as np

from analysis.effects.study import After
from analysis.performance.comparison import About
from analysis.performance.studies import CONTROLS, SEED, fitted, workers

if TYPE_CHECKING:
    import pandas as pd

DRAWS = 999
OUTCOMES = ("y", "y2", "y3")
ABOUT = About(
    "Romano-Wolf, 3 outcomes, 31 clusters, 999 draws: share of hypotheses rejected at 5 %",
    "pyfixest", quick=(20_000,), full=(20_000, 100_000), tolerance=1e-9,
)  # fmt: skip


def data(n: int) -> "pd.DataFrame":
    """Return workers with three outcomes, two of which the union moves."""
    rng = np.random.default_rng(SEED)
    frame = workers(n)
    noise = rng.normal(size=(n, 2))
    return frame.assign(y2=0.2 * frame["d"] + noise[:, 0], y3=noise[:, 1])


def ours(frame: "pd.DataFrame") -> np.ndarray:
    """Return how many of the adjusted p values are below 5 %: two engines draw differently."""
    rows = fitted(
        frame, "ols", outcomes=OUTCOMES, vcov="cluster", cluster=("city",),
        after=(After("romano_wolf", {"draws": DRAWS}),),
    )  # fmt: skip
    mine = rows[rows["component"].str.startswith("romano_wolf") & (rows["term"] == "d")]
    return np.array([(mine["p_value"].astype(float) < 0.05).mean()])


def peer(frame: "pd.DataFrame") -> np.ndarray:
    """Return the same by pyfixest."""
    import pyfixest as pf

    right = " + ".join(["d", *CONTROLS])
    fits = [pf.feols(f"{name} ~ {right}", frame, vcov={"CRV1": "city"}) for name in OUTCOMES]
    found = pf.rwolf(fits, param="d", reps=DRAWS, seed=SEED)
    return np.array([(found.loc["RW Pr(>|t|)"].astype(float) < 0.05).mean()])
