"""4,096 specifications with person and year effects from one Parquet file against pyfixest's feols.

The peer fits twenty of them; its time is taken for all.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.effects.cross_products.parquet import from_parquet
from analysis.effects.cross_products.plan import Plan
from analysis.effects.cross_products.specifications import (
    Solved,
    all_subsets,
    equations,
    solved,
)
from analysis.performance.comparison import CFPS_WAVE, CMDS_YEAR, About
from analysis.performance.data_files import parquet_file
from analysis.performance.studies import SEED

YEARS, PROVINCES, FITTED = 8, 31, 20
CONTROLS = tuple(f"x{j}" for j in range(12))
ABOUT = About(
    "4,096 specifications, person and year effects, errors clustered in 31 provinces", "pyfixest",
    quick=(100_000,), full=(CFPS_WAVE, CMDS_YEAR, 1_000_000), tolerance=1e-9,
    peer_share=FITTED / 2 ** len(CONTROLS),
)  # fmt: skip


def data(n: int) -> Path:
    """Return the Parquet file of a panel of persons in provinces, about n rows."""
    return parquet_file("panel", n, (panel(n) for _ in range(1)))


def panel(n: int) -> pd.DataFrame:
    """Return persons over eight years, each in one province."""
    rng = np.random.default_rng(SEED)
    persons = n // YEARS
    person, year = np.repeat(np.arange(persons), YEARS), np.tile(np.arange(YEARS), persons)
    x = rng.normal(size=(len(person), len(CONTROLS)))
    d = (rng.random(len(person)) < 0.3) * 1.0
    effect = rng.normal(size=persons)[person]
    y = 0.1 * d + 0.05 * x.sum(axis=1) + effect + rng.normal(size=len(person))
    frame = pd.DataFrame(x, columns=list(CONTROLS)).assign(y=y, d=d, person=person, year=year)
    return frame.assign(province=rng.integers(0, PROVINCES, persons)[person])


def all_solved(path: Path) -> Solved:
    """Return all specifications, in the order of ``all_subsets``."""
    plan = Plan(("y",), ("d",), CONTROLS, "province", effects=("year",), absorb="person")
    years = tuple(f"C(year)={year}" for year in range(1, YEARS))
    subsets = all_subsets(len(CONTROLS))
    return solved(equations(from_parquet(plan, path), "y", "d", years, CONTROLS, subsets))


def ours(path: Path) -> np.ndarray:
    """Return estimate and error of the first specifications, having solved all of them."""
    found = all_solved(path)
    return np.column_stack([found.estimate, found.std_error])[:FITTED]


def peer(path: Path) -> np.ndarray:
    """Return the same by as many fits."""
    import pyfixest as pf

    frame, found = pd.read_parquet(path), []
    for subset in all_subsets(len(CONTROLS))[:FITTED]:
        controls = [name for name, chosen in zip(CONTROLS, subset, strict=True) if chosen]
        formula = f"y ~ {' + '.join(['d', *controls])} | person + year"
        fit = pf.feols(formula, frame, vcov={"CRV1": "province"}, fixef_tol=1e-12)
        found.append([fit.coef()["d"], fit.se()["d"]])
    return np.array(found)
