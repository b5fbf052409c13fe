"""One regression with person and year effects against linearmodels."""

from typing import TYPE_CHECKING

import numpy as np

from analysis.performance.comparison import CFPS_WAVE, CMDS_YEAR, About
from analysis.performance.comparisons.fixed_effects import data, ours
from analysis.performance.studies import CONTROLS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ABOUT", "data", "ours", "peer"]

ABOUT = About(
    "fixed effects of person and year, 5 controls, errors clustered in 31 provinces",
    "linearmodels", quick=(CFPS_WAVE,), full=(CFPS_WAVE, CMDS_YEAR, 1_000_000), tolerance=1e-8,
)  # fmt: skip


def peer(frame: "pd.DataFrame") -> np.ndarray:
    """Return the same by linearmodels, with the years, which its factor leaves out, counted."""
    from linearmodels.panel import PanelOLS

    panel = frame.set_index(["person", "year"])
    model = PanelOLS(panel["y"], panel[["d", *CONTROLS]], entity_effects=True, time_effects=True)
    fit = model.fit(
        cov_type="clustered", clusters=panel[["province"]], auto_df=False, count_effects=False,
        group_debias=True,
    )  # fmt: skip
    n, k, years = len(panel), 1 + len(CONTROLS), frame["year"].nunique()
    factor = (n - k) / (n - k - years)
    return np.array([fit.params["d"], fit.std_errors["d"] * np.sqrt(factor)])
