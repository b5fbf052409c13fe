"""Rows of the estimates contract from one pass over the files."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from analysis.effects.cross_products.parquet import distinct
from analysis.effects.cross_products.partitioned import from_partitions
from analysis.effects.cross_products.specifications import (
    all_subsets,
    equations,
    require_sound,
    solved,
)
from analysis.effects.cross_products.tensor import CONSTANT
from analysis.effects.data_status import SIMULATED
from analysis.effects.estimates import COLUMNS, NO_CONTRAST
from analysis.effects.out_of_core.curve import curve_of
from analysis.effects.out_of_core.plans import CURVE, plan_of
from analysis.effects.specifications.together import Line
from analysis.effects.study import Equation, Study

NOTE = "out of core: treatments only"


def marks(files: str | Path) -> pd.DataFrame:
    """Return what the files say of being simulated: the values of that column, if they have it."""
    return distinct(files, SIMULATED)


def rows_out_of_core(
    study: Study, equation: Equation, outcome: str, files: str | Path
) -> pd.DataFrame:
    """Return one row a treatment column, or those of a specification curve, from one pass.

    Raises
    ------
    UserError
        As ``plan_of``; if cross-products alone cannot solve a specification.
    """
    find = _curve if equation.estimator == CURVE else _treatments
    return pd.DataFrame(find(study, equation, outcome, files), columns=COLUMNS)


def _treatments(
    study: Study, equation: Equation, outcome: str, files: str | Path
) -> Iterator[dict[str, Any]]:
    plan = plan_of(study, equation, outcome)
    products = from_partitions(plan, files)
    names = [name for name in products.layout.columns if name not in (outcome, CONSTANT)]
    constant = () if plan.absorb else (CONSTANT,)
    treated = [n for n in names if any(n == t or n.startswith(f"{t}=") for t in plan.treatments)]
    common = _common(study, equation, outcome, products.n_obs, products.n_clusters)
    for term in treated:
        others = (*constant, *(name for name in names if name != term))
        asked = equations(products, outcome, term, others, (), all_subsets(0))
        found = solved(asked, equation.vcov)
        require_sound(found)
        cov_df = int(found.df_resid[0]) if equation.vcov == "classical" else asked.groups - 1
        numbers = _inference(float(found.estimate[0]), float(found.std_error[0]), cov_df)
        yield {**common, "term": term, **numbers}


def _curve(
    study: Study, equation: Equation, outcome: str, files: str | Path
) -> Iterator[dict[str, Any]]:
    curve, draws, note = curve_of(study, equation, outcome, files)
    first = next(one for one in curve.ordered if one.specification.number == 1)
    common = _common(study, equation, outcome, first.n_obs, draws.groups)
    extras = {"specifications": len(curve.ordered), "draws": draws.count, "seed": draws.seed,
              "n_clusters": draws.groups}  # fmt: skip
    common |= {"extras": json.dumps(extras, sort_keys=True), "note": f"{common['note']}; {note}"}
    for line in curve.lines:
        yield {**common, **_line(line, curve.df)}


def _line(line: Line, df: int) -> dict[str, Any]:
    numbers = {"estimate": line.estimate, "p_value": line.p_value}
    if line.error is not None:
        numbers = _inference(line.estimate, line.error, df)
    return {
        "term": line.term, "component": line.component, "quantity": line.quantity, **numbers
    }  # fmt: skip


def _inference(estimate: float, error: float, df: int) -> dict[str, Any]:
    law = stats.t(max(df, 1))
    half = float(law.ppf(0.975)) * error
    return {
        "estimate": estimate, "std_error": error, "statistic": estimate / error,
        "p_value": float(2.0 * law.sf(abs(estimate / error))), "ci_low": estimate - half,
        "ci_high": estimate + half, "cov_df": df,
    }  # fmt: skip


def _common(
    study: Study, equation: Equation, outcome: str, n_obs: int, n_clusters: int
) -> dict[str, Any]:
    contrast = f"contrast {equation.contrast}" if equation.contrast else NO_CONTRAST
    return {
        "study": study.id, "equation": equation.id, "sample": equation.where or "all",
        "data_kind": study.data_kind, "outcome": outcome, "estimator": equation.estimator,
        "n_obs": n_obs, "vcov": equation.vcov,
        "n_clusters": np.nan if equation.vcov == "classical" else n_clusters,
        "r2": np.nan, "extras": "", "quantity": "coefficient", "unit": equation.unit,
        "weights": "", "fixed_effects": " + ".join(equation.absorb),
        "contrast": equation.contrast, "component": "", "note": f"{contrast}; {NOTE}",
    }  # fmt: skip
