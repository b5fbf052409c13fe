"""Two equations with normal errors estimated jointly: what its estimators share.

The first equation holds the endogenous term and the exogenous ones, the second explains the
endogenous term by the exogenous ones and the instruments. athrho, the inverse hyperbolic tangent
of the errors' correlation, is a parameter without bounds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.expressions import names_in
from analysis.effects.fit import Derived
from analysis.effects.likelihoods.likelihood import (
    Design,
    Likelihood,
    Maximum,
    maximise,
    require_maximum,
    scaled_columns,
)
from analysis.effects.likelihoods.perfect_prediction import Recession
from analysis.effects.linear_models.least_squares import CONSTANT, solve
from analysis.effects.linear_models.linear import require_variation
from analysis.effects.refusals import needs
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.messages import UserError

Array = NDArray[np.float64]
ATHRHO, RHO = "athrho", "rho"
# |athrho| beyond which the correlation counts as run to 1 (0.9999), and where the climb ends
RUN_AWAY, END = 5.0, 8.0
STARTS = (0.0, -0.7, 0.7)


@dataclass(frozen=True)
class Pair:
    """Two equations: the outcome's design, the endogenous term's, and that term's (n,) values.

    ``instruments`` are those that are not collinear; ``regressors`` the outcome's terms as asked.
    """

    first: Design
    second: Design
    endogenous: str
    values: Array
    instruments: tuple[str, ...]
    regressors: pd.DataFrame
    dropped: tuple[str, ...]

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of both equations' coefficients: ``x``, then ``endogenous: x``."""
        second = (f"{self.endogenous}: {term}" for term in self.second.terms)
        return (*self.first.terms, *second)


# --- what goes in -----------------------------------------------------------------------------


def pair_of(sample: Sample, equation: Equation) -> Pair:
    """Return the two equations; collinear columns are set aside, constants put first.

    Raises
    ------
    UserError
        If there is not exactly one endogenous term, it is an instrument or part of a control, it
        does not vary apart from the exogenous terms, effects are to be absorbed, or there are too
        few rows.
    """
    require_variation(sample)
    name = _one_endogenous(sample, equation)
    columns = pd.concat([sample.regressors, sample.endogenous, sample.instruments], axis=1)
    columns = columns.loc[:, ~columns.columns.duplicated()]
    names = _ordered(sample, name)
    exogenous = [CONSTANT, *(term for term in names if term != name)]
    _require_apart(name, [*exogenous[1:], *sample.instruments], equation)
    full = columns.assign(**{CONSTANT: 1.0})
    found = _kept(full, [*exogenous, name], sample.outcome)
    if name not in found:
        en = f"an endogenous term that varies apart from the exogenous ones ({name} does not)"
        raise needs(equation, en, f"不与外生变量完全共线的内生变量（{name}）")
    fresh = [term for term in sample.instruments if term not in names]
    second = _kept(full, [*(t for t in exogenous if t in found), *fresh], sample.outcome)
    first = [CONSTANT, *(term for term in names if term in found)]
    k = len(first) + len(second) + 2
    if sample.n_obs <= k:
        raise UserError("too_few_rows", equation=equation.id, n=sample.n_obs, k=k)
    asked = [*names, *fresh]
    return Pair(
        _design(full, first), _design(full, second), name, columns[name].to_numpy(float),
        tuple(term for term in fresh if term in second), columns[names],
        tuple(term for term in asked if term not in found and term not in second),
    )  # fmt: skip


def _one_endogenous(sample: Sample, equation: Equation) -> str:
    if sample.endogenous.shape[1] != 1:
        raise needs(equation, "endogenous = [one term]", "endogenous = [一个变量]")
    name = str(sample.endogenous.columns[0])
    if sample.endogenous[name].nunique() < 2:
        raise UserError("never_varies", term=name, n=sample.n_obs)
    return name


def _ordered(sample: Sample, endogenous: str) -> list[str]:
    """Return the first equation's terms: treatments, the endogenous term, controls."""
    treatments = [term for term in sample.regressors if term in sample.treatments]
    return list(dict.fromkeys([*treatments, endogenous, *sample.regressors]))


def _require_apart(endogenous: str, exogenous: Sequence[str], equation: Equation) -> None:
    """Refuse terms that hold the endogenous one: they would explain it by itself."""
    own = _columns_in(endogenous)
    for term in exogenous:
        if term == endogenous or own & _columns_in(term):
            raise needs(
                equation.estimator,
                f"controls and instruments without the endogenous {endogenous} ({term} holds it)",
                f"不含内生变量 {endogenous} 的控制变量与工具变量（{term} 含有它）",
            )


def _columns_in(term: str) -> set[str]:
    try:
        return names_in(term)
    except UserError:
        return {term.partition(")=")[0].removeprefix("C(")}


def _kept(full: pd.DataFrame, names: Sequence[str], outcome: Array) -> list[str]:
    solution = solve(full[list(names)].to_numpy(float), outcome, 0)
    return [names[j] for j in sorted(solution.kept)]


def _design(full: pd.DataFrame, names: Sequence[str]) -> Design:
    columns = full[list(names)].to_numpy(float)
    scaled, back = scaled_columns(columns)
    return Design(tuple(names), columns, scaled, back, ())


# --- a likelihood of several indices ----------------------------------------------------------


def of_indices(
    value: Callable[[list[Array]], Array],
    derivatives: Callable[[list[Array]], tuple[Array, Array]],
    designs: Sequence[Array],
    bounded: int,
) -> Likelihood:
    """Return the likelihood whose rows depend on p indices X_j b_j.

    Parameters
    ----------
    value
        (n,) log likelihoods at p indices of (n,) values each.
    derivatives
        Their (n, p) gradient and (n, p, p) Hessian by the indices.
    designs
        p arrays (n, k_j); a column of ones for a single parameter such as athrho.
    bounded
        Position of athrho among the parameters: beyond ``END`` the likelihood is not looked at.
    """
    stops = np.cumsum([design.shape[1] for design in designs])
    parts = [slice(stop - d.shape[1], stop) for stop, d in zip(stops, designs, strict=True)]

    def indices(theta: Array) -> list[Array]:
        return [design @ theta[part] for design, part in zip(designs, parts, strict=True)]

    def loglike(theta: Array) -> float:
        return -np.inf if abs(theta[bounded]) > END else float(value(indices(theta)).sum())

    def scores(theta: Array) -> Array:
        gradient = derivatives(indices(theta))[0]
        return np.hstack([design * gradient[:, [j]] for j, design in enumerate(designs)])

    def hessian(theta: Array) -> Array:
        bends = derivatives(indices(theta))[1]
        return np.block(
            [
                [one.T @ (other * bends[:, i, j, None]) for j, other in enumerate(designs)]
                for i, one in enumerate(designs)
            ]
        )

    return Likelihood(loglike, scores, hessian)


def highest(
    likelihood: Likelihood, starts: Sequence[Array], at: int, estimator: str
) -> tuple[Maximum, tuple[str, ...]]:
    """Return the highest maximum from several starts, and a note where they differ.

    Parameters
    ----------
    at
        Position of athrho among the parameters.

    Raises
    ------
    UserError
        If the likelihood still rises as the correlation runs to 1 or -1, or has no maximum.
    """
    found = [maximise(likelihood, start) for start in starts]
    best = max(found, key=lambda one: np.nan_to_num(one.log_likelihood, nan=-np.inf))
    if abs(best.estimate[at]) > RUN_AWAY:
        end = int(np.sign(best.estimate[at]))
        raise needs(
            estimator,
            f"a correlation of the errors inside (-1, 1): the likelihood rises to rho = {end} "
            "(fewer terms, or better instruments)",
            f"误差相关系数位于 (-1, 1) 之内：似然函数趋向 rho = {end}（请减少变量或改进工具变量）",
        )
    k = len(best.estimate)
    none = Recession(np.empty((0, k)), np.empty((0, k)), np.empty(0, dtype=np.int64))
    best = require_maximum(best, [], estimator, lambda: none)
    tops = [one for one in found if one.converged and abs(one.estimate[at]) <= RUN_AWAY]
    lower = [one for one in tops if one.log_likelihood < best.log_likelihood - 1e-6]
    note = "the likelihood has more than one maximum: the highest found is reported"
    return best, (note,) if lower else ()


# --- what comes out ---------------------------------------------------------------------------


def derived_rho(athrho: float, at: int, k: int) -> Derived:
    """Return rho = tanh(athrho), derivative 1 - rho^2, of k parameters."""
    gradient, rho = np.zeros(k), float(np.tanh(athrho))
    gradient[at] = 1.0 - rho**2
    return Derived(RHO, rho, gradient, quantity="coefficient", component="transformed")


def wald_rho(best: Maximum, at: int) -> dict[str, Any]:
    """Return the Wald test of rho = 0, athrho^2 / Var(athrho), chi2(1), classical covariance."""
    from scipy.stats import chi2

    statistic = float(best.estimate[at] ** 2 / best.bread[at, at])
    return {"wald_rho": statistic, "wald_rho_p": float(chi2.sf(statistic, 1))}


def no_evidence(pair: Pair) -> tuple[str, ...]:
    """Return the note that a pair without instruments needs."""
    return () if pair.instruments else ("no instrument: identified by functional form alone",)
