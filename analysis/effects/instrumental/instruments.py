"""Instrumental variables: y = X b + e, E(z e) = 0, from a sample to arrays and to a Fit.

X holds the endogenous terms and the exogenous ones, Z the exogenous terms and the excluded
instruments. Rows are multiplied by the root of their weight and absorbed effects are taken out
first (Frisch, Waugh and Lovell), their levels counted among the parameters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from analysis.effects.expressions import unknown
from analysis.effects.fit import Fit
from analysis.effects.instrumental.moments import basis, moment_covariance, root_of
from analysis.effects.linear_models.absorbed_levels import levels_of, parameters_of
from analysis.effects.linear_models.absorption import without_effects
from analysis.effects.linear_models.least_squares import CONSTANT, solve
from analysis.effects.linear_models.linear import require_variation
from analysis.effects.refusals import needs
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.messages import Text, UserError

Array = NDArray[np.float64]
# the others need least-squares leverages or leave-one-out fits, which have no k-class counterpart
COVARIANCES = ("classical", "HC0", "HC1", "cluster")
OTHER_COVARIANCES = ("HC2", "HC3", "CRV3", "wild_bootstrap")
NOTHING_LEFT = 1e-9


@dataclass(frozen=True)
class Instrumented:
    """The equation as arrays.

    Attributes
    ----------
    terms, x
        k names and (n, k) regressors: const, treatments and endogenous terms, controls.
    endogenous
        Positions of the endogenous terms in ``x``.
    instruments, z
        q names of the excluded instruments; (n, k - p + q): exogenous terms, then instruments.
    absorbed_levels, nested_levels
        Parameters that absorbed effects use up; levels by effect.
    """

    terms: tuple[str, ...]
    y: Array
    x: Array
    z: Array
    endogenous: tuple[int, ...]
    instruments: tuple[str, ...]
    constant: int | None = None
    absorbed_levels: int = 0
    nested_levels: Mapping[str, int] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()

    @property
    def df_resid(self) -> int:
        """Rows less parameters, absorbed levels among them."""
        return len(self.y) - self.x.shape[1] - self.absorbed_levels

    @property
    def included(self) -> Array:
        """(n, k - p) exogenous regressors."""
        return self.z[:, : self.z.shape[1] - len(self.instruments)]


def instrumented(sample: Sample, equation: Equation, options: Sequence[str] = ()) -> Instrumented:
    """Return the equation as arrays; collinear columns are set aside.

    Raises
    ------
    UserError
        If endogenous terms or instruments are absent, an option or covariance is not known here,
        a treatment never varies, or the instruments are too few or do not move the endogenous
        terms.
    """
    _require_asked(sample, equation, options)
    names, endogenous = _ordered(sample)
    frame = pd.concat([sample.regressors, sample.endogenous, sample.instruments], axis=1)
    frame = frame.loc[:, ~frame.columns.duplicated()]
    instruments = [name for name in sample.instruments if name not in names]
    columns = frame[[*names, *instruments]].to_numpy(float)
    constant = not equation.absorb and equation.options.get("constant", True)
    full, root = _prepared(sample, np.column_stack([sample.outcome, columns]), constant)
    labels = [*([CONSTANT] if constant else []), *names, *instruments]
    at = 0 if constant and root is None else None
    return _identified(full, labels, endogenous, instruments, at, sample, equation)


def _require_asked(sample: Sample, equation: Equation, options: Sequence[str]) -> None:
    known = [*options, "constant"]
    for key in equation.options:
        if key not in known:
            raise unknown("option", key, known)
    if equation.vcov in OTHER_COVARIANCES:
        raise UserError("vcov_needs_linear", vcov=equation.vcov)
    if equation.vcov not in COVARIANCES:
        raise unknown("vcov", equation.vcov, list(COVARIANCES))
    for what in ("endogenous", "instruments"):
        if getattr(sample, what).shape[1] == 0:
            raise needs(equation, f"{what} = [...]", f"{what} = [...]")
    _require_usable(sample, equation)


def _require_usable(sample: Sample, equation: Equation) -> None:
    require_variation(sample)
    for term in sample.endogenous:
        if sample.endogenous[term].nunique() < 2:
            raise UserError("never_varies", term=term, n=sample.n_obs)
        if term in sample.instruments:
            what = f"instruments that are not endogenous ({term} is both)"
            raise needs(equation, what, f"工具变量本身不得是内生变量（{term}）")


def _ordered(sample: Sample) -> tuple[list[str], list[str]]:
    """Return the terms, treatments and endogenous before controls, and which are endogenous."""
    endogenous = list(dict.fromkeys(sample.endogenous))
    treatments = [name for name in sample.regressors if name in sample.treatments]
    first = [*treatments, *(name for name in endogenous if name not in treatments)]
    return [*first, *(name for name in sample.regressors if name not in first)], endogenous


def _prepared(sample: Sample, columns: Array, constant: bool) -> tuple[Array, Array | None]:
    """Return the columns without absorbed effects, a constant second, weighted; and the root."""
    if sample.absorbed.shape[1]:
        columns = without_effects(columns, sample.absorbed, sample.weights)
    elif constant:
        columns = np.insert(columns, 1, 1.0, axis=1)
    if sample.weights is None:
        return columns, None
    if (sample.weights <= 0).any():
        what = Text("weights above zero", "大于零的权数")
        raise UserError("estimator_needs", estimator="weights", what=what)
    root = np.sqrt(sample.weights)
    return columns * root[:, None], root


def _identified(
    full: Array,
    labels: list[str],
    endogenous: list[str],
    instruments: list[str],
    constant: int | None,
    sample: Sample,
    equation: Equation,
) -> Instrumented:
    """Set collinear columns aside (of two, the endogenous one) and require identification."""
    y, at = full[:, 0], {label: j for j, label in enumerate(labels, start=1)}
    own = [label for label in labels if label not in instruments]
    exogenous = [label for label in own if label not in endogenous]
    kept = _kept([*exogenous, *endogenous], full, at, constant)
    exogenous = [label for label in exogenous if label in kept]
    endogenous = [label for label in own if label in kept and label in endogenous]
    kept = {*kept, *_kept([*exogenous, *instruments], full, at, constant)}
    instruments = [label for label in instruments if label in kept]
    terms = [label for label in own if label in kept]
    levels = levels_of(sample.absorbed)
    asked = Instrumented(
        terms=tuple(terms),
        y=y,
        x=full[:, [at[label] for label in terms]],
        z=full[:, [at[label] for label in (*exogenous, *instruments)]],
        endogenous=tuple(terms.index(label) for label in endogenous),
        instruments=tuple(instruments),
        constant=constant,
        absorbed_levels=parameters_of(sample.absorbed),
        nested_levels=levels,
        dropped=tuple(label for label in labels if label not in kept),
    )
    _require_identified(asked, equation)
    return asked


def _kept(
    labels: Sequence[str], full: Array, at: Mapping[str, int], constant: int | None
) -> set[str]:
    solution = solve(full[:, [at[label] for label in labels]], full[:, 0], constant)
    return {labels[j] for j in solution.kept}


def _require_identified(asked: Instrumented, equation: Equation) -> None:
    if not asked.endogenous:
        what = "an endogenous term that varies apart from the other terms"
        raise needs(equation, what, "至少一个不与其他变量完全共线的内生变量")
    if len(asked.instruments) < len(asked.endogenous):
        what = f"{len(asked.endogenous)} instruments or more (found {len(asked.instruments)})"
        chinese = f"至少 {len(asked.endogenous)} 个工具变量（现有 {len(asked.instruments)} 个）"
        raise needs(equation, what, chinese)
    k = asked.z.shape[1] + asked.absorbed_levels
    if len(asked.y) <= k:
        raise UserError("too_few_rows", equation=equation.id, n=len(asked.y), k=k)
    order = np.argsort([j in asked.endogenous for j in range(len(asked.terms))], kind="stable")
    found = solve(projected(asked)[:, order], asked.y, asked.constant)
    if len(found.kept) < len(order):
        names = ", ".join(asked.terms[j] for j in asked.endogenous)
        raise needs(
            equation.estimator, f"instruments that move {names}", f"与 {names} 相关的工具变量"
        )


# --- algebra ----------------------------------------------------------------------------------


def projected(asked: Instrumented) -> Array:
    """Return Xhat = Z (Z'Z)^-1 Z'X, (n, k); the exogenous columns as they are."""
    q, fitted = basis(asked.z), asked.x.copy()
    moving = list(asked.endogenous)
    fitted[:, moving] = q @ (q.T @ asked.x[:, moving])
    return fitted


def two_step(
    asked: Instrumented, residuals: Array, equation: Equation, clusters: pd.DataFrame
) -> tuple[Array, Array, Array]:
    """Minimise g(b)'S^-1 g(b), g(b) = Z'(y - X b), S from the residuals of a first step.

    b = (X'Z S^-1 Z'X)^-1 X'Z S^-1 Z'y (Hansen 1982, Econometrica 50: 1029-1054); S is s^2 Z'Z
    under ``classical``. Z enters by an orthonormal basis, which leaves b unchanged.

    Returns
    -------
    tuple
        Estimates (k,), bread (X'Z S^-1 Z'X)^-1 and the instruments Z S^-1 Z'X (n, k) of its
        first-order condition.

    Raises
    ------
    UserError
        If S is singular: clusters (or rows) fewer than moments.
    """
    q = basis(asked.z)
    if equation.vcov == "classical":
        middle = np.eye(q.shape[1]) * float(residuals @ residuals) / asked.df_resid
    else:
        middle = moment_covariance(q * residuals[:, None], equation.vcov, clusters)
    root = root_of(middle)
    if root is None:
        what = f"more clusters than moments ({q.shape[1]}): absorb controls, or fewer of them"
        raise needs(
            equation.estimator, what, f"聚类数多于矩条件数（{q.shape[1]}）：可吸收或减少控制变量"
        )
    x = solve_triangular(root, q.T @ asked.x, lower=True)
    y = solve_triangular(root, q.T @ asked.y, lower=True)
    solution = solve(x, y)
    instruments = q @ solve_triangular(root, x, lower=True, trans="T")
    return solution.estimate, solution.bread, instruments


def made_fit(
    asked: Instrumented, estimate: Array, bread: Array, instruments: Array, **more: Any
) -> Fit:
    """Return the Fit: scores ``instruments``_i e_i, classical covariance s^2 bread.

    s^2 = e'e / (n - k), e = y - X b. R2 = 1 - e'e / total, which can be negative. ``more`` may
    hold ``classical`` in place of s^2 bread.
    """
    residuals = asked.y - asked.x @ estimate
    rss = float(residuals @ residuals)
    about: dict[str, Any] = {
        "classical": bread * rss / asked.df_resid,
        "fixed_effects": ", ".join(asked.nested_levels),
        **more,
    }
    return Fit(
        terms=asked.terms,
        estimate=estimate,
        bread=bread,
        scores=instruments * residuals[:, None],
        df_resid=asked.df_resid,
        r2=1.0 - rss / _total(asked),
        nested_levels=dict(asked.nested_levels),
        dropped=asked.dropped,
        **about,
    )


def _total(asked: Instrumented) -> float:
    """Return the total sum of squares, around the (weighted) mean where there is a constant."""
    y = asked.y
    if asked.terms[0] == CONSTANT:
        q = basis(asked.x[:, :1])
        y = y - q @ (q.T @ y)
    return float(y @ y)
