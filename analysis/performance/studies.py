"""Data and equations that comparisons share: a seeded survey-like sample, one equation fitted."""

from typing import Any

import numpy as np
import pandas as pd

from analysis.effects import estimates
from analysis.effects.study import Equation, Study

SEED = 20170101
CONTROLS = tuple(f"x{j}" for j in range(1, 6))


def workers(n: int, cities: int = 31) -> pd.DataFrame:
    """Return n rows: log wage y, union d (selected on the controls), x1 ... x5, city."""
    rng = np.random.default_rng(SEED)
    x = rng.normal(size=(n, len(CONTROLS)))
    city = rng.integers(0, cities, n)
    index = 0.5 * x[:, 0] - 0.3 * x[:, 1] - 0.4
    d = (rng.logistic(size=n) < index) * 1
    y = 2.0 + 0.1 * d + x @ [0.3, 0.2, 0.1, 0.0, -0.1] + rng.normal(size=n) * (1 + 0.3 * d)
    return pd.DataFrame(x, columns=list(CONTROLS)).assign(d=d, y=y, city=city)


def fitted(frame: pd.DataFrame, estimator: str, **more: Any) -> pd.DataFrame:
    """Return the rows of one equation, outcome y, treatment d, all controls unless told."""
    request: dict[str, Any] = {
        "outcomes": ("y",), "treatments": ("d",), "controls": CONTROLS, "vcov": "HC1", **more
    }  # fmt: skip
    study = {name: request.pop(name) for name in ("entity", "time") if name in request}
    equation = Equation(id="e", estimator=estimator, **request)
    return estimates(Study(id="bench", data="", equations=(equation,), **study), frame)
