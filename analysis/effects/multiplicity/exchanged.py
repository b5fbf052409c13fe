"""What may be drawn again: treatments of one column, and the units that exchange them."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.estimates import Fitted
from analysis.effects.expressions import names_in, unknown
from analysis.effects.findings import Asked
from analysis.effects.linear_models.panel import codes_in
from analysis.effects.multiplicity.assignments import Units, cluster_codes, units_of_values

Codes = NDArray[np.int64]
BY = ("row", "cluster", "entity")


def terms_to_reassign(asked: Asked) -> list[str]:
    """Return the treatment terms that can be drawn again.

    Raises
    ------
    UserError
        If the equation names no treatment, one has several columns or coefficients, or another
        term contains it.
    """
    treatments = list(asked.equation.treatments)
    if not treatments:
        raise asked.needs("a treatment", "处理变量")
    for term in treatments:
        if term not in asked.fitted[0].sample.regressors:
            raise asked.needs(f"one column for {term}, not C(...)", f"{term} 为单列而非 C(...)")
        if asked.fitted[0].fit.terms.count(term) > 1:
            raise asked.needs(f"one coefficient for {term}", f"{term} 只有一个系数")
        others = [*(t for t in treatments if t != term), *asked.equation.controls]
        inside = [other for other in others if _names(asked, other) & _names(asked, term)]
        if inside:
            raise asked.needs(
                f"terms without {term} in them: {inside[0]} would keep the true treatment",
                f"其他项不含 {term}：{inside[0]} 会保留真实处理",
            )
    return [term for term in treatments if term in asked.fitted[0].fit.terms]


def _names(asked: Asked, text: str) -> set[str]:
    """Return the columns behind an expression, derived ones and what they come from."""
    found: set[str] = set()
    left = names_in(text)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left |= names_in(asked.study.derive[name]) if name in asked.study.derive else set()
    return found


# --- units ------------------------------------------------------------------------------------


def units_asked(asked: Asked, fitted: Fitted, term: str) -> tuple[Units, str]:
    """Return what exchanges treatments: option ``by``, and ``within`` which strata.

    Without ``by``: clusters where each has one treatment at a time, else entities likewise, else
    rows.

    Raises
    ------
    UserError
        If ``by`` names what there is not, a unit has two treatments at one time, a stratum changes
        within a unit, or no unit could have another treatment.
    """
    sample, by = fitted.sample, asked.options.get("by")
    if by is not None and by not in BY:
        raise unknown("by", str(by), list(BY))
    values = sample.regressors[term].to_numpy(float)
    strata = _strata(asked, fitted)
    for kind in [by] if by else ["cluster", "entity", "row"]:
        codes = _unit_codes(fitted, kind)
        units = None
        if codes is not None:
            time = None if kind == "row" else sample.time
            units = units_of_values(values, codes, time, strata)
        if units is not None:
            break
    else:
        raise asked.needs(
            f"one value of {term} for each {by} at a time", f"每个 {by} 同一时点只有一个 {term} 值"
        )
    _require_movable(asked, units, strata)
    return units, str(kind)


def _unit_codes(fitted: Fitted, kind: str) -> Codes | None:
    sample = fitted.sample
    if kind == "row":
        return np.arange(sample.n_obs)
    if kind == "cluster":
        return cluster_codes(sample) if sample.clusters.shape[1] else None
    return None if sample.entity is None else codes_in(sample.entity)


def _strata(asked: Asked, fitted: Fitted) -> pd.Series | None:
    within = asked.options.get("within")
    return None if within is None else asked.column(str(within), fitted.sample)


def _require_movable(asked: Asked, units: Units, strata: pd.Series | None) -> None:
    if strata is not None and (strata.groupby(units.codes).nunique(dropna=False) > 1).any():
        raise asked.needs("strata that do not change within a unit", "分层在单位内不变")
    if units.movable < 2:
        raise asked.needs(
            "units of one stratum and the same periods with different treatments",
            "同一层、同一时期内处理不同的单位",
        )
