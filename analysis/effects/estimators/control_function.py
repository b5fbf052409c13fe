"""Control function: y = x'b + sum r_j v_j + e by least squares, v_j first-stage residuals.

Each endogenous term is regressed on the exogenous terms and the instruments; with its residual in
the equation the coefficients of x are those of two-stage least squares, and r = 0 is the test of
Wu and Hausman that the terms are exogenous (Wooldridge 2010, section 6.3; the same author's
Introductory Econometrics, section 15-5).

- classical: s^2 (W'W)^-1, W = (X, V), as least-squares programs print it: right under r = 0 only.
- HC0, HC1, cluster: both steps as stacked moments, f_i = A (w_i e_i + W'Z (Z'Z)^-1 z_i v_i'r), A =
  (W'W)^-1. For b that is Xhat_i (y_i - x_i'b), the errors of two-stage least squares.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.inference import bootstrap
from analysis.effects.inference.covariance import covariance
from analysis.effects.inference.influence import fit_of_influence
from analysis.effects.instrumental.instruments import NOTHING_LEFT, Instrumented, instrumented
from analysis.effects.instrumental.moments import basis
from analysis.effects.instrumental.partialled import wald
from analysis.effects.instrumental.weak_instruments import RULE_OF_THUMB
from analysis.effects.linear_models.least_squares import Solution, solve
from analysis.effects.refusals import needs
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.messages import UserError

Array = NDArray[np.float64]
RESIDUAL = "residual"
USES = ("instruments", "endogenous")
ABOUT = About(
    fits="linear model with endogenous terms by control functions (first-stage residuals)",
    needs="outcome, endogenous, instruments",
    reports="coefficients (those of 2SLS) and the residuals'; Wu-Hausman test, first-stage F",
)
PLAIN = "classical errors take the first-stage residuals as data: right if their coefficients are 0"


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it, weighted if so asked; the residual of x is the term x, component ``residual``.

    Raises
    ------
    UserError
        As ``instruments.instrumented``; if there are too few rows, or a first-stage residual is
        zero or collinear.
    """
    asked = instrumented(sample, _with_known_covariance(equation))
    q = basis(asked.z)
    endogenous = asked.x[:, list(asked.endogenous)]
    residuals = endogenous - q @ (q.T @ endogenous)
    _require_residuals(asked, endogenous, residuals, equation)
    design = np.column_stack([asked.x, residuals])
    _require_rows(design, equation)
    solution = solve(design, asked.y, asked.constant)
    found = _fit(asked, design, q @ (q.T @ design), solution, len(asked.endogenous))
    strength = _first_stage(asked, residuals)
    notes = (*([PLAIN] if equation.vcov == "classical" else []), *_weakness(strength))
    extras = {"n_instruments": len(asked.instruments), **strength}
    told = replace(found, extras=extras, notes=notes)
    return _with_wu_hausman(told, sample, equation, len(asked.endogenous))


def _fit(asked: Instrumented, design: Array, projected: Array, solution: Solution, p: int) -> Fit:
    """Return the Fit of W = ``design``; ``projected`` is Z (Z'Z)^-1 Z'W."""
    moved = design[:, -p:] @ solution.estimate[-p:]
    scores = design * solution.residuals[:, None] + projected * moved[:, None]
    df_resid = len(asked.y) - design.shape[1]
    variance = float(solution.residuals @ solution.residuals) / df_resid
    found = fit_of_influence(
        (*asked.terms, *(asked.terms[j] for j in asked.endogenous)), solution.estimate,
        scores @ solution.bread, df_resid=df_resid, classical=solution.bread * variance,
        dropped=asked.dropped, components=(*[""] * len(asked.terms), *[RESIDUAL] * p),
    )  # fmt: skip
    return replace(found, distribution="t")


def _require_rows(design: Array, equation: Equation) -> None:
    n, k = design.shape
    if n <= k:
        raise UserError("too_few_rows", equation=equation.id, n=n, k=k)


def _weakness(strength: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(
        f"weak instruments: {name} {value:.3g} is under {RULE_OF_THUMB:g}"
        for name, value in strength.items()
        if value < RULE_OF_THUMB
    )


def _with_known_covariance(equation: Equation) -> Equation:
    """Return the equation to read its columns by: a bootstrap is no matter of theirs."""
    return replace(equation, vcov="HC1") if equation.vcov == bootstrap.NAME else equation


def _require_residuals(
    asked: Instrumented, endogenous: Array, residuals: Array, equation: Equation
) -> None:
    """Refuse (n, p) endogenous terms whose first stage leaves nothing, or one thing twice."""
    size = np.sqrt((endogenous**2).sum(axis=0))
    kept = np.linalg.svd(residuals / size, compute_uv=False)
    if len(kept) < len(size) or kept[-1] < NOTHING_LEFT:
        names = ", ".join(asked.terms[j] for j in asked.endogenous)
        raise needs(
            equation, f"endogenous terms that the instruments do not explain fully ({names})",
            f"不被工具变量完全解释的内生变量（{names}）",
        )  # fmt: skip


def _first_stage(asked: Instrumented, residuals: Array) -> dict[str, float]:
    """Return the classical partial F of the instruments for each endogenous term."""
    inside = basis(asked.included)
    found = {}
    for j, position in enumerate(asked.endogenous):
        own = asked.x[:, position] - inside @ (inside.T @ asked.x[:, position])
        rss, q = float(residuals[:, j] @ residuals[:, j]), len(asked.instruments)
        tag = f"[{asked.terms[position]}]" if len(asked.endogenous) > 1 else ""
        explained = (float(own @ own) - rss) / q
        found[f"first_stage_f{tag}"] = explained / (rss / (len(own) - asked.z.shape[1]))
    return found


def _with_wu_hausman(fit: Fit, sample: Sample, equation: Equation, p: int) -> Fit:
    """Put the F test that the p residuals' coefficients are zero, under the vcov, in the extras."""
    if equation.vcov == bootstrap.NAME:
        return fit
    found = covariance(fit, equation.vcov, sample.clusters)
    f = wald(fit.estimate[-p:], found.matrix[-p:, -p:]) / p
    if f != f:
        return fit
    tests: dict[str, Any] = {"wu_hausman_f": f}
    tests["wu_hausman_p"] = float(stats.f.sf(f, p, found.cov_df))
    return replace(fit, extras={**fit.extras, **tests})
