"""A fitted least-squares equation as its columns, weighted and within absorbed effects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import qr

from analysis.effects.decomposition.named_groups import columns_of_term
from analysis.effects.estimates import Fitted
from analysis.effects.expressions import unknown
from analysis.effects.findings import Asked
from analysis.effects.fit import Fit, Linear
from analysis.effects.inference.covariance import Covariance, covariance
from analysis.effects.linear_models.absorption import without_effects
from analysis.effects.linear_models.least_squares import CONSTANT
from analysis.effects.multiplicity.projected import LINEAR, effects_of

Array = NDArray[np.float64]
# what is left of a column beside others, as a share of it, below which it is theirs
COLLINEAR = 1e-10
# covariances that have no counterpart for what these tools compute, and what stands in
STANDING_IN = {
    "HC2": "HC1", "HC3": "HC1", "CRV3": "cluster", "wild_bootstrap": "cluster",
}  # fmt: skip


@dataclass(frozen=True)
class LeastSquares:
    """An equation as solved: k terms, (n, k) columns, (n,) response, residual degrees of freedom.

    Columns are multiplied by the root of the weights; absorbed effects are taken out.
    """

    fitted: Fitted
    terms: tuple[str, ...]
    columns: Array
    response: Array

    def of(self, terms: Sequence[str]) -> Array:
        """Return the (n, m) columns of some terms."""
        return self.columns[:, [self.terms.index(term) for term in terms]]

    @property
    def fit(self) -> Fit:
        """The fit."""
        return self.fitted.fit


def least_squares_of(asked: Asked, fitted: Fitted) -> LeastSquares:
    """Return a fitted equation's columns.

    Raises
    ------
    UserError
        If it is not least squares.
    """
    if fitted.equation.estimator not in LINEAR:
        raise asked.needs(
            f"a linear equation (estimator {', '.join(LINEAR)})",
            f"线性方程（estimator 为 {'、'.join(LINEAR)}）",
        )
    linear = fitted.fit.linear or _within(fitted)
    return LeastSquares(fitted, fitted.fit.terms, linear.design, linear.response)


def _within(fitted: Fitted) -> Linear:
    """Return the columns within several absorbed effects, which their fit does not keep."""
    sample = fitted.sample
    columns = sample.regressors[list(fitted.fit.terms)].to_numpy(float)
    both = np.column_stack([sample.outcome, columns])
    rest = without_effects(both, effects_of(sample))
    return Linear(rest[:, 1:], rest[:, 0])


# --- terms ------------------------------------------------------------------------------------


def terms_asked(asked: Asked, option: str, problem: LeastSquares, value: Any) -> list[str]:
    """Return the columns of the terms that an option lists.

    Raises
    ------
    UserError
        If it lists none, or one that the equation has not.
    """
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(term, str) for term in listed):
        raise asked.needs(f"{option} = [terms]", f"{option} = [变量]")
    controls = controls_of(asked, problem)
    if listed and not controls:
        raise asked.needs("controls in the equation", "方程中的控制变量")
    found: list[str] = []
    for term in listed:
        columns = columns_of_term(term, problem.terms)
        if not columns or not set(columns) <= set(controls):
            raise unknown("control", term, [*controls, *fit_aside(problem)])
        found += columns
    return list(dict.fromkeys(found))


def controls_of(asked: Asked, problem: LeastSquares) -> list[str]:
    """Return the terms beside the constant and the treatments."""
    return [term for term in problem.terms if term != CONSTANT and term not in asked.terms()]


def fit_aside(problem: LeastSquares) -> tuple[str, ...]:
    """Return the terms that the fit set aside as collinear."""
    return problem.fit.dropped


# --- projections ------------------------------------------------------------------------------


def rest_of(columns: Array, others: Array) -> Array:
    """Return what is left of (n, m) columns beside others (n, k), collinear ones among them."""
    if not others.shape[1]:
        return columns
    size = np.sqrt((others**2).sum(axis=0))
    q, r, _ = qr(others / np.where(size > 0.0, size, 1.0), mode="economic", pivoting=True)
    q = q[:, np.abs(np.diag(r)) > COLLINEAR]
    once = columns - q @ (q.T @ columns)
    return np.asarray(once - q @ (q.T @ once))


def square(column: Array) -> float:
    """Return the sum of squares."""
    return float(column @ column)


# --- covariances ------------------------------------------------------------------------------


def covariance_of(
    fitted: Fitted, estimate: Array, influence: Array, classical: Array
) -> tuple[Covariance, str]:
    """Return the covariance of (m,) numbers with (n, m) influence, under the equation's vcov.

    Small-sample factors are the equation's own. A note says what stands in where the equation's
    covariance has no counterpart.
    """
    asked = fitted.equation.vcov
    found = STANDING_IN.get(asked, asked)
    if found == "bootstrap":
        found = "cluster" if fitted.sample.clusters.shape[1] else "HC1"
    m = len(estimate)
    fit = replace(
        fitted.fit, terms=tuple(map(str, range(m))), estimate=estimate, bread=np.eye(m),
        scores=influence, classical=classical, linear=None, own={},
    )  # fmt: skip
    note = "" if found == asked else f"errors by {found}: {asked} has no counterpart here"
    return covariance(fit, found, fitted.sample.clusters), note


def one_treatment(asked: Asked) -> str:
    """Return the first outcome's only treatment term.

    Raises
    ------
    UserError
        If there are several.
    """
    terms = asked.terms()
    if len(terms) != 1:
        raise asked.needs("one treatment", "一个处理变量")
    return terms[0]


def codes_by(columns: Mapping[str, pd.Series]) -> NDArray[np.int64]:
    """Return (n,) codes of the cells that columns form together."""
    frame = pd.DataFrame(dict(columns))
    return frame.groupby(list(frame), sort=True).ngroup().to_numpy()
