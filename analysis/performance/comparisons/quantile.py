"""Quantile regression at five quantiles against statsmodels."""

from typing import TYPE_CHECKING

import numpy as np

from analysis.performance.comparison import About
from analysis.performance.studies import CONTROLS, fitted, workers

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    "quantile regression, five quantiles, 5 controls: the union's coefficients", "statsmodels",
    quick=(20_000,), full=(20_000, 100_000), tolerance=2e-2,
)  # fmt: skip
data = workers
QUANTILES = [0.1, 0.25, 0.5, 0.75, 0.9]


def ours(frame: "pd.DataFrame") -> np.ndarray:
    """Return the five coefficients, exact minima of the check function."""
    rows = fitted(frame, "quantile", options={"quantiles": QUANTILES})
    return rows.loc[rows["term"] == "d", "estimate"].to_numpy(float)


def peer(frame: "pd.DataFrame") -> np.ndarray:
    """Return the same by statsmodels, whose iterations stop near the minimum."""
    import statsmodels.api as sm

    model = sm.QuantReg(frame["y"], sm.add_constant(frame[["d", *CONTROLS]]))
    return np.array([model.fit(q=q, max_iter=5000).params["d"] for q in QUANTILES])
