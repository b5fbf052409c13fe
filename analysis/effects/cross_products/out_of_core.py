"""An equation on Parquet that need not fit into memory: its treatments' rows of the contract.

Estimators ols and fixed_effects with one effect nested in one-way clusters; covariances classical,
cluster and CRV3. HC0 to HC3 and ill-conditioned designs need the rows and are refused by name.
"""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from analysis.effects.cross_products.partitioned import from_partitions
from analysis.effects.cross_products.plan import Plan
from analysis.effects.cross_products.specifications import (
    all_subsets,
    equations,
    require_sound,
    solved,
)
from analysis.effects.cross_products.tensor import CONSTANT, CrossProducts
from analysis.effects.estimates import COLUMNS, NO_CONTRAST
from analysis.effects.refusals import needs
from analysis.effects.study import Equation, Study

VCOVS = ("classical", "cluster", "CRV3")
# functions that look beyond their own row: a block does not have all that they need
ACROSS_ROWS = re.compile(r"\b(lag|group_mean|leave_one_out_mean)\s*\(")
NOTE = "out of core: treatments only"


def rows_out_of_core(
    study: Study, equation: Equation, outcome: str, files: str | Path
) -> pd.DataFrame:
    """Return one row a treatment column, from one pass over the files.

    Raises
    ------
    UserError
        If the estimator, a covariance, an option or a term needs rows in memory, or clusters are
        not one column.
    """
    plan = _plan(study, equation, outcome)
    products = from_partitions(plan, files)
    names = [name for name in products.layout.columns if name not in (outcome, CONSTANT)]
    constant = () if plan.absorb else (CONSTANT,)
    treated = [n for n in names if any(n == t or n.startswith(f"{t}=") for t in plan.treatments)]
    rows = []
    for term in treated:
        others = (*constant, *(name for name in names if name != term))
        asked = equations(products, outcome, term, others, (), all_subsets(0))
        found = solved(asked, equation.vcov)
        require_sound(found)
        cov_df = int(found.df_resid[0]) if equation.vcov == "classical" else asked.groups - 1
        numbers = _inference(float(found.estimate[0]), float(found.std_error[0]), cov_df)
        rows.append({**_common(study, equation, outcome, products), "term": term, **numbers})
    return pd.DataFrame(rows, columns=COLUMNS)


def _plan(study: Study, equation: Equation, outcome: str) -> Plan:
    if equation.estimator not in ("ols", "fixed_effects") or equation.options or equation.after:
        raise needs(
            "--out-of-core", "ols or fixed_effects without options or steps after",
            "ols 或 fixed_effects，且不带选项与后续步骤",
        )  # fmt: skip
    absorb = equation.absorb or ((study.entity,) if equation.estimator == "fixed_effects" else ())
    if len(equation.cluster) != 1 or len(absorb) > 1 or equation.weights:
        raise needs(
            "--out-of-core", "one cluster column, one effect nested in it at most, no weights",
            "单一聚类变量、至多一个嵌套于其中的吸收效应、不加权",
        )  # fmt: skip
    if equation.vcov not in VCOVS:
        raise needs(
            "--out-of-core", f"vcov {', '.join(VCOVS)}: {equation.vcov} needs the rows",
            f"vcov 为 {'、'.join(VCOVS)}：{equation.vcov} 需要逐行数据",
        )  # fmt: skip
    texts = (outcome, *equation.treatments, *equation.controls, equation.where)
    if any(ACROSS_ROWS.search(text) for text in (*texts, *study.derive.values())):
        raise needs(
            "--out-of-core", "expressions of one row each (no lag, no group means)",
            "仅涉及单行的表达式（不含滞后与组均值）",
        )  # fmt: skip
    return Plan(
        (outcome,), equation.treatments, equation.controls, equation.cluster[0],
        absorb=absorb[0] if absorb else "", where=equation.where, derive=study.derive,
    )  # fmt: skip


def _inference(estimate: float, error: float, df: int) -> dict[str, Any]:
    law = stats.t(max(df, 1))
    half = float(law.ppf(0.975)) * error
    return {
        "estimate": estimate, "std_error": error, "statistic": estimate / error,
        "p_value": float(2.0 * law.sf(abs(estimate / error))), "ci_low": estimate - half,
        "ci_high": estimate + half, "cov_df": df,
    }  # fmt: skip


def _common(
    study: Study, equation: Equation, outcome: str, products: CrossProducts
) -> dict[str, Any]:
    contrast = f"contrast {equation.contrast}" if equation.contrast else NO_CONTRAST
    return {
        "study": study.id, "equation": equation.id, "sample": equation.where or "all",
        "data_kind": study.data_kind, "outcome": outcome, "estimator": equation.estimator,
        "n_obs": products.n_obs, "vcov": equation.vcov,
        "n_clusters": np.nan if equation.vcov == "classical" else products.n_clusters,
        "r2": np.nan, "extras": "", "quantity": "coefficient", "unit": equation.unit,
        "weights": "", "fixed_effects": " + ".join(equation.absorb),
        "contrast": equation.contrast, "component": "", "note": f"{contrast}; {NOTE}",
    }  # fmt: skip
