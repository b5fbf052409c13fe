"""Joint inference on 4,096 specifications with 999 wild-bootstrap draws; no library does it."""

import numpy as np

from analysis.effects.cross_products.bootstrap import bootstrapped
from analysis.effects.cross_products.draws import draws_of_clusters
from analysis.effects.cross_products.parquet import from_parquet
from analysis.effects.cross_products.plan import Plan
from analysis.effects.cross_products.specifications import (
    Equations,
    all_subsets,
    equations,
    solved,
)
from analysis.effects.specifications.joint import joint_test
from analysis.performance.comparison import About
from analysis.performance.comparisons.specifications import CONTROLS, PROVINCES, YEARS
from analysis.performance.comparisons.specifications import data as panel
from analysis.performance.studies import SEED

DRAWS, CRITICAL = 999, 2.0423
ABOUT = About(
    "joint inference on 4,096 specifications, 999 draws, 31 clusters, after the tensor", "",
    quick=(100_000,), full=(1_000_000,), tolerance=0.0,
)  # fmt: skip


def data(n: int) -> Equations:
    """Return the normal equations of all subsets: the tensor is built beforehand."""
    plan = Plan(("y",), ("d",), CONTROLS, "province", effects=("year",), absorb="person")
    years = tuple(f"C(year)={year}" for year in range(1, YEARS))
    subsets = all_subsets(len(CONTROLS))
    return equations(from_parquet(plan, panel(n)), "y", "d", years, CONTROLS, subsets)


def ours(asked: Equations) -> np.ndarray:
    """Return the curve's three numbers and their p values."""
    found, draws = solved(asked), draws_of_clusters(PROVINCES, DRAWS, SEED)
    drawn = bootstrapped(asked, draws)
    joint = joint_test(
        found.estimate, found.estimate / found.std_error, drawn.slopes.T, drawn.statistics.T,
        CRITICAL, draws.complete,
    )  # fmt: skip
    return np.concatenate([joint.values, joint.p_values])
