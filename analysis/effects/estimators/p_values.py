"""Adjusted p values of a column of them: a published table's tests taken as one family.

Bonferroni, Holm, Benjamini and Hochberg, Benjamini and Yekutieli, Anderson's sharpened q; the
formulas and their sources stand in multiplicity/adjusted.py.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.multiplicity.adjusted import METHODS, SHARPENED, adjusted, rejections
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]
VCOVS = ("classical",)
LEVEL, MOST = 0.05, 10_000
ABOUT = About(
    fits="adjusted p values of a column of p values",
    needs="outcome: the p values, no treatment, no controls; option level (0.05)",
    reports="one row a p value and method; numbers of rejections at the level",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Return each p value (component raw) and its adjusted values, terms "row 1", "row 2" ...

    Rows are numbered as in the file. The extras hold the numbers of rejections at ``level``.

    Raises
    ------
    UserError
        If the column holds other than p values, fewer than two or more than 10,000; if terms,
        weights, clusters or another option are given; if the level is not between 0 and 1.
    """
    require_plain(equation, ("level",))
    _require_p_values(sample, equation)
    level = _level(equation)
    found = {"raw": sample.outcome}
    found |= {method: adjusted(sample.outcome, method) for method in (*METHODS, SHARPENED)}
    m = sample.n_obs
    rows = [f"row {position + 1}" for position in sample.positions]
    k = m * len(found)
    # p values have no errors: zeros that take no memory
    nothing = np.broadcast_to(0.0, (k, k))
    return Fit(
        terms=tuple(rows * len(found)),
        estimate=np.concatenate(list(found.values())),
        bread=nothing,
        scores=np.broadcast_to(0.0, (m, k)),
        classical=nothing,
        df_resid=np.inf,
        distribution="normal",
        components=tuple(name for name in found for _ in rows),
        quantities=("test",) * k,
        extras=_extras(found, level),
    )


def _extras(found: dict[str, Array], level: float) -> dict[str, Any]:
    counts = {f"rejections_{name}": rejections(values, level) for name, values in found.items()}
    return {"level": level, "tests": len(found["raw"]), **counts}


def _level(equation: Equation) -> float:
    level = equation.options.get("level", LEVEL)
    if isinstance(level, bool) or not isinstance(level, int | float) or not 0.0 < level < 1.0:
        raise needs(equation, "options.level between 0 and 1", "options.level 在 0 与 1 之间")
    return float(level)


def _require_p_values(sample: Sample, equation: Equation) -> None:
    if sample.regressors.shape[1] or sample.clusters.shape[1]:
        raise needs(equation, "no treatment, controls or clusters", "不含处理变量、控制变量与聚类")
    if not ((sample.outcome >= 0.0) & (sample.outcome <= 1.0)).all():
        raise needs(equation, "an outcome of p values, 0 to 1", "取值在 0 至 1 之间的 p 值列")
    if not 2 <= sample.n_obs <= MOST:
        raise needs(equation, f"2 to {MOST} p values", f"2 至 {MOST} 个 p 值")
