"""One regression on a Parquet file as long as the 2004 census of legal units, against pyfixest."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.effects.cross_products.parquet import from_parquet
from analysis.effects.cross_products.plan import Plan
from analysis.effects.cross_products.specifications import all_subsets, equations, solved
from analysis.performance.comparison import CEILING, CENSUS_UNITS, CMDS_SEVEN_YEARS, About
from analysis.performance.data_files import parquet_file
from analysis.performance.studies import SEED

PROVINCES, BLOCK, PEER_MOST = 31, 1_000_000, 10_000_000
CONTROLS = ("size", *(f"x{j}" for j in range(7)))
ABOUT = About(
    "8 controls, one continuous, errors clustered in 31 provinces, from one Parquet file",
    "pyfixest", quick=(CMDS_SEVEN_YEARS,),
    full=(CMDS_SEVEN_YEARS, CENSUS_UNITS, PEER_MOST, CEILING), tolerance=1e-8, peer_most=PEER_MOST,
)  # fmt: skip


def data(n: int) -> Path:
    """Return the Parquet file of n units, written block by block."""
    return parquet_file("units", n, _blocks(n))


def _blocks(n: int) -> Iterator[pd.DataFrame]:
    rng = np.random.default_rng(SEED)
    for start in range(0, n, BLOCK):
        yield _block(rng, min(BLOCK, n - start))


def _block(rng: np.random.Generator, n: int) -> pd.DataFrame:
    frame = pd.DataFrame({f"x{j}": rng.integers(0, 3 + j, n).astype(np.int8) for j in range(7)})
    frame["size"] = rng.normal(size=n)
    frame["d"] = (rng.random(n) < 0.3).astype(np.int8)
    frame["province"] = rng.integers(0, PROVINCES, n).astype(np.int8)
    frame["y"] = 0.1 * frame["d"] + 0.2 * frame["size"] + 0.05 * frame["x0"] + rng.normal(size=n)
    return frame


def ours(path: Path) -> np.ndarray:
    """Return the slope and its error."""
    products = from_parquet(Plan(("y",), ("d",), CONTROLS, "province"), path)
    found = solved(equations(products, "y", "d", ("const", *CONTROLS), (), all_subsets(0)))
    return np.array([found.estimate[0], found.std_error[0]])


def peer(path: Path) -> np.ndarray:
    """Return the same by pyfixest, the file read into memory."""
    import pyfixest as pf

    formula = f"y ~ {' + '.join(['d', *CONTROLS])}"
    fit = pf.feols(formula, pd.read_parquet(path), vcov={"CRV1": "province"})
    return np.array([fit.coef()["d"], fit.se()["d"]])
