"""Whether an outcome is above zero: the first part of two-part and hurdle models."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.effects.estimators.logit import fit_index, logistic
from analysis.effects.estimators.probit import normal
from analysis.effects.expressions import unknown
from analysis.effects.fit import Fit
from analysis.effects.likelihoods.likelihood import Likelihood, likelihood_of
from analysis.effects.likelihoods.marginal_effects import COLUMNS_OPTION, OPTION, Curve
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]


class Link(NamedTuple):
    """A binary model: its likelihood of (n,) zeros and ones on a design, and its curve."""

    model: Callable[[Array, Array], Likelihood]
    curve: Callable[[Array], Curve]


def fit_binary(sample: Sample, equation: Equation, outcome: Array, link: str) -> Fit:
    """Return the binary model of (n,) zeros and ones, marginal effects among its ``derived``.

    Of the equation's options those of the marginal effects are heeded.

    Raises
    ------
    UserError
        If a term predicts the outcome perfectly.
    """
    chosen = LINKS[link]
    effects = {k: v for k, v in equation.options.items() if k in (OPTION, COLUMNS_OPTION)}
    return fit_index(
        replace(sample, outcome=outcome), replace(equation, options=effects),
        lambda x: chosen.model(outcome, x), chosen.curve,
    )  # fmt: skip


def link_of(equation: Equation, option: str, allowed: tuple[str, ...]) -> str:
    """Return the link that an option names, the first allowed without it.

    Raises
    ------
    UserError
        If it is not one of those allowed.
    """
    link = equation.options.get(option, allowed[0])
    if link not in allowed:
        raise unknown(option, str(link), list(allowed))
    return str(link)


# --- models -----------------------------------------------------------------------------------


def _logit(outcome: Array, design: Array) -> Likelihood:
    from statsmodels.discrete.discrete_model import Logit

    return likelihood_of(Logit(outcome, design))


def _probit(outcome: Array, design: Array) -> Likelihood:
    from statsmodels.discrete.discrete_model import Probit

    return likelihood_of(Probit(outcome, design))


def _poisson_zeros(outcome: Array, design: Array) -> Likelihood:
    """Return the likelihood of "a Poisson count is above zero": P = 1 - exp(-m), m = exp(x'a)."""

    def pieces(a: Array) -> tuple[Array, Array]:
        m = np.exp(design @ a)
        return m, 1.0 / np.expm1(m)

    def loglike(a: Array) -> float:
        m = np.exp(design @ a)
        return float(np.where(outcome > 0.0, np.log(-np.expm1(-m)), -m).sum())

    def scores(a: Array) -> Array:
        m, odds = pieces(a)
        return design * np.where(outcome > 0.0, m * odds, -m)[:, None]

    def hessian(a: Array) -> Array:
        m, odds = pieces(a)
        bent = np.where(outcome > 0.0, m * odds * (1.0 - m * (1.0 + odds)), -m)
        return (design * bent[:, None]).T @ design

    return Likelihood(loglike, scores, hessian)


def _above_zero(index: Array) -> Curve:
    """Return 1 - exp(-m), m = exp(z), and its derivatives."""
    m = np.exp(index)
    slope, none = m * np.exp(-m), np.empty((len(index), 0))
    return Curve(-np.expm1(-m), slope, slope * (1.0 - m), none, none)


LINKS: Mapping[str, Link] = {
    "logit": Link(_logit, logistic),
    "probit": Link(_probit, normal),
    "poisson": Link(_poisson_zeros, _above_zero),
}
