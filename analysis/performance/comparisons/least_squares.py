"""Least squares with clustered errors against statsmodels."""

from typing import TYPE_CHECKING

import numpy as np

from analysis.performance.comparison import About
from analysis.performance.studies import CONTROLS, fitted, workers

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    "least squares, 5 controls, errors clustered in 31 cities", "statsmodels",
    quick=(100_000,), full=(100_000, 1_000_000), tolerance=1e-8,
)  # fmt: skip
data = workers


def ours(frame: "pd.DataFrame") -> np.ndarray:
    """Return the union's estimate and error."""
    rows = fitted(frame, "ols", vcov="cluster", cluster=("city",)).set_index("term")
    return rows.loc["d", ["estimate", "std_error"]].to_numpy(float)


def peer(frame: "pd.DataFrame") -> np.ndarray:
    """Return the same by statsmodels."""
    import statsmodels.api as sm

    design = sm.add_constant(frame[["d", *CONTROLS]])
    found = sm.OLS(frame["y"], design).fit(
        cov_type="cluster", cov_kwds={"groups": frame["city"], "use_correction": True}
    )
    return np.array([found.params["d"], found.bse["d"]])
