"""Heckman's sample: which rows are selected, which are of use, both equations' designs."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.fit import Fit
from analysis.effects.inference.resampling import taken
from analysis.effects.likelihoods.likelihood import Design, design_of, scaled_columns
from analysis.effects.linear_models.least_squares import CONSTANT, solve
from analysis.effects.refusals import needs
from analysis.effects.sample import Sample
from analysis.effects.selection.first_step import SELECTION
from analysis.effects.study import Equation
from analysis.messages import UserError

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
SELECTED = "selected"


@dataclass(frozen=True)
class SeenOutcomes:
    """The rows of use and both designs.

    Attributes
    ----------
    used
        (n,) which rows of the sample are of use; the rest of the attributes is about these.
    selected
        Which of them have an outcome.
    outcome, design
        (m,) outcome and design of the selected rows.
    selection
        Design of the selection equation, all rows of use.
    exclusions
        Its terms that do not depend on the outcome's regressors among selected rows.
    """

    used: Flags
    selected: Flags
    outcome: Array
    design: Design
    selection: Design
    exclusions: tuple[str, ...]
    notes: tuple[str, ...]


def seen_outcomes(sample: Sample, equation: Equation) -> SeenOutcomes:
    """Return who is selected and both equations.

    A row is selected where option ``selected`` is 1, without it where the outcome is not missing.
    Selected rows without outcome or regressors are left out, as are rows without the terms of the
    selection equation; a row not selected needs no regressors.

    Raises
    ------
    UserError
        If ``selected`` is not 0 and 1, nobody or everybody is selected, or there are too few rows.
    """
    terms = sample.terms.get(SELECTION, sample.regressors)
    selected = _selected(sample, equation)
    complete = np.isfinite(sample.regressors.to_numpy(float)).all(axis=1)
    seen = selected & complete & np.isfinite(sample.outcome)
    used = np.isfinite(terms.to_numpy(float)).all(axis=1) & (seen | ~selected)
    _require_both(seen[used], equation)
    chosen = taken(sample, np.flatnonzero(used & seen))
    design = design_of(chosen, equation)
    selection = _selection_design(terms[used], seen[used], equation)
    lost = int((~used).sum())
    note = f"{lost} rows left out: selected without outcome or regressors, or no selection terms"
    return SeenOutcomes(
        used, seen[used], chosen.outcome, design, selection,
        _exclusions(chosen, terms[used & seen], selection), (note,) if lost else (),
    )  # fmt: skip


def _selected(sample: Sample, equation: Equation) -> Flags:
    if SELECTED not in equation.options:
        return np.isfinite(sample.outcome)
    if SELECTED not in sample.others:
        raise needs(equation, f'{SELECTED} = "an expression"', f'{SELECTED} = "表达式"')
    values = sample.others[SELECTED].to_numpy(float)
    if not np.isin(values, (0.0, 1.0)).all():
        raise needs(equation, f"option {SELECTED} of 0 and 1", f"选项 {SELECTED} 取值为 0 与 1")
    return values == 1.0


def _require_both(seen: Flags, equation: Equation) -> None:
    if seen.any() and not seen.all():
        return
    english, chinese = ("everybody", "全部") if seen.any() else ("nobody", "无一")
    raise needs(
        equation,
        f"rows with an outcome and rows without ({english} is selected here, among those with the "
        "terms of the selection equation)",
        f"既有入选也有未入选的观测（在选择方程变量完整的观测中{chinese}入选）",
    )  # fmt: skip


def _selection_design(terms: pd.DataFrame, seen: Flags, equation: Equation) -> Design:
    names = [CONSTANT, *terms.columns]
    full = np.column_stack([np.ones(len(terms)), terms.to_numpy(float)])
    kept = list(solve(full, seen.astype(float), 0).kept)
    if len(terms) <= len(kept):
        raise UserError("too_few_rows", equation=equation.id, n=len(terms), k=len(kept))
    scaled, back = scaled_columns(full[:, kept])
    dropped = tuple(name for j, name in enumerate(names) if j not in kept)
    return Design(tuple(names[j] for j in kept), full[:, kept], scaled, back, dropped)


def _exclusions(chosen: Sample, terms: pd.DataFrame, selection: Design) -> tuple[str, ...]:
    """Return selection terms outside the span of the outcome's regressors in selected rows."""
    fresh = [
        term for term in terms if term not in chosen.regressors and term in selection.terms
    ]  # fmt: skip
    own = np.column_stack([np.ones(chosen.n_obs), chosen.regressors.to_numpy(float)])
    full = np.column_stack([own, terms[fresh].to_numpy(float)])
    kept = solve(full, chosen.outcome, 0).kept
    return tuple(term for j, term in enumerate(fresh, start=own.shape[1]) if j in kept)


def over_all_rows(fit: Fit, used: Flags) -> Fit:
    """Return the fit with a score for every row of the sample: zero for rows not of use."""
    scores = np.zeros((len(used), fit.scores.shape[1]))
    scores[used] = fit.scores
    return replace(fit, scores=scores)
