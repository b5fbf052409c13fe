"""The restricted wild cluster bootstrap of one coefficient against wildboottest."""

from typing import TYPE_CHECKING

import numpy as np

from analysis.effects.cross_products.bootstrap import bootstrapped
from analysis.effects.cross_products.draws import draws_of_clusters
from analysis.effects.cross_products.plan import Plan, from_frame
from analysis.effects.cross_products.specifications import all_subsets, equations
from analysis.effects.multiplicity.stepdown import raw_p_values
from analysis.performance.comparison import CFPS_WAVE, CMDS_YEAR, About
from analysis.performance.studies import CONTROLS, SEED, workers

if TYPE_CHECKING:
    import pandas as pd

DRAWS = 9999
# both sides draw for themselves: 1 + p is compared, five standard errors of two p values of 9,999
ABOUT = About(
    "restricted wild cluster bootstrap, 31 clusters, 9,999 draws: 1 + p", "wildboottest",
    quick=(CFPS_WAVE,), full=(CFPS_WAVE, CMDS_YEAR), tolerance=5.0 * float(np.sqrt(0.5 / DRAWS)),
)  # fmt: skip


def data(n: int) -> "pd.DataFrame":
    """Return workers whose union makes a difference at the border of what can be seen."""
    frame = workers(n)
    noise = np.random.default_rng(SEED).normal(size=n)
    return frame.assign(y=3.0 / np.sqrt(n) * frame["d"] + noise)


def ours(frame: "pd.DataFrame") -> np.ndarray:
    """Return 1 + p."""
    products = from_frame(Plan(("y",), ("d",), CONTROLS, "city"), frame)
    draws = draws_of_clusters(products.n_clusters, DRAWS, SEED)
    asked = equations(products, "y", "d", ("const", *CONTROLS), (), all_subsets(0))
    found = bootstrapped(asked, draws)
    return 1.0 + raw_p_values(found.observed, found.statistics.T, draws.complete)


def peer(frame: "pd.DataFrame") -> np.ndarray:
    """Return the same by wildboottest."""
    import statsmodels.api as sm
    from wildboottest.wildboottest import wildboottest

    design = sm.add_constant(frame[["d", *CONTROLS]])
    model = sm.OLS(frame["y"], design)
    found = wildboottest(
        model, B=DRAWS, cluster=frame["city"], param="d", weights_type="webb", seed=SEED,
        show=False,
    )  # fmt: skip
    return 1.0 + found["p-value"].to_numpy(float)
