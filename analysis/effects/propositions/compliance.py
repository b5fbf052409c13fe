"""Minimum-wage compliance against the location-shift null.

A union that moved every wage by the same tau would move compliance too. With y the log wage less
the log minimum, D the union (0/1) and X the controls, tau is the least-squares coefficient of D,
and under a pure shift y + tau (1 - D), everybody's wage as if in a union, does not depend on D
given X: in the distribution regression (linear probability link)

    1[y >= 0]               = a + b D + X c        b: the effect on compliance as observed
    1[y + tau (1 - D) >= 0] = a + e D + X c        e: what is left of it beyond the shift

e is zero, and b - e is what the shift alone accounts for (distribution regression: Chernozhukov,
Fernandez-Val and Melly 2013, Econometrica 81: 2205-2268, section 3). The wages without a union are
the ones moved: unions may heap wages at the minimum itself, and the least tau taken off such a
heap would count all of it as the shift's.
tau is estimated, so errors come from the bootstrap of clusters or rows. Where only the lowest and
the highest minimum wage of a place's tiers are known, both are judged: they bound compliance.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.fitting import sample_of
from analysis.effects.inference.resampling import replicate, units_of
from analysis.effects.propositions.plan import Plan
from analysis.effects.propositions.rows import above_zero, differs, row

Array = NDArray[np.float64]
NAME = "minimum_wage"
TIERS = ("minimum_lowest", "minimum_highest")
RELATIVE = "log_wage_over_minimum"
ROUNDING = 1e-9


@dataclass(frozen=True)
class Shift:
    """Effects of D: tau on y; b observed, e beyond the shift, b - e by the shift, on compliance."""

    tau: float
    observed: float
    beyond: float

    @property
    def by_shift(self) -> float:
        """What a shift of all wages by tau does to compliance."""
        return self.observed - self.beyond


def compliance(plan: Plan, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of each tier, and the statement that compliance exceeds the shift at both."""
    if not plan.minimum_lowest:
        return [row(NAME, "compliance_beyond_shift", note="the plan names no minimum wage")]
    rows = [found for tier in TIERS for found in _tier(plan, frame, tier)]
    beyond = [entry for entry in rows if entry["statement"] == "beyond_shift"]
    p = max(entry["p_value"] for entry in beyond)
    whole = row(
        NAME, "compliance_beyond_shift", p_value=p, holds=float(p < plan.alpha),
        note="holds where it does at the lowest and at the highest tier",
    )  # fmt: skip
    return [whole, *rows]


def _tier(plan: Plan, frame: pd.DataFrame, tier: str) -> list[dict[str, Any]]:
    y, design, units = _arrays(plan, frame, tier)
    found = shift_of(y, design)
    drawn = replicate(
        lambda generator: _draw(y, design, units, generator), plan.draws, plan.seed, NAME
    )
    errors = np.std(np.array(drawn), axis=0, ddof=1)
    values = (found.tau, found.observed, found.by_shift, found.beyond)
    names = ("shift_of_log_wage", "compliance_observed", "compliance_by_shift", "beyond_shift")
    judge = {"beyond_shift": above_zero}
    return [
        row(
            NAME, name, outcome=tier, note=f"bootstrap, {plan.draws} draws",
            **judge.get(name, differs)(value, float(error), plan.alpha),
        )
        for name, value, error in zip(names, values, errors, strict=True)
    ]  # fmt: skip


def _arrays(plan: Plan, frame: pd.DataFrame, tier: str) -> tuple[Array, Array, NDArray[np.int64]]:
    """Return (n,) y, the (n, k) design with D first, and (n,) codes of what is drawn as a whole."""
    derive = {RELATIVE: f"log({plan.wage}) - log({getattr(plan, tier)})"}
    equation = plan.equation("shift", (RELATIVE,), (plan.treatment,))
    sample = sample_of(plan.study(equation, derive), equation, RELATIVE, frame)
    regressors = sample.regressors.to_numpy(np.float64)
    design = np.column_stack([regressors, np.ones(sample.n_obs)])
    return sample.outcome, design, units_of(sample)


def shift_of(y: Array, design: Array, counts: Array | None = None) -> Shift:
    """Return the effects of the design's first column (formulas above).

    y (n,), design (n, k), its last column the constant; ``counts`` (n,) how often each row counts.
    """
    effect = partial(_first_coefficient, design, np.ones(len(y)) if counts is None else counts)
    tau = effect(y)
    as_in_a_union = y + tau * (1.0 - design[:, 0])
    return Shift(tau, effect(_paid(y)), effect(_paid(as_in_a_union)))


def _paid(y: Array) -> Array:
    """Return 1 where the minimum is reached; a difference of logarithms is off by rounding."""
    return (y >= -ROUNDING).astype(np.float64)


def _first_coefficient(design: Array, counts: Array, y: Array) -> float:
    """Return the first coefficient of least squares; the columns are centred and scaled first."""
    total = counts.sum()
    columns = design[:, :-1] - (counts @ design[:, :-1]) / total
    scale = np.sqrt((counts @ columns**2) / total)
    scale[scale == 0.0] = 1.0
    columns /= scale
    weighted = columns * counts[:, None]
    solved = np.linalg.lstsq(weighted.T @ columns, weighted.T @ y, rcond=None)[0]
    return float(solved[0] / scale[0])


def _draw(
    y: Array, design: Array, units: NDArray[np.int64], generator: np.random.Generator
) -> tuple[float, float, float, float]:
    """Return (tau, observed, by shift, beyond) of one bootstrap sample, weighted by its counts."""
    n_units = int(units.max()) + 1
    counts = np.bincount(generator.integers(0, n_units, n_units), minlength=n_units)[units]
    found = shift_of(y, design, counts.astype(np.float64))
    return found.tau, found.observed, found.by_shift, found.beyond
