"""Inverse probability weighting and its doubly robust kin against statsmodels."""

from typing import TYPE_CHECKING

import numpy as np

from analysis.performance.comparison import About
from analysis.performance.studies import CONTROLS, fitted, workers

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    "ipw and aipw with a logit score, 5 controls: average effect and its error", "statsmodels",
    quick=(20_000,), full=(20_000, 100_000), tolerance=5e-3,
)  # fmt: skip
data = workers


def ours(frame: "pd.DataFrame") -> np.ndarray:
    """Return both effects and errors."""
    found = [fitted(frame, name, vcov="", options={"effect": "ate"}) for name in ("ipw", "aipw")]
    rows = [table[table["quantity"] == "ate"].iloc[0] for table in found]
    return np.array([row[["estimate", "std_error"]].to_numpy(float) for row in rows])


def peer(frame: "pd.DataFrame") -> np.ndarray:
    """Return the same from statsmodels' joint moment conditions."""
    import statsmodels.api as sm
    from statsmodels.treatment.treatment_effects import TreatmentEffect

    design = sm.add_constant(frame[list(CONTROLS)])
    treated = frame["d"].to_numpy(int)
    score = sm.Logit(treated, design).fit(disp=False)
    effect = TreatmentEffect(sm.OLS(frame["y"], design), treated, results_select=score)
    found = [effect.ipw(return_results=True), effect.aipw(return_results=True)]
    return np.array([[result.results_gmm.params[0], result.sd[0]] for result in found])
