"""Group-time effects of staggered adoption against moderndid."""

from typing import TYPE_CHECKING

import numpy as np

from analysis.performance.comparison import About
from analysis.performance.studies import SEED, fitted

if TYPE_CHECKING:
    import pandas as pd

YEARS, COHORTS = 10, (0, 2013, 2014, 2015, 2016, 2017)
ABOUT = About(
    "group-time effects of five cohorts over ten years: the simple average", "moderndid",
    quick=(20_000,), full=(20_000, 100_000), tolerance=1e-6,
)  # fmt: skip


def data(n: int) -> "pd.DataFrame":
    """Return n rows: counties over ten years, effects that grow with time."""
    import pandas as pd

    rng = np.random.default_rng(SEED)
    county = np.repeat(np.arange(n // YEARS), YEARS)
    year = np.tile(np.arange(2010, 2010 + YEARS), n // YEARS)
    cohort = rng.choice(COHORTS, n // YEARS)[county]
    treated = (cohort > 0) & (year >= cohort)
    y = rng.normal(size=n // YEARS)[county] + 0.1 * (year - 2010) + rng.normal(size=len(county))
    y = y + treated * 0.1 * (1 + year - cohort)
    return pd.DataFrame({"county": county, "year": year, "cohort": cohort, "y": y})


def ours(frame: "pd.DataFrame") -> np.ndarray:
    """Return the simple average of the effects, with analytic errors alone as the peer's."""
    rows = fitted(
        frame, "callaway_santanna", entity="county", time="year", treatments=(), controls=(),
        options={"cohort": "cohort", "bands": "none"},
    )  # fmt: skip
    return rows.loc[rows["component"] == "simple", "estimate"].to_numpy(float)


def peer(frame: "pd.DataFrame") -> np.ndarray:
    """Return the same by moderndid, with its analytic errors."""
    import polars as pl
    from moderndid import aggte, att_gt

    effects = att_gt(
        data=pl.from_pandas(frame), yname="y", tname="year", idname="county", gname="cohort",
        est_method="reg", boot=False, cband=False,
    )  # fmt: skip
    return np.array([aggte(effects, type="simple").overall_att])
