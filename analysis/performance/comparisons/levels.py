"""Workers in firms in cities by REML against statsmodels."""

from typing import TYPE_CHECKING

import numpy as np

from analysis.performance.comparison import About
from analysis.performance.studies import SEED, fitted, workers

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    "multilevel, workers in firms (20 each) in 100 cities, REML: the union's coefficient and error",
    "statsmodels", quick=(5_000,), full=(5_000, 20_000), tolerance=2e-3,
)  # fmt: skip


def data(n: int) -> "pd.DataFrame":
    """Return n workers with effects of firm and city."""
    rng = np.random.default_rng(SEED)
    firms = max(n // 20, 10)
    firm = rng.integers(0, firms, n)
    city = rng.integers(0, 100, firms)[firm]
    effect = 0.5 * rng.normal(size=firms)[firm] + 0.3 * rng.normal(size=100)[city]
    return workers(n).assign(firm=firm, city=city, y=lambda f: f["y"] + effect)


def ours(frame: "pd.DataFrame") -> np.ndarray:
    """Return the union's coefficient and error."""
    rows = fitted(frame, "multilevel", vcov="classical", options={"levels": ["city", "firm"]})
    return rows[rows["term"] == "d"].iloc[0][["estimate", "std_error"]].to_numpy(float)


def peer(frame: "pd.DataFrame") -> np.ndarray:
    """Return the same by statsmodels."""
    import statsmodels.formula.api as smf

    model = smf.mixedlm(
        "y ~ d + x1 + x2 + x3 + x4 + x5", frame, groups="city", re_formula="1",
        vc_formula={"firm": "0 + C(firm)"},
    )  # fmt: skip
    found = model.fit()
    return np.array([found.params["d"], found.bse["d"]])
