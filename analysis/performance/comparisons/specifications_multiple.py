"""4,096 specifications against pyfixest's own multiple estimation, csw0: thirteen fits in a call.

Controls are added one after the other; the time of the thirteen is taken for all.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.performance.comparison import About
from analysis.performance.comparisons.specifications import CONTROLS, all_solved, data

__all__ = ["ABOUT", "data", "ours", "peer"]

FITTED = len(CONTROLS) + 1
ABOUT = About(
    "4,096 specifications, person and year effects, against multiple estimation (csw0)",
    "pyfixest", quick=(100_000,), full=(1_000_000,), tolerance=1e-9,
    peer_share=FITTED / 2 ** len(CONTROLS),
)  # fmt: skip


def ours(path: Path) -> np.ndarray:
    """Return estimate and error with the first 0, 1 ... 12 controls, having solved all 4,096."""
    found = all_solved(path)
    cumulative = [2**count - 1 for count in range(FITTED)]
    return np.column_stack([found.estimate, found.std_error])[cumulative]


def peer(path: Path) -> np.ndarray:
    """Return the same by one call."""
    import pyfixest as pf

    formula = f"y ~ d + csw0({', '.join(CONTROLS)}) | person + year"
    fits = pf.feols(formula, pd.read_parquet(path), vcov={"CRV1": "province"}, fixef_tol=1e-12)
    return np.array([[one.coef()["d"], one.se()["d"]] for one in fits.to_list()])
