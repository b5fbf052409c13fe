"""Conditional (fixed-effects) logit: P(y_g | sum y_g) without the group effects.

Chamberlain 1980, Review of Economic Studies 47: 225-238; Wooldridge 2010, section 15.8.3. A group
is one contribution to the likelihood, so its score stands on its first row, and clusters must be
unions of groups.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.likelihoods.likelihood import (
    Design,
    Likelihood,
    fit_of,
    mapped,
    maximise,
    require_maximum,
    require_zero_one,
)
from analysis.effects.likelihoods.perfect_prediction import Recession
from analysis.effects.linear_models.least_squares import solve
from analysis.effects.linear_models.linear import require_variation
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.messages import UserError

Array = NDArray[np.float64]
USES = ("absorb",)
ABOUT = About(
    fits="logit with group effects conditioned out",
    needs="an outcome of 0 and 1, groups (absorb, or the study's entity) in which it varies",
    reports="coefficients, log likelihood, groups without variation",
)
# statsmodels sums over the ways of placing the ones by a recursion as deep as the group is large
LARGEST_GROUP = 400


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; extras: groups and rows used; notes: groups in which the outcome never varies.

    Raises
    ------
    UserError
        If there are no groups, the outcome is not 0 and 1 or varies in no group, a treatment
        varies in no group, clusters cut through groups, or an option is unknown.
    """
    require_plain(equation)
    require_zero_one(sample.outcome, equation.estimator)
    require_variation(sample)
    name, groups = _groups(sample, equation)
    _require_nested(groups, sample, equation)
    used = _varies(sample.outcome, groups)
    _require_some(used, groups, equation)
    design = _within(sample, equation, groups, used)
    y, codes = sample.outcome[used], pd.factorize(groups[used])[0]
    model = _model(y, design.scaled, codes)
    likelihood = _likelihood(model, np.unique(codes, return_index=True)[1], len(y))
    found = require_maximum(
        maximise(likelihood, np.zeros(len(design.terms))), design.terms, equation.estimator,
        lambda: _recession(design.scaled, y, codes),
    )  # fmt: skip
    best = mapped(found, design.back)
    null = likelihood.loglike(np.zeros(len(design.terms)))
    fitted = fit_of(
        best, design.terms, null, dropped=design.dropped, fixed_effects=name,
        notes=_notes(groups, used, name),
        extras={"n_groups_used": int(codes.max()) + 1, "n_rows_used": len(y)},
    )  # fmt: skip
    return _on_all_rows(fitted, used)


def _groups(sample: Sample, equation: Equation) -> tuple[str, NDArray[np.int64]]:
    """Return the grouping column's name and (n,) codes."""
    if sample.absorbed.shape[1] == 1:
        column = sample.absorbed.iloc[:, 0]
    elif sample.absorbed.shape[1] == 0 and sample.entity is not None:
        column = sample.entity
    else:
        raise needs(equation, "one column in absorb (or entity)", "absorb 中的一列")
    return str(column.name), pd.factorize(column)[0].astype(np.int64)


def _require_nested(groups: NDArray[np.int64], sample: Sample, equation: Equation) -> None:
    if equation.vcov != "cluster":
        return
    for column in sample.clusters:
        if (sample.clusters[column].groupby(groups).nunique() > 1).any():
            raise needs(
                equation.estimator, f"clusters that do not cut through its groups ({column} does)",
                f"不切割组别的聚类变量（{column} 切割了组别）",
            )  # fmt: skip


def _varies(outcome: Array, groups: NDArray[np.int64]) -> NDArray[np.bool_]:
    by = pd.Series(outcome).groupby(groups)
    return (by.transform("max") > by.transform("min")).to_numpy()


def _require_some(used: NDArray[np.bool_], groups: NDArray[np.int64], equation: Equation) -> None:
    if not used.any():
        raise needs(equation, "an outcome that varies within groups", "组内变化的因变量")
    if np.bincount(groups[used]).max() > LARGEST_GROUP:
        raise needs(
            equation.estimator, f"groups of at most {LARGEST_GROUP} rows",
            f"不超过 {LARGEST_GROUP} 个观测的组别",
        )  # fmt: skip


def _within(
    sample: Sample, equation: Equation, groups: NDArray[np.int64], used: NDArray[np.bool_]
) -> Design:
    """Return the columns around their group means, in rows of groups that are used."""
    names = list(sample.regressors)
    whole = sample.regressors[used]
    centred = (whole - whole.groupby(groups[used]).transform("mean")).to_numpy(float)
    # what is left of a column that is constant within groups is rounding error: zero
    dust = np.abs(centred).max(axis=0) <= 1e-12 * np.abs(whole.to_numpy(float)).max(axis=0)
    centred = np.where(dust, 0.0, centred)
    for treatment in sample.treatments:
        if treatment in names and dust[names.index(treatment)]:
            raise UserError("never_varies", term=treatment, n=int(used.sum()))
    kept = list(solve(centred, sample.outcome[used]).kept) if names else []
    if not kept:
        raise needs(equation, "a term that varies within groups", "组内变化的自变量")
    scale = centred[:, kept].std(axis=0)
    dropped = tuple(name for j, name in enumerate(names) if j not in kept)
    columns = centred[:, kept]
    return Design(
        tuple(names[j] for j in kept), columns, columns / scale, np.diag(1.0 / scale), dropped
    )


def _model(y: Array, columns: Array, codes: NDArray[np.int64]) -> Any:
    from statsmodels.discrete.conditional_models import ConditionalLogit

    return ConditionalLogit(y, columns, groups=codes)


def _likelihood(model: Any, first: NDArray[np.intp], n: int) -> Likelihood:
    """Return the model's functions, a group's score on its first row, a central Hessian."""
    from statsmodels.tools.numdiff import approx_fprime

    def scores(b: Array) -> Array:
        rows = np.zeros((n, len(b)))
        rows[first] = [model.score_grp(group, b) for group in range(len(first))]
        return rows

    def hessian(b: Array) -> Array:
        return np.atleast_2d(approx_fprime(b, model.score, centered=True))

    return Likelihood(lambda b: float(model.loglike(b)), scores, hessian)


def _recession(columns: Array, y: Array, codes: NDArray[np.int64]) -> Recession:
    """Directions in which every one of a group is above every zero of it."""
    pairs, rows = [], []
    for group in range(int(codes.max()) + 1):
        ones, zeros = (np.flatnonzero((codes == group) & (y == value)) for value in (1.0, 0.0))
        pairs.append((columns[ones][:, None] - columns[zeros][None]).reshape(-1, columns.shape[1]))
        rows.append(np.repeat(ones, len(zeros)))
    rising = np.vstack(pairs)
    return Recession(rising, np.empty((0, columns.shape[1])), np.concatenate(rows))


def _notes(groups: NDArray[np.int64], used: NDArray[np.bool_], name: str) -> tuple[str, ...]:
    if used.all():
        return ()
    idle = len(np.unique(groups[~used]))
    return (f"{idle} groups of {name} ({int((~used).sum())} rows) without variation: no part",)


def _on_all_rows(fitted: Fit, used: NDArray[np.bool_]) -> Fit:
    """Return the fit with scores on every row of the sample, zero where a group has no part."""
    scores = np.zeros((len(used), len(fitted.terms)))
    scores[used] = fitted.scores
    return replace(fitted, scores=scores, df_resid=len(used) - len(fitted.terms))
