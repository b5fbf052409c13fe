"""From a sample to the Fit of a dynamic panel: shared by difference and system GMM."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.effects.dynamic_panel.asked import Asked, asked_of
from analysis.effects.dynamic_panel.gmm import (
    NotIdentifiedError,
    Step,
    robust_one_step,
    step,
    windmeijer,
)
from analysis.effects.dynamic_panel.grid import Grid, grid_of
from analysis.effects.dynamic_panel.moments import Moments, equations_of, moments_of
from analysis.effects.dynamic_panel.specification import (
    differences_in_hansen,
    overidentification,
    serial_correlation,
)
from analysis.effects.fit import Fit
from analysis.effects.inference import bootstrap
from analysis.effects.linear_models.least_squares import solve
from analysis.effects.linear_models.panel import treatment_columns
from analysis.effects.refusals import needs
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.messages import UserError

Array = NDArray[np.float64]
USES = ("instruments",)
MAY_MISS = ("outcome", "regressors", "instruments")
VCOVS = ("robust", "classical", bootstrap.NAME)


@dataclass(frozen=True)
class Estimated:
    """Both steps and the covariances of the one that is reported."""

    first: Step
    second: Step
    reported: Step
    robust: Array
    classical: Array
    sigma2: float


def fit_dynamic(sample: Sample, equation: Equation, *, system: bool) -> Fit:
    """Fit a dynamic panel by GMM of transformed equations, in a system also of those in levels.

    Raises
    ------
    UserError
        If an option, cluster or weight is refused, periods are too few, a treatment is gone with
        the transformation, or instruments are fewer than coefficients.
    """
    asked = asked_of(sample, equation, system=system)
    grid = grid_of(sample, asked)
    equations = equations_of(grid, asked)
    kept = _independent(grid, equations)
    names = [grid.terms[j] for j in kept]
    _require_treatments(sample, names)
    moments = moments_of(grid, asked, equations, kept)
    _require_identified(moments, len(kept), asked)
    found = _estimated(moments, asked)
    scores = np.zeros((sample.n_obs, len(kept)))
    scores[grid.first_rows] = found.reported.influence
    return Fit(
        terms=tuple(names),
        estimate=found.reported.estimate,
        bread=np.eye(len(kept)),
        scores=scores,
        classical=found.classical,
        df_resid=int(grid.used.sum()) - len(kept),
        distribution="normal",
        own={"robust": found.robust, "classical": found.classical},
        dropped=tuple(name for name in grid.terms if name not in names),
        fixed_effects=_fixed_effects(sample, asked),
        extras=_extras(moments, found, asked),
        notes=_notes(sample, moments, found, asked),
    )


def _independent(grid: Grid, equations: Array) -> list[int]:
    """Return the regressors that add something to those before them once transformed."""
    rows = equations[grid.used]
    return list(solve(rows[:, 1 : 1 + len(grid.terms)], rows[:, 0]).kept)


def _require_treatments(sample: Sample, names: list[str]) -> None:
    for term, columns in treatment_columns(sample):
        if columns and not set(columns) & set(names):
            where = f"{term} (in the transformed equations)"
            raise UserError("never_varies", term=where, n=sample.n_obs)


def _require_identified(moments: Moments, k: int, asked: Asked) -> None:
    count = len(moments.instruments)
    if count < k or moments.n_entities <= 1:
        english = f"as many instruments as coefficients ({count} for {k}), two entities or more"
        chinese = f"工具变量数不少于系数个数（现有 {count} 个对 {k} 个），至少两个个体"
        raise needs(asked.equation, english, chinese)


# --- estimation -------------------------------------------------------------------------------


def _estimated(moments: Moments, asked: Asked) -> Estimated:
    try:
        first = step(moments, moments.weight)
        second = step(moments, first.covariance)
    except NotIdentifiedError as error:
        raise _not_identified(moments, asked) from error
    sigma2 = _error_variance(moments, first, asked)
    if asked.two_step:
        robust = windmeijer(moments, first, second)
        return Estimated(first, second, second, robust, second.inner, sigma2)
    robust = robust_one_step(first)
    return Estimated(first, second, first, robust, sigma2 * first.inner, sigma2)


def _not_identified(moments: Moments, asked: Asked) -> UserError:
    n, k = moments.n_entities, len(moments.kept)
    english = (
        f"moments that tell its {k} coefficients apart: {n} entities give the second step's "
        f"weights a rank of {n} at most; fewer controls or time dummies, or more entities"
    )
    chinese = (
        f"能区分 {k} 个系数的矩条件：{n} 个个体使第二步权重矩阵的秩至多为 {n}；"
        "请减少控制变量或时间虚拟变量，或增加个体"
    )
    return needs(asked.equation, english, chinese)


def _error_variance(moments: Moments, first: Step, asked: Asked) -> float:
    """Return s^2 of the errors in levels, by the transformed equations: e'e / (n - k), or half it.

    A difference of white noise has twice its variance, an orthogonal deviation its variance.
    """
    rows = moments.equations[:, : moments.grid.periods - 1]
    error = rows[:, :, 0] - rows[:, :, 1:] @ first.estimate
    n, k = moments.grid.n_transformed, rows.shape[2] - 1
    twice = 1.0 if asked.orthogonal else 2.0
    return float((error**2).sum()) / max(n - k, 1) / twice


# --- what to report ---------------------------------------------------------------------------


def _fixed_effects(sample: Sample, asked: Asked) -> str:
    name = sample.entity.name  # type: ignore[union-attr]
    return f"{name} (orthogonal deviations)" if asked.orthogonal else f"{name} (differenced)"


def _extras(moments: Moments, found: Estimated, asked: Asked) -> dict[str, Any]:
    grid, classical = moments.grid, asked.equation.vcov == "classical"
    tests = overidentification(moments, found.first, found.second, found.sigma2)
    more = differences_in_hansen(moments, found.first, tests["hansen"]) if "hansen" in tests else {}
    return {
        "step": 2 if asked.two_step else 1,
        "n_entities": moments.n_entities,
        "n_transformed_rows": grid.n_transformed,
        **({"n_level_rows": grid.n_levels} if asked.system else {}),
        "n_periods": grid.periods,
        "n_instruments": len(moments.instruments),
        **serial_correlation(
            moments, found.reported, found.classical if classical else found.robust
        ),
        **tests,
        **more,
    }


def _notes(sample: Sample, moments: Moments, found: Estimated, asked: Asked) -> tuple[str, ...]:
    count, entities = len(moments.instruments), moments.n_entities
    notes = [_errors_note(asked)]
    if count > entities:
        notes.append(
            f"more instruments ({count}) than groups ({entities}): Hansen's test is not "
            "informative; collapse = true or max_lag make them fewer"
        )
    if found.second.singular:
        notes.append("the second step's weights are a generalised inverse")
    if moments.collinear:
        notes.append(f"{moments.collinear} collinear instruments left out")
    left = len(np.unique(sample.entity)) - entities  # type: ignore[arg-type]
    if left:
        notes.append(f"{left} entities have no equation: too few periods in a row")
    gaps = _gaps(moments.grid)
    if gaps:
        notes.append(f"{gaps} entities have gaps, which differences do not bridge")
    return (*notes, *_spacing(sample))


def _errors_note(asked: Asked) -> str:
    if asked.equation.vcov == "classical":
        return (
            "two-step errors not corrected: too small in small samples"
            if asked.two_step
            else "one-step errors for errors that are white noise in levels"
        )
    if asked.two_step:
        return "two-step, errors corrected after Windmeijer (2005), robust by entity"
    return "one-step, errors robust by entity"


def _gaps(grid: Grid) -> int:
    """Return how many entities have an incomplete period between complete ones."""
    begun = np.maximum.accumulate(grid.complete, axis=1)
    ended = np.maximum.accumulate(grid.complete[:, ::-1], axis=1)[:, ::-1]
    return int((begun & ended & ~grid.complete).any(axis=1).sum())


def _spacing(sample: Sample) -> list[str]:
    """Return a note where periods lie at different distances, which lags pass over."""
    from pandas.api.types import is_numeric_dtype

    if not is_numeric_dtype(sample.time):
        return []
    distances = np.unique(np.diff(np.unique(sample.time)))  # type: ignore[arg-type]
    return ["periods are not equally spaced"] if len(distances) > 1 else []
