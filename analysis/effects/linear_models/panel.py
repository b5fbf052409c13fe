"""Panels: entity means, what is left within entities, random-effects GLS, counts to report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.fit import Fit
from analysis.effects.linear_models.least_squares import CONSTANT, solve
from analysis.effects.linear_models.linear import fit_linear
from analysis.effects.refusals import needs
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.messages import UserError

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
# a column of which no more than this share is left within (between) entities does not vary there
NOTHING_LEFT = 1e-9


# --- what an equation may ask -----------------------------------------------------------------


def flag(equation: Equation, name: str) -> bool:
    """Return an option that is true or false; false where absent.

    Raises
    ------
    UserError
        If it is neither.
    """
    value = equation.options.get(name, False)
    if not isinstance(value, bool):
        raise needs(
            equation.estimator, f"options.{name} true or false", f"options.{name} 为 true 或 false"
        )
    return value


def entities(sample: Sample, equation: Equation) -> Codes:
    """Return (n,) codes 0 .. N - 1 of the entities.

    Raises
    ------
    UserError
        If the study names no entity.
    """
    if sample.entity is None:
        raise needs(equation, "entity in the study file", "在研究文件中给出 entity")
    return codes_in(sample.entity)


def codes_in(values: pd.Series) -> Codes:
    """Return (n,) codes 0, 1 ... of a column's values."""
    return np.asarray(pd.factorize(values)[0], dtype=np.int64)


def treatment_columns(sample: Sample) -> list[tuple[str, list[str]]]:
    """Return each treatment with its columns (several for C(x))."""
    names = list(sample.regressors)
    return [
        (term, [name for name in names if name == term or name.startswith(f"{term}=")])
        for term in dict.fromkeys(sample.treatments)
    ]


# --- means and deviations ---------------------------------------------------------------------


def means_of(columns: Array, codes: Codes) -> Array:
    """Return the (N, k) means of (n, k) columns by group."""
    sizes = np.bincount(codes)
    sums = [np.bincount(codes, weights=column, minlength=len(sizes)) for column in columns.T]
    return np.column_stack(sums) / sizes[:, None] if sums else np.empty((len(sizes), 0))


def within(columns: Array, codes: Codes) -> Array:
    """Return x_it - xbar_i, (n, k); a column that does not vary within groups is exactly 0."""
    rest = columns - means_of(columns, codes)[codes]
    # the second pass takes out the rounding error of the first
    rest = rest - means_of(rest, codes)[codes]
    rest[:, nothing_left(rest, columns)] = 0.0
    return rest


def nothing_left(rest: Array, columns: Array) -> NDArray[np.bool_]:
    """Return (k,): is a column's remainder rounding error of the column?"""
    return np.asarray(_size(rest) <= NOTHING_LEFT * _size(columns))


def _size(columns: Array) -> Array:
    return np.sqrt([column @ column for column in columns.T])


def is_nested(inner: Codes, outer: Codes) -> bool:
    """Return whether every inner group lies in one outer group."""
    around = np.empty(int(inner.max()) + 1, dtype=outer.dtype)
    around[inner] = outer
    return bool((around[inner] == outer).all())


# --- random effects ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Components:
    """Variances of the error and of the entities' effects, and (N,) quasi-demeaning shares."""

    sigma_e2: float
    sigma_u2: float
    theta: Array


def variance_components(y: Array, x: Array, codes: Codes, equation: Equation) -> Components:
    """Return the variance components of Swamy and Arora (1972, Econometrica 40: 261-275).

    sigma_e^2 is the residual variance of the within regression; sigma_u^2 that of the regression
    on entity means less sigma_e^2 over the harmonic mean of T_i, at least 0; theta_i =
    1 - sqrt(sigma_e^2 / (T_i sigma_u^2 + sigma_e^2)) (Baltagi 2021, sections 2.3 and 9.2). The
    degrees of freedom count the coefficients that each regression can estimate. ``x`` is (n, k)
    without constant.

    Raises
    ------
    UserError
        If one of the two regressions has no residual degrees of freedom.
    """
    sizes = np.bincount(codes)
    entities_n = len(sizes)
    inside = solve(within(x, codes), within(y[:, None], codes)[:, 0])
    design = np.column_stack([np.ones(entities_n), means_of(x, codes)])
    between = solve(design, means_of(y[:, None], codes)[:, 0], 0)
    df_within = len(y) - entities_n - len(inside.kept)
    df_between = entities_n - len(between.kept)
    if df_within <= 0:
        raise UserError("too_few_rows", equation=equation.id, n=len(y), k=len(y) - df_within)
    if df_between <= 0:
        k = len(between.kept)
        raise needs(equation, f"more than {k} entities", f"多于 {k} 个个体")
    sigma_e2 = float(inside.residuals @ inside.residuals) / df_within
    spread = float(between.residuals @ between.residuals) / df_between
    sigma_u2 = max(0.0, spread - sigma_e2 * float((1.0 / sizes).mean()))
    total = sizes * sigma_u2 + sigma_e2
    share = np.divide(sigma_e2, total, out=np.ones(entities_n), where=total > 0)
    return Components(sigma_e2, sigma_u2, 1.0 - np.sqrt(share))


def fit_random_effects(
    sample: Sample, regressors: pd.DataFrame, codes: Codes, equation: Equation
) -> Fit:
    """Fit y = a + X b + u_i + e_it by GLS: least squares of y - theta_i ybar_i on the same of X.

    Wooldridge 2010, section 10.7.2. The covariances hold theta fixed.

    Raises
    ------
    UserError
        If there are too few rows or entities for the variance components.
    """
    x, y = regressors.to_numpy(float), sample.outcome
    parts = variance_components(y, x, codes, equation)
    full = np.column_stack([y, np.ones(len(y)), x])
    moved = full - parts.theta[codes][:, None] * means_of(full, codes)[codes]
    fit = fit_linear(
        [CONSTANT, *regressors], moved[:, 1:], moved[:, 0], constant=False, equation=equation.id
    )
    # leaving out a cluster leaves the other rows as they are only if entities lie in clusters
    exact = all(is_nested(codes, codes_in(sample.clusters[name])) for name in sample.clusters)
    note = "the entities' variance is estimated at 0: random effects is pooled least squares"
    return replace(
        fit,
        r2=_r2_of_constant(fit, moved[:, 0], moved[:, 1]),
        linear=fit.linear if exact else None,
        notes=(note,) if parts.sigma_u2 == 0.0 else (),
        extras=_reported(parts),
    )


def _r2_of_constant(fit: Fit, y: Array, constant: Array) -> float:
    """Return 1 - SSR / SST of the transformed rows, SST around the transformed constant."""
    rest = y - constant * float(constant @ y) / float(constant @ constant)
    residuals = y - fit.linear.design @ fit.estimate  # type: ignore[union-attr]
    return 1.0 - float(residuals @ residuals) / float(rest @ rest)


def _reported(parts: Components) -> dict[str, Any]:
    """Return theta (the entities' mean where it differs), sigma_u and sigma_e."""
    theta = parts.theta
    numbers = {
        "theta": float(theta.mean()),
        "sigma_u": float(np.sqrt(parts.sigma_u2)),
        "sigma_e": float(np.sqrt(parts.sigma_e2)),
    }
    if np.ptp(theta) > 0.0:
        numbers |= {"theta_min": float(theta.min()), "theta_max": float(theta.max())}
    return numbers


# --- what to report ---------------------------------------------------------------------------


def shape_of(sample: Sample, codes: Codes) -> dict[str, Any]:
    """Return the numbers of entities, periods and switchers, and rows an entity at least, most.

    A switcher is an entity whose first treatment changes.
    """
    sizes = np.bincount(codes)
    counts = {
        "n_entities": len(sizes),
        "rows_per_entity_min": int(sizes.min()),
        "rows_per_entity_max": int(sizes.max()),
    }
    if sample.time is not None:
        counts["n_periods"] = int(sample.time.nunique())
    if sample.treatments:
        columns = treatment_columns(sample)[0][1]
        counts["n_switchers"] = _switchers(sample.regressors[columns].to_numpy(), codes)
    return counts


def _switchers(columns: Array, codes: Codes) -> int:
    """Return in how many groups any of the (n, k) columns changes."""
    changes = np.zeros(int(codes.max()) + 1, dtype=bool)
    for column in columns.T:
        one = np.empty(len(changes))
        one[codes] = column
        changes[codes[column != one[codes]]] = True
    return int(changes.sum())


def with_extras(fit: Fit, more: Mapping[str, Any], notes: Sequence[str] = ()) -> Fit:
    """Return the fit with more extras and notes."""
    return replace(fit, extras={**fit.extras, **more}, notes=(*fit.notes, *notes))
