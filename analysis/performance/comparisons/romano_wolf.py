"""Romano-Wolf across twelve outcomes, 9,999 draws, against pyfixest: share of p values alike."""

from typing import TYPE_CHECKING

import numpy as np

from analysis.effects.cross_products.bootstrap import bootstrapped
from analysis.effects.cross_products.draws import draws_of_clusters
from analysis.effects.cross_products.plan import Plan, from_frame
from analysis.effects.cross_products.specifications import all_subsets, equations
from analysis.effects.multiplicity.stepdown import stepdown_p_values
from analysis.performance.comparison import About
from analysis.performance.studies import CONTROLS, SEED, workers

if TYPE_CHECKING:
    import pandas as pd

DRAWS = 9999
OUTCOMES = tuple(f"y{j}" for j in range(12))
# both sides draw for themselves: 1 + p is compared, five standard errors of two p values of 9,999
ABOUT = About(
    "Romano-Wolf, 12 outcomes, 31 clusters, 9,999 draws: 1 + p of each", "pyfixest",
    quick=(20_000,), full=(100_000,), tolerance=5.0 * float(np.sqrt(2 * 0.25 / DRAWS)),
)  # fmt: skip


def data(n: int) -> "pd.DataFrame":
    """Return workers with twelve outcomes, the union's effect growing from none."""
    frame = workers(n)
    noise = np.random.default_rng(SEED).normal(size=(n, len(OUTCOMES)))
    effects = np.linspace(0.0, 8.0, len(OUTCOMES)) / np.sqrt(n)
    return frame.assign(
        **{name: effects[j] * frame["d"] + noise[:, j] for j, name in enumerate(OUTCOMES)}
    )


def ours(frame: "pd.DataFrame") -> np.ndarray:
    """Return 1 + p of each outcome, from one tensor of all of them."""
    products = from_frame(Plan(OUTCOMES, ("d",), CONTROLS, "city"), frame)
    draws = draws_of_clusters(products.n_clusters, DRAWS, SEED)
    always, alone = ("const", *CONTROLS), all_subsets(0)
    found = [
        bootstrapped(equations(products, name, "d", always, (), alone), draws) for name in OUTCOMES
    ]
    observed = np.concatenate([one.observed for one in found])
    statistics = np.concatenate([one.statistics for one in found]).T
    return 1.0 + stepdown_p_values(observed, statistics, draws.complete)


def peer(frame: "pd.DataFrame") -> np.ndarray:
    """Return the same by pyfixest."""
    import pyfixest as pf

    right = " + ".join(["d", *CONTROLS])
    fits = [pf.feols(f"{name} ~ {right}", frame, vcov={"CRV1": "city"}) for name in OUTCOMES]
    found = pf.rwolf(fits, param="d", reps=DRAWS, seed=SEED)
    return 1.0 + found.loc["RW Pr(>|t|)"].to_numpy(float)
