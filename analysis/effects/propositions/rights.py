"""Bottom-line against growth-type rights: three statements, each with a test of its own.

1. bottom_above_zero: unions raise bottom-line outcomes. Outcome by outcome, one-sided, Holm over
   the family; it holds where at least one adjusted p value is below alpha (family-wise error held).
2. growth_inside_margin: the mean growth-type effect lies inside the stated margin (TOST). Not
   significant is not inside.
3. difference_above_zero: the mean bottom-line effect exceeds the mean growth-type one. Effects in
   standard deviations of the control group, errors from the stacked fits, so that the same
   workers (or their clusters) answer for all outcomes (after/outcome_families.py).

That one effect is significant and the other is not says nothing of 3.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.effects.fitting import estimates
from analysis.effects.multiplicity.adjusted import adjusted
from analysis.effects.multiplicity.classifications import LOGARITHM
from analysis.effects.propositions.plan import Plan, families_of
from analysis.effects.propositions.rows import above_zero, inside, row
from analysis.effects.study import After

NAME, BOTTOM, GROWTH = "rights", "bottom_line", "growth"
PREFIX = "outcome_families:control_sd:"
Rows = list[dict[str, Any]]
Means = dict[str, tuple[float, float]]


def rights(plan: Plan, frame: pd.DataFrame) -> Rows:
    """Return the three statements under each classification of the plan."""
    return [found for name in plan.classifications for found in _under(name, plan, frame)]


def _under(name: str, plan: Plan, frame: pd.DataFrame) -> Rows:
    families = {
        family: tuple(outcome for outcome in outcomes if outcome in plan.outcomes)
        for family, outcomes in families_of(name).items()
    }
    bottom, growth = families.get(BOTTOM, ()), families.get(GROWTH, ())
    found = _estimates(plan, frame, bottom, growth)
    means = _means(found)
    rows = [
        *_each_outcome(plan, found, bottom),
        _growth(plan, growth, means),
        _difference(plan, bottom, growth, means),
    ]
    return [entry | {"classification": name} for entry in rows]


def _estimates(
    plan: Plan, frame: pd.DataFrame, bottom: tuple[str, ...], growth: tuple[str, ...]
) -> pd.DataFrame:
    """Return the outcomes' coefficients and, where both families are there, their means."""
    if not bottom + growth:
        return pd.DataFrame()
    asked = {
        "families": {BOTTOM: list(bottom), GROWTH: list(growth)},
        "logs": [name for name in bottom + growth if name.startswith(LOGARITHM)],
    }
    equation = plan.equation("rights", bottom + growth, (plan.treatment,))
    if bottom and growth:
        equation = replace(equation, after=(After("outcome_families", asked),))
    found = estimates(plan.study(equation, plan.outcomes), frame)
    return found[found["term"] == plan.treatment]


def _means(found: pd.DataFrame) -> Means:
    """Return (estimate, error) of each family's mean and of their difference."""
    if found.empty:
        return {}
    means = found[found["component"].str.startswith(PREFIX)]
    return {
        component.removeprefix(PREFIX): (float(estimate), float(error))
        for component, estimate, error in zip(
            means["component"], means["estimate"], means["std_error"], strict=True
        )
    }


def _each_outcome(plan: Plan, found: pd.DataFrame, bottom: tuple[str, ...]) -> Rows:
    statement = "bottom_above_zero"
    if not bottom:
        return [row(NAME, statement, note=_absent(bottom))]
    own = found[(found["component"] == "") & found["outcome"].isin(bottom)]
    rows = [
        row(NAME, "bottom_outcome", outcome=name, **above_zero(float(b), float(se), plan.alpha))
        for name, b, se in zip(own["outcome"], own["estimate"], own["std_error"], strict=True)
    ]
    p = adjusted(np.array([entry["p_value"] for entry in rows]), "holm")
    note = "p adjusted over the family (Holm), one-sided"
    rows = [
        entry | {"p_value": float(value), "holds": float(value < plan.alpha), "note": note}
        for entry, value in zip(rows, p, strict=True)
    ]
    whole = row(
        NAME, statement, p_value=float(p.min()), holds=float(p.min() < plan.alpha),
        note=f"holds for {int((p < plan.alpha).sum())} of {len(p)} outcomes",
    )  # fmt: skip
    return [whole, *rows]


def _growth(plan: Plan, growth: tuple[str, ...], means: Means) -> dict[str, Any]:
    statement = "growth_inside_margin"
    if GROWTH not in means:
        return row(NAME, statement, note=_absent(growth))
    cells = inside(*means[GROWTH], plan.margin, plan.alpha)
    note = f"margin {plan.margin:g} standard deviations of the control group"
    return row(NAME, statement, outcome="; ".join(growth), note=note, **cells)


def _difference(
    plan: Plan, bottom: tuple[str, ...], growth: tuple[str, ...], means: Means
) -> dict[str, Any]:
    statement, key = "difference_above_zero", f"{BOTTOM}-{GROWTH}"
    if key not in means:
        return row(NAME, statement, note=_absent(bottom and growth))
    return row(NAME, statement, **above_zero(*means[key], plan.alpha))


def _absent(outcomes: tuple[str, ...]) -> str:
    return "" if outcomes else "this classification or plan names no outcome of a family needed"
