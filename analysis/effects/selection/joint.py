"""Both equations at once: maximum likelihood of one outcome equation, or of one in each regime."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import block_diag

from analysis.effects.fit import Derived, Fit
from analysis.effects.likelihoods.joint_probit import ATHRHO, STARTS
from analysis.effects.likelihoods.likelihood import Design, fit_of, mapped
from analysis.effects.linear_models.least_squares import solve
from analysis.effects.selection.first_step import SELECTION, FirstStep
from analysis.effects.selection.likelihood import Parts, Seen, Unseen, likelihood_of_parts
from analysis.effects.selection.maximum import Highest, highest, start_of
from analysis.effects.selection.second_step import (
    LAMBDA,
    RHO,
    SIGMA,
    SecondStep,
    fit_second_step,
    transformed,
)

Array = NDArray[np.float64]
LOG_SIGMA = "log_sigma"
HALF_LOG_TWO_PI = 0.5 * np.log(2.0 * np.pi)


@dataclass(frozen=True)
class Regime:
    """One outcome equation: its component, the (n,) rows it is seen on, (m,) outcome, design."""

    label: str
    rows: NDArray[np.bool_]
    outcome: Array
    design: Design


class Model(NamedTuple):
    """Outcome equations and the selection equation of n rows, (n,) ``chosen`` or not."""

    regimes: tuple[Regime, ...]
    chosen: NDArray[np.bool_]
    selection: Design
    estimator: str


@dataclass(frozen=True)
class Layout:
    """Where parameters of a maximum-likelihood fit stand: by regime, and the selection's.

    b of each regime, then g, then log sigma and athrho of each regime.
    """

    b: tuple[slice, ...]
    g: slice
    log_sigma: tuple[int, ...]
    athrho: tuple[int, ...]
    k: int


def layout_of(model: Model) -> Layout:
    """Return where each parameter stands."""
    sizes = [len(regime.design.terms) for regime in model.regimes] + [len(model.selection.terms)]
    stops = np.cumsum(sizes)
    places = [slice(int(stop - size), int(stop)) for stop, size in zip(stops, sizes, strict=True)]
    ends = [int(stops[-1]) + 2 * j for j in range(len(model.regimes))]
    return Layout(
        tuple(places[:-1]), places[-1], tuple(ends), tuple(end + 1 for end in ends),
        int(stops[-1]) + 2 * len(ends),
    )  # fmt: skip


def second_steps(model: Model, first: FirstStep) -> tuple[SecondStep, ...]:
    """Return the second step of each outcome equation."""
    return tuple(
        fit_second_step(
            one.outcome, one.design.terms, one.design.columns, first, one.rows, model.estimator
        )
        for one in model.regimes
    )


def fit_joint(model: Model, first: FirstStep, seconds: Sequence[SecondStep], **more: Any) -> Fit:
    """Return the maximum-likelihood Fit, components as those of the two steps.

    Terms: coefficients of each outcome equation, of the selection equation, then log_sigma and
    athrho of each; derived: sigma, rho and lambda = rho sigma of each. ``lr_rho`` in extras is the
    likelihood ratio test of rho = 0 in all, against least squares and the probit by themselves.

    Raises
    ------
    UserError
        If the likelihood has no maximum from any start.
    """
    at, (middle, spread) = layout_of(model), _units(model)
    apart = [_least_squares(regime) for regime in model.regimes]
    starts = _starts(model, at, first, seconds, apart)
    found = highest(
        _likelihood(model, at, middle, spread),
        [_scaled(model, at, start, middle, spread) for start in starts],
        at.athrho, model.estimator,
    )  # fmt: skip
    own = _in_own_units(model, at, found, middle, spread)
    alone = first.log_likelihood + sum(_log_likelihood(one.outcome, s) for one, (_, s) in
                                       zip(model.regimes, apart, strict=True))  # fmt: skip
    names = [term for regime in model.regimes for term in regime.design.terms]
    extras = {**_ratio_test(own.log_likelihood, alone, len(apart)), **more.pop("extras", {})}
    fit = fit_of(
        own, [*names, *model.selection.terms, *[LOG_SIGMA, ATHRHO] * len(apart)], 0.0,
        derived=_ancillary(model, at, own.estimate), extras=extras,
        notes=(*more.pop("notes", ()), *found.notes), **more,
    )  # fmt: skip
    return replace(fit, components=_components(model))


def _components(model: Model) -> tuple[str, ...]:
    return (
        *(one.label for one in model.regimes for _ in one.design.terms),
        *(SELECTION for _ in model.selection.terms),
        *(one.label for one in model.regimes for _ in range(2)),
    )


def _ancillary(model: Model, at: Layout, theta: Array) -> tuple[Derived, ...]:
    """Return sigma = exp(log_sigma), rho = tanh(athrho) and lambda = rho sigma of each regime."""
    found = []
    for regime, s, a in zip(model.regimes, at.log_sigma, at.athrho, strict=True):
        sigma, rho = float(np.exp(theta[s])), float(np.tanh(theta[a]))
        numbers = {
            SIGMA: (sigma, sigma, 0.0),
            RHO: (rho, 0.0, 1.0 - rho**2),
            LAMBDA: (rho * sigma, rho * sigma, sigma * (1.0 - rho**2)),
        }
        for name, (value, by_sigma, by_rho) in numbers.items():
            gradient = np.zeros(at.k)
            gradient[s], gradient[a] = by_sigma, by_rho
            label = regime.label if name == LAMBDA else transformed(regime.label)
            found.append(Derived(name, value, gradient, "coefficient", label))
    return tuple(found)


def _ratio_test(joint: float, apart: float, df: int) -> dict[str, float]:
    from scipy.stats import chi2

    statistic = max(2.0 * (joint - apart), 0.0)
    return {"lr_rho": statistic, "lr_rho_p": float(chi2.sf(statistic, df))}


# --- the climb --------------------------------------------------------------------------------


def _units(model: Model) -> tuple[float, float]:
    """Return mean and standard deviation of the outcome where it is seen: the climb's units."""
    seen = np.concatenate([regime.outcome for regime in model.regimes])
    return float(seen.mean()), float(seen.std()) or 1.0


def _likelihood(model: Model, at: Layout, middle: float, spread: float) -> Any:
    sign, z = np.where(model.chosen, 1.0, -1.0), model.selection.scaled
    seen = [
        Seen(
            one.rows, (one.outcome - middle) / spread, sign[one.rows], one.design.scaled,
            z[one.rows], at.b[j], at.g, at.log_sigma[j], at.athrho[j],
        )
        for j, one in enumerate(model.regimes)
    ]  # fmt: skip
    rest = ~np.any([one.rows for one in model.regimes], axis=0)
    unseen = [Unseen(rest, sign[rest], z[rest], at.g)] if rest.any() else []
    return likelihood_of_parts(Parts(seen, unseen, len(sign), at.k))


def _least_squares(regime: Regime) -> tuple[Array, float]:
    """Return coefficients and root mean square error of an outcome equation by itself."""
    solution = solve(regime.design.columns, regime.outcome, 0)
    return solution.estimate, float(np.sqrt((solution.residuals**2).mean()))


def _log_likelihood(outcome: Array, sigma: float) -> float:
    return -len(outcome) * (HALF_LOG_TWO_PI + float(np.log(sigma)) + 0.5)


def _starts(
    model: Model, at: Layout, first: FirstStep,
    seconds: Sequence[SecondStep], apart: Sequence[tuple[Array, float]],
) -> list[Array]:  # fmt: skip
    """Return parameters in own units: the two-step ones, then least squares at several rho."""

    def start(b: Sequence[Array], sigmas: Sequence[float], ends: Sequence[float]) -> Array:
        theta = np.concatenate([*b, first.estimate, np.zeros(2 * len(b))])
        theta[list(at.log_sigma)], theta[list(at.athrho)] = np.log(sigmas), ends
        return theta

    two = start(
        [one.estimate[:-1] for one in seconds], [one.sigma for one in seconds],
        [start_of(one.rho) for one in seconds],
    )  # fmt: skip
    b, sigmas = zip(*apart, strict=True)
    corners = product([end for end in STARTS if end], repeat=len(apart))
    return [two, *(start(b, sigmas, ends) for ends in [[0.0] * len(apart), *corners])]


def _jacobian(model: Model, spread: float) -> Array:
    """Return the derivative of parameters in own units by those of the climb."""
    return block_diag(
        *(regime.design.back * spread for regime in model.regimes),
        model.selection.back, np.eye(2 * len(model.regimes)),
    )  # fmt: skip


def _shift(model: Model, at: Layout, middle: float, spread: float) -> Array:
    shift = np.zeros(at.k)
    shift[[places.start for places in at.b]] = middle
    shift[list(at.log_sigma)] = np.log(spread)
    return shift


def _scaled(model: Model, at: Layout, theta: Array, middle: float, spread: float) -> Array:
    shift = _shift(model, at, middle, spread)
    return np.asarray(np.linalg.solve(_jacobian(model, spread), theta - shift), dtype=float)


def _in_own_units(model: Model, at: Layout, found: Highest, middle: float, spread: float) -> Any:
    jacobian = _jacobian(model, spread)
    shift = _shift(model, at, middle, spread)
    estimate = jacobian @ found.maximum.estimate + shift
    seen = sum(len(regime.outcome) for regime in model.regimes)
    value = found.maximum.log_likelihood - seen * float(np.log(spread))
    return replace(mapped(found.maximum, jacobian, estimate), log_likelihood=value)
