"""Oaxaca-Blinder with errors against statsmodels, whose errors are bootstrapped."""

from typing import TYPE_CHECKING

import numpy as np

from analysis.performance.comparison import About
from analysis.performance.studies import CONTROLS, fitted, workers

if TYPE_CHECKING:
    import pandas as pd

DRAWS = 20
ABOUT = About(
    "Oaxaca-Blinder, 5 controls, detailed, with errors (the peer: 20 bootstrap draws, no detail)",
    "statsmodels", quick=(20_000,), full=(20_000, 100_000), tolerance=1e-6,
)  # fmt: skip
data = workers


def ours(frame: "pd.DataFrame") -> np.ndarray:
    """Return unexplained and explained part at pooled coefficients."""
    rows = fitted(frame, "oaxaca_blinder")
    parts = rows[rows["term"] == "d"].set_index("component")["estimate"]
    return parts[["unexplained", "explained"]].to_numpy(float)


def peer(frame: "pd.DataFrame") -> np.ndarray:
    """Return the same by statsmodels."""
    import statsmodels.api as sm
    from statsmodels.stats.oaxaca import OaxacaBlinder

    design = sm.add_constant(frame[[*CONTROLS, "d"]])
    model = OaxacaBlinder(frame["y"], design, "d", hasconst=True, swap=True)
    unexplained, explained, *_ = model.two_fold(std=True, two_fold_type="pooled", n=DRAWS).params
    return np.array([unexplained, explained])
