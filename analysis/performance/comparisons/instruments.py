"""Two-stage least squares with clustered errors against linearmodels."""

from typing import TYPE_CHECKING

import numpy as np

from analysis.performance.comparison import CFPS_WAVE, CMDS_YEAR, About
from analysis.performance.studies import CONTROLS, SEED, fitted, workers

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    "two-stage least squares, 5 controls, 2 instruments, errors clustered in 31 cities",
    "linearmodels", quick=(CFPS_WAVE,), full=(CFPS_WAVE, CMDS_YEAR, 1_000_000), tolerance=1e-8,
)  # fmt: skip


def data(n: int) -> "pd.DataFrame":
    """Return workers with two instruments of the union."""
    rng = np.random.default_rng(SEED + 1)
    frame = workers(n)
    z = 0.5 * frame["d"].to_numpy()[:, None] + rng.normal(size=(n, 2))
    return frame.assign(z1=z[:, 0], z2=z[:, 1])


def ours(frame: "pd.DataFrame") -> np.ndarray:
    """Return the union's estimate and error."""
    rows = fitted(
        frame, "two_stage_least_squares", vcov="cluster", cluster=("city",), treatments=(),
        endogenous=("d",), instruments=("z1", "z2"),
    )  # fmt: skip
    return rows.set_index("term").loc["d", ["estimate", "std_error"]].to_numpy(float)


def peer(frame: "pd.DataFrame") -> np.ndarray:
    """Return the same by linearmodels, with the factor that it leaves out, G/(G-1) (n-1)/(n-k)."""
    from linearmodels.iv import IV2SLS

    design = frame[list(CONTROLS)].assign(const=1.0)
    model = IV2SLS(frame["y"], design, frame[["d"]], frame[["z1", "z2"]])
    fit = model.fit(cov_type="clustered", clusters=frame["city"])
    n, groups, k = len(frame), frame["city"].nunique(), len(CONTROLS) + 2
    factor = groups / (groups - 1) * (n - 1) / (n - k)
    return np.array([fit.params["d"], fit.std_errors["d"] * np.sqrt(factor)])
