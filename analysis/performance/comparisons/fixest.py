"""One regression with person and year effects against R's fixest, where Rscript has it."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.performance.comparison import CFPS_WAVE, CMDS_SEVEN_YEARS, About
from analysis.performance.comparisons.fixed_effects import ours as fitted_here
from analysis.performance.comparisons.specifications import data as parquet
from analysis.performance.studies import CONTROLS

# the panel's first five controls bear the names that the equation has here
NAMES = {f"x{j}": f"x{j + 1}" for j in range(len(CONTROLS))}
ABOUT = About(
    "fixed effects of person and year, 5 controls, from a CSV file read into memory", "fixest",
    quick=(CFPS_WAVE,), full=(CFPS_WAVE, 1_000_000, CMDS_SEVEN_YEARS), tolerance=1e-8,
)  # fmt: skip
PROGRAM = """
rows <- read.csv(commandArgs(TRUE)[1])
fit <- fixest::feols(y ~ d + x1 + x2 + x3 + x4 + x5 | person + year, rows,
                     cluster = ~province, fixef.tol = 1e-10)
cat(sprintf("%.17g", coef(fit)["d"]), sprintf("%.17g", fixest::se(fit)["d"]))
"""
HAS_FIXEST = 'quit(status = if (requireNamespace("fixest", quietly = TRUE)) 0 else 1)'


def unavailable() -> str:
    """Return why the peer is not here; empty where it is."""
    if not shutil.which("Rscript"):
        return "Rscript is not installed"
    done = subprocess.run(["Rscript", "-e", HAS_FIXEST], capture_output=True)
    return "R has no package fixest" if done.returncode else ""


def data(n: int) -> Path:
    """Return a CSV file of about n rows: R reads no Parquet by itself."""
    path = parquet(n).with_suffix(".csv")
    if not path.exists():
        frame = pd.read_parquet(path.with_suffix(".parquet")).rename(columns=NAMES)
        columns = ["y", "d", *CONTROLS, "person", "year", "province"]
        frame.loc[:, ~frame.columns.duplicated()][columns].to_csv(path, index=False)
    return path


def ours(path: Path) -> np.ndarray:
    """Return the union's estimate and error."""
    return fitted_here(pd.read_csv(path))


def peer(path: Path) -> np.ndarray:
    """Return the same by fixest."""
    done = subprocess.run(
        ["Rscript", "-e", PROGRAM, str(path)], capture_output=True, text=True, check=True
    )
    return np.array(done.stdout.split(), dtype=float)
