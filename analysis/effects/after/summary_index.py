"""A summary index of an equation's outcomes, fitted as an outcome: one test for the family.

Inverse-covariance weights (Anderson 2008) and equal weights (Kling, Liebman and Katz 2007);
formulas in multiplicity/index.py.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.expressions import unknown
from analysis.effects.findings import Asked, Finding
from analysis.effects.multiplicity.control_group import control_rows
from analysis.effects.multiplicity.index import (
    Index,
    equal_weight_index,
    inverse_covariance_index,
    standardised,
)
from analysis.effects.multiplicity.tested import flipped_outcomes, tested_of

Array = NDArray[np.float64]
COLUMN = "_summary_index"
WEIGHTS = ("both", "inverse_covariance", "equal")
STANDARDISE = ("control", "sample")
ABOUT = About(
    fits="an index of the outcomes (inverse-covariance or equal weights), fitted as an outcome",
    needs="several outcomes; options weights, flip (outcomes where more is worse), standardise",
    reports="the effect on the index in control-group standard deviations; weights in the extras",
)


def find(asked: Asked) -> list[Finding]:
    """Return one row a treatment term and kind of weights.

    Options: ``flip``, the outcomes that are turned round; ``weights``, both (default),
    inverse_covariance or equal; ``standardise``, by the control group (default) or by the sample.

    Raises
    ------
    UserError
        If there is one outcome only, an option is unknown, an outcome does not vary, or outcomes
        are collinear.
    """
    asked.require("flip", "weights", "standardise")
    weights = _choice(asked, "weights", WEIGHTS)
    if len(asked.fitted) < 2:
        raise asked.needs("several outcomes", "多个结果变量")
    z, arms = _standardised(asked)
    found: dict[str, Index] = {}
    if weights != "equal":
        found["inverse_covariance"] = _inverse_covariance(asked, z)
    if weights != "inverse_covariance":
        found["equal"] = equal_weight_index(z, arms)
    return [one for kind, index in found.items() for one in _fitted(asked, kind, index)]


def _choice(asked: Asked, name: str, choices: tuple[str, ...]) -> str:
    value = asked.options.get(name, choices[0])
    if value not in choices:
        raise unknown(name, str(value), list(choices))
    return str(value)


def _inverse_covariance(asked: Asked, z: Array) -> Index:
    index = inverse_covariance_index(z)
    if index is None:
        raise asked.needs("outcomes that are not collinear", "不共线的结果变量")
    return index


def _signs(asked: Asked) -> Array:
    flipped = flipped_outcomes(asked)
    return np.array([-1.0 if fitted.outcome in flipped else 1.0 for fitted in asked.fitted])


def _standardised(asked: Asked) -> tuple[Array, NDArray[np.int64]]:
    """Return (N, J) standardised outcomes of the file's rows, NaN outside the fits, and arms."""
    n = len(asked.frame)
    outcomes = np.full((n, len(asked.fitted)), np.nan)
    control, arms = np.zeros(n, dtype=bool), np.zeros(n, dtype=np.int64)
    by_control = _choice(asked, "standardise", STANDARDISE) == "control"
    for j, fitted in enumerate(asked.fitted):
        rows = fitted.sample.positions
        outcomes[rows, j] = fitted.sample.outcome
        untreated = control_rows(asked, fitted) if by_control else np.ones(len(rows), dtype=bool)
        control[rows], arms[rows] = untreated, untreated
    z = standardised(outcomes, control, _signs(asked))
    for j, fitted in enumerate(asked.fitted):
        if not np.isfinite(z[fitted.sample.positions, j]).all():
            english = (
                f"an outcome {fitted.outcome} that varies among the rows it is standardised by"
            )
            raise asked.needs(english, f"结果变量 {fitted.outcome} 在标准化所用观测中有变异")
    return z, arms


def _fitted(asked: Asked, kind: str, index: Index) -> list[Finding]:
    frame = asked.frame.reset_index(drop=True).assign(**{COLUMN: pd.Series(index.values)})
    fitted = asked.fit_again(replace(asked.equation, outcomes=(COLUMN,), after=()), COLUMN, frame)
    named = zip(asked.fitted, index.weights, strict=True)
    extras: dict[str, Any] = {
        "n_obs": fitted.sample.n_obs,
        "weights": {one.outcome: float(weight) for one, weight in named},
    }
    return [
        Finding(
            test.term, test.estimate, quantity="coefficient",
            detail=" ".join(part for part in (kind, test.component) if part),
            std_error=test.std_error, statistic=test.statistic, p_value=test.p_value,
            ci_low=test.ci_low, ci_high=test.ci_high, extras=extras,
            note="in standard deviations of the reference rows; the outcome is the index",
        )
        for test in tested_of(fitted, asked.terms())
    ]  # fmt: skip
