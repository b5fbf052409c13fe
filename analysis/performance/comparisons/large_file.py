"""One regression on a Parquet file as long as the 2004 census of legal units, against pyfixest."""

import atexit
import shutil
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.effects.cross_products.parquet import from_parquet
from analysis.effects.cross_products.plan import Plan
from analysis.effects.cross_products.specifications import all_subsets, equations, solved
from analysis.performance.comparison import About
from analysis.performance.studies import SEED

PROVINCES, BLOCK = 31, 1_000_000
CONTROLS = ("size", *(f"x{j}" for j in range(7)))
# the national economic census of 2004 counted 5,168,303 legal units
ABOUT = About(
    "8 controls, one continuous, errors clustered in 31 provinces, from one Parquet file",
    "pyfixest", quick=(1_000_000,), full=(5_168_303, 10_000_000), tolerance=1e-8,
)  # fmt: skip


def data(n: int) -> Path:
    """Write n rows to a Parquet file, block by block; it is removed at the end."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    rng, path, writer = np.random.default_rng(SEED), folder / "units.parquet", None
    for start in range(0, n, BLOCK):
        block = pa.Table.from_pandas(_block(rng, min(BLOCK, n - start)))
        writer = writer or pq.ParquetWriter(path, block.schema)
        writer.write_table(block)
    if writer:
        writer.close()
    return path


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
