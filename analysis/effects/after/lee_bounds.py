"""Bounds on an effect where the outcome is seen for some only, and treatment moves who (Lee 2009).

Review of Economic Studies 76: 1071-1102. Formulas and errors in sensitivity/trimming.py. The bounds
are on the effect of treatment assigned at random, for those who are seen with and without it, under
selection that treatment moves one way; controls of the equation are not used but through
``within``.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from analysis.effects.about import About
from analysis.effects.estimates import Fitted
from analysis.effects.findings import Asked, Finding
from analysis.effects.sample import Sample, take_sample
from analysis.effects.sensitivity.least_squares_of import (
    Array,
    codes_by,
    covariance_of,
    one_treatment,
)
from analysis.effects.sensitivity.trimming import (
    Bounds,
    Selected,
    averaged,
    bounds_of,
    imbens_manski,
)

LEVEL = 0.95
ESTIMATORS = ("ols", "pooled_ols", "wls")
ABOUT = About(
    fits="trimming bounds on an effect under selection that treatment moves",
    needs="an outcome on a treatment of 0 and 1 (ols, wls); options selected (0/1; without it: the "
    "outcome is there), within (cells that tighten the bounds), level (0.95)",
    reports="lower and upper bound with errors, Imbens and Manski's interval, trimmed share",
)


def find(asked: Asked) -> list[Finding]:
    """Return rows lower, upper and interval for each outcome.

    The rows are the equation's and those that only lack the outcome. Errors follow the equation's
    covariance (HC0: Lee's analytic variance); the interval covers the effect, not the set.

    Raises
    ------
    UserError
        If the equation is not of an outcome on one treatment of 0 and 1, nobody is selected out,
        ``selected`` is not 0 and 1 or marks a row without outcome, or a cell has an arm without
        outcomes.
    """
    asked.require("selected", "within", "level")
    level = asked.number("level", LEVEL, 0.5, 0.9999)
    term = one_treatment(asked)
    if asked.equation.estimator not in ESTIMATORS:
        raise asked.needs(
            f"a linear equation (estimator {', '.join(ESTIMATORS)})",
            f"线性方程（estimator 为 {'、'.join(ESTIMATORS)}）",
        )
    return [finding for fitted in asked.fitted for finding in _findings(asked, fitted, term, level)]


def _findings(asked: Asked, fitted: Fitted, term: str, level: float) -> list[Finding]:
    sample = take_sample(
        asked.study, asked.equation, fitted.outcome, asked.frame, may_miss=("outcome",)
    )
    rows, codes = _rows(asked, sample, term), _cells(asked, sample)
    cells = []
    for code in range(int(codes.max()) + 1):
        at = codes == code
        cells.append((at, _bounds(asked, rows.rows(at))))
    value, influence = averaged(cells, sample.n_obs)
    whole = replace(fitted, sample=sample, fit=_wider(fitted, sample))
    found, note = covariance_of(whole, value, influence, influence.T @ influence)
    errors = np.sqrt(np.clip(np.diag(found.matrix), 0.0, None))
    if not (errors > 0.0).all():
        raise asked.needs("outcomes that vary in an arm", "组内有变化的结果")
    extras = _extras(rows, [bounds for _, bounds in cells])
    lees = "errors by Lee's formula (HC0)" if asked.equation.vcov == "classical" else ""
    notes = [note, lees, *_said(asked, [bounds for _, bounds in cells])]
    return _findings_of(fitted, term, value, errors, level, extras, notes)


def _wider(fitted: Fitted, sample: Sample) -> Any:
    """Return the fit as one of all rows, seen or not: two rates and means a cell at most."""
    return replace(fitted.fit, df_resid=max(sample.n_obs - 4, 1), nested_levels={})


def _rows(asked: Asked, sample: Sample, term: str) -> Selected:
    treated = sample.regressors[term].to_numpy(float)
    if set(np.unique(treated)) != {0.0, 1.0}:
        raise asked.needs(
            f"a treatment of 0 and 1 ({term} is not)", f"取值为 0 和 1 的处理变量（{term} 不是）"
        )
    there = np.isfinite(sample.outcome)
    seen = _seen(asked, sample, there)
    if seen.all():
        raise asked.needs(
            "rows that are selected out: every outcome is seen", "未被选入的观测：所有结果均可见"
        )
    weights = np.ones(sample.n_obs) if sample.weights is None else sample.weights
    return Selected(np.where(seen, sample.outcome, 0.0), treated == 1.0, seen, weights)


def _seen(asked: Asked, sample: Sample, there: NDArray[np.bool_]) -> NDArray[np.bool_]:
    text = asked.options.get("selected")
    if text is None:
        return there
    values = pd.to_numeric(asked.column(str(text), sample), errors="coerce").to_numpy(float)
    if not set(np.unique(values)) <= {0.0, 1.0}:
        raise asked.needs("selected: an expression of 0 and 1", "selected：取值为 0 和 1 的表达式")
    seen = values == 1.0
    if (seen & ~there).any():
        n = int((seen & ~there).sum())
        raise asked.needs(
            f"an outcome wherever selected is 1 ({n} rows have none)",
            f"selected 为 1 处须有结果（{n} 个观测没有）",
        )
    return seen


def _cells(asked: Asked, sample: Sample) -> NDArray[np.int64]:
    within = asked.options.get("within", [])
    listed = [within] if isinstance(within, str) else within
    if not isinstance(listed, list) or not all(isinstance(text, str) for text in listed):
        raise asked.needs("within = [expressions]", "within = [表达式]")
    if not listed:
        return np.zeros(sample.n_obs, dtype=np.int64)
    columns = {text: asked.column(text, sample) for text in listed}
    for text, values in columns.items():
        if values.isna().any():
            raise asked.needs(
                f"within without missing values ({text})", f"within 无缺失值（{text}）"
            )
    return codes_by(columns)


def _bounds(asked: Asked, rows: Selected) -> Bounds:
    for arm in (True, False):
        if not (rows.seen & (rows.treated == arm)).any():
            raise asked.needs(
                "outcomes of both arms in each cell of within", "within 的每一格内两组都有结果"
            )
    return bounds_of(rows)


# --- rows of the result -----------------------------------------------------------------------


def _extras(rows: Selected, cells: list[Bounds]) -> dict[str, Any]:
    whole = bounds_of(rows)
    return {
        "rate_control": whole.rates[0], "rate_treated": whole.rates[1],
        "trimmed_share": abs(whole.trimmed),
        "trimmed_arm": "treated" if whole.trimmed >= 0.0 else "control",
        "n_obs": len(rows.outcome), "n_selected": int(rows.seen.sum()), "cells": len(cells),
    }  # fmt: skip


def _said(asked: Asked, cells: list[Bounds]) -> list[str]:
    notes = []
    if asked.equation.controls:
        notes.append("the equation's controls are not used here")
    ways = {bounds.trimmed >= 0.0 for bounds in cells}
    if len(ways) > 1:
        notes.append(
            "treatment moves selection up in some cells, down in others: bounds assume one "
            "direction within each cell"
        )
    return notes


def _findings_of(
    fitted: Fitted,
    term: str,
    value: Array,
    errors: Array,
    level: float,
    extras: dict[str, Any],
    notes: list[str],
) -> list[Finding]:
    note = "; ".join(one for one in notes if one)
    reach = float(stats.norm.ppf(0.5 + level / 2.0)) * errors
    rows = [
        Finding(
            term, float(value[j]), "coefficient", name, fitted.outcome,
            std_error=float(errors[j]), statistic=float(value[j] / errors[j]),
            p_value=float(2.0 * stats.norm.sf(abs(value[j] / errors[j]))),
            ci_low=float(value[j] - reach[j]), ci_high=float(value[j] + reach[j]),
            extras=extras, note=note,
        )
        for j, name in enumerate(("lower", "upper"))
    ]  # fmt: skip
    low, high = imbens_manski(value, errors, level)
    both = f"interval of {100.0 * level:g} % for the effect (Imbens and Manski)"
    return [
        *rows,
        Finding(term, None, "coefficient", "interval", fitted.outcome, ci_low=low, ci_high=high,
                extras=extras, note="; ".join(one for one in (both, note) if one)),
    ]  # fmt: skip
