"""Two groups' difference in a quantile, variance, Gini coefficient or range, decomposed.

Oaxaca and Blinder's decomposition of recentred influence functions, each group's of its own
distribution (Firpo, Fortin and Lemieux 2018, Econometrics 6(2): 28); with ``reweight`` the group 0
that has group 1's characteristics tells how much is the linear specification's error.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from analysis.effects.about import About
from analysis.effects.decomposition.choices import OPTIONS, choices_of
from analysis.effects.decomposition.estimated import Array
from analysis.effects.decomposition.parts import Response, decomposed
from analysis.effects.decomposition.two_groups import TwoGroups, two_groups
from analysis.effects.distribution.grid import QUANTILES, at_quantile, quantiles_of, require_tails
from analysis.effects.distribution.recentred import (
    KERNELS,
    quantile_value,
    rif_gini,
    rif_quantile,
    rif_variance,
    silverman,
)
from analysis.effects.estimators.oaxaca_blinder import fit_of_decompositions, shares
from analysis.effects.expressions import unknown
from analysis.effects.fit import Fit
from analysis.effects.inference import bootstrap
from analysis.effects.refusals import needs, require_options
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

VCOVS = ("HC1", "HC0", "cluster", bootstrap.NAME)
ABOUT = About(
    fits="the gap between two groups in quantiles, variance, Gini coefficient or interquantile "
    "range as an explained and an unexplained part",
    needs="a treatment of 0 and 1 (the group), controls; weights if there are; options statistic, "
    "quantiles, bandwidth, kernel and those of oaxaca_blinder",
    reports="by statistic: gap, group levels, parts, each also by control, C(x) and named group",
)
STATISTIC, BANDWIDTH, KERNEL = "statistic", "bandwidth", "kernel"
QUANTILE, RANGE = "quantile", "interquantile_range"
PLAIN = {"variance": rif_variance, "gini": rif_gini}
HEAPED = 0.05
KNOWN = "the densities are taken as known in these errors: the bootstrap counts their step"
# of (m,) outcomes and weights the (m,) recentred influence function
Recentred = Callable[[Array, Array], Array]


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it.

    Options: ``statistic`` (quantile, interquantile_range, variance, gini), ``quantiles`` (of a
    range two, default 0.1 and 0.9), ``bandwidth`` (default Silverman's, each group its own),
    ``kernel`` (gaussian, epanechnikov), and those of ``oaxaca_blinder``. A pooled reference is a
    regression of both groups' own recentred influence functions. Extras: densities by group.

    Raises
    ------
    UserError
        As ``oaxaca_blinder.fit``; if a quantile has too few rows beyond it in a group, or a Gini
        coefficient is asked for of an outcome that is negative.
    """
    require_options(equation, (*OPTIONS, STATISTIC, QUANTILES, BANDWIDTH, KERNEL))
    groups = two_groups(sample, equation)
    choices = choices_of(equation, sample, groups)
    responses = {
        name: _response(sample.outcome, function)
        for name, function in _statistics(sample, equation, groups).items()
    }
    found = decomposed(groups, responses, choices, equation)
    extras: dict[str, Any] = {}
    for name, one in found.items():
        extras |= shares(one, name)
    extras |= _densities(sample, equation, groups)
    fitted = fit_of_decompositions(groups, choices, found, extras)
    return replace(fitted, notes=(*fitted.notes, *_said(sample, equation, groups)))


def _response(y: Array, function: Recentred) -> Response:
    def response(weights: Array) -> Array:
        used = weights > 0.0
        values = np.zeros_like(y)
        values[used] = function(y[used], weights[used])
        return values

    return response


# --- statistics -------------------------------------------------------------------------------


def _statistics(sample: Sample, equation: Equation, groups: TwoGroups) -> Mapping[str, Recentred]:
    statistic = _choice(equation, STATISTIC, (QUANTILE, RANGE, *PLAIN))
    if statistic in PLAIN:
        _require_plain_statistic(sample, equation, statistic)
        return {statistic: PLAIN[statistic]}
    taus = _taus(equation, statistic)
    for group in (0, 1):
        n = int(groups.rows(group).sum())
        require_tails(equation, n, len(groups.terms), taus)
    by_tau = {tau: _at(equation, tau) for tau in taus}
    if statistic == QUANTILE:
        return {at_quantile(tau): function for tau, function in by_tau.items()}
    low, high = by_tau.values()
    name = f"{at_quantile(taus[1])} less {at_quantile(taus[0])}"
    return {name: lambda y, weights: high(y, weights) - low(y, weights)}


def _taus(equation: Equation, statistic: str) -> tuple[float, ...]:
    if statistic == QUANTILE:
        return quantiles_of(equation)
    taus = quantiles_of(equation, (0.1, 0.9))
    if len(taus) != 2:
        raise needs(equation, "two quantiles for a range", "interquantile_range 需要两个 quantiles")
    return taus


def _at(equation: Equation, tau: float) -> Recentred:
    kernel = _choice(equation, KERNEL, tuple(KERNELS))

    def recentred(y: Array, weights: Array) -> Array:
        h = _bandwidth(equation, y, weights)
        return rif_quantile(y, weights, tau, h, kernel).influence

    return recentred


def _require_plain_statistic(sample: Sample, equation: Equation, statistic: str) -> None:
    for option in (QUANTILES, BANDWIDTH, KERNEL):
        if option in equation.options:
            raise needs(
                equation, f"no {option} where statistic = {statistic}",
                f"statistic = {statistic} 时不要 {option}",
            )  # fmt: skip
    if statistic == "gini" and (sample.outcome.min() < 0.0 or not sample.outcome.any()):
        raise needs(
            equation, "an outcome that is not negative, nor all zero", "非负且不全为零的因变量"
        )


def _choice(equation: Equation, option: str, allowed: tuple[str, ...]) -> str:
    value = equation.options.get(option, allowed[0])
    if value not in allowed:
        raise unknown(option, str(value), list(allowed))
    return str(value)


def _bandwidth(equation: Equation, y: Array, weights: Array) -> float:
    h = equation.options.get(BANDWIDTH)
    if h is None:
        h = silverman(y, weights)
        if not h > 0.0:
            raise needs(equation, "an outcome that varies in both groups", "两组内有变化的因变量")
    if isinstance(h, bool) or not isinstance(h, int | float) or not 0.0 < h < np.inf:
        raise needs(
            equation, f"bandwidth = a number above 0 (not {h})", f"bandwidth 为正数（不是 {h}）"
        )
    return float(h)


# --- what is said of them ---------------------------------------------------------------------


def _densities(sample: Sample, equation: Equation, groups: TwoGroups) -> dict[str, float]:
    """Return each group's density at its quantiles."""
    statistic = equation.options.get(STATISTIC, QUANTILE)
    if statistic in PLAIN:
        return {}
    kernel, found = _choice(equation, KERNEL, tuple(KERNELS)), {}
    for group in (1, 0):
        rows = groups.rows(group)
        y, weights = sample.outcome[rows], groups.weights[rows]
        h = _bandwidth(equation, y, weights)
        for tau in _taus(equation, statistic):
            at = rif_quantile(y, weights, tau, h, kernel)
            found[f"density[{at_quantile(tau)} group_{group}]"] = at.density
    return found


def _said(sample: Sample, equation: Equation, groups: TwoGroups) -> list[str]:
    statistic = equation.options.get(STATISTIC, QUANTILE)
    if statistic in PLAIN:
        return []
    notes = [] if equation.vcov == bootstrap.NAME else [KNOWN]
    for group in (1, 0):
        rows = groups.rows(group)
        y, weights = sample.outcome[rows], groups.weights[rows]
        for tau in _taus(equation, statistic):
            value = quantile_value(y, weights, tau)
            share = float((y == value).mean())
            if share > HEAPED:
                where = f"{at_quantile(tau)} group_{group}"
                notes.append(
                    f"{share:.0%} of the outcomes are exactly {value:g} [{where}]: no density"
                )
    return notes
