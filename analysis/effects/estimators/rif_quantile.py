"""Unconditional quantile regression: least squares of a recentred influence function.

Firpo, Fortin and Lemieux 2009, Econometrica 77: 953-973: RIF(y; q) = q + (tau - 1[y <= q]) / f(q),
whose regression on x says how the quantile of the outcome in the population moves when x does.
Also of the mean (ordinary least squares), variance, Gini coefficient and interquantile range.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.distribution.bands import across
from analysis.effects.distribution.grid import (
    QUANTILES,
    at_quantile,
    quantiles_of,
    require_tails,
    weights_of,
)
from analysis.effects.distribution.recentred import (
    KERNELS,
    rif_gini,
    rif_mean,
    rif_quantile,
    rif_variance,
    silverman,
)
from analysis.effects.expressions import unknown
from analysis.effects.fit import Fit
from analysis.effects.inference import bootstrap
from analysis.effects.linear_models.linear import fit_linear, require_variation
from analysis.effects.refusals import needs, require_options
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]
ABOUT = About(
    fits="least squares of the recentred influence function of a quantile, of the variance, the "
    "Gini coefficient or an interquantile range; options: statistic, quantiles, bandwidth, kernel",
    needs="outcome, treatment or controls; weights if there are",
    reports="coefficients by quantile, the statistic, density and bandwidth",
)
VCOVS = ("HC1", "HC0", "classical", "cluster", bootstrap.NAME)
STATISTIC, BANDWIDTH, KERNEL = "statistic", "bandwidth", "kernel"
QUANTILE, RANGE = "quantile", "interquantile_range"
PLAIN = {"mean": rif_mean, "variance": rif_variance, "gini": rif_gini}
STATISTICS = (QUANTILE, RANGE, *PLAIN)
# a share of outcomes equal to the quantile above which its density means little
HEAPED = 0.05
KNOWN = "the density is taken as known in these errors: the bootstrap counts its step"


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it.

    Options: ``statistic`` (quantile, interquantile_range, mean, variance, gini), ``quantiles`` (of
    a range two, default 0.1 and 0.9), ``bandwidth`` (Silverman's without), ``kernel`` (gaussian,
    epanechnikov). The errors take the density as known; vcov = "bootstrap" repeats every step.
    Extras: by component the statistic, its density, and the bandwidth.

    Raises
    ------
    UserError
        If an option is none of these, a quantile is not in (0, 1) or has too few rows beyond it,
        the outcome has no spread, or no positive mean for a Gini coefficient.
    """
    require_options(equation, (STATISTIC, QUANTILES, BANDWIDTH, KERNEL))
    require_variation(sample)
    statistic = _choice(equation, STATISTIC, STATISTICS)
    weights = weights_of(sample, equation)
    if statistic in PLAIN:
        influences, extras = _plain(sample, equation, statistic, weights)
        return _stacked(sample, equation, influences, extras, ())
    influences, extras = _of_quantiles(sample, equation, statistic, weights)
    notes = () if equation.vcov == bootstrap.NAME else (KNOWN,)
    return _stacked(sample, equation, influences, extras, (*notes, *_heaped(sample, extras)))


def _heaped(sample: Sample, extras: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a note for each quantile on which many outcomes lie exactly: no density there."""
    notes = []
    for key, value in extras.items():
        share = float((sample.outcome == value).mean()) if key.startswith("statistic[tau") else 0.0
        if share > HEAPED:
            name = key.removeprefix("statistic")
            notes.append(f"{share:.0%} of the outcomes are exactly {value:g} {name}: no density")
    return tuple(notes)


def _choice(equation: Equation, option: str, allowed: tuple[str, ...]) -> str:
    value = equation.options.get(option, allowed[0])
    if value not in allowed:
        raise unknown(option, str(value), list(allowed))
    return str(value)


# --- influence functions by component ---------------------------------------------------------


def _plain(
    sample: Sample, equation: Equation, statistic: str, weights: Array
) -> tuple[Mapping[str, Array], dict[str, Any]]:
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
    influence = PLAIN[statistic](sample.outcome, weights)
    value = float(np.average(influence, weights=weights))
    return {statistic: influence}, {f"statistic[{statistic}]": value}


def _of_quantiles(
    sample: Sample, equation: Equation, statistic: str, weights: Array
) -> tuple[Mapping[str, Array], dict[str, Any]]:
    y, kernel = sample.outcome, _choice(equation, KERNEL, tuple(KERNELS))
    ends = statistic == RANGE
    taus = quantiles_of(equation, (0.1, 0.9)) if ends else quantiles_of(equation)
    if ends and len(taus) != 2:
        raise needs(equation, "two quantiles for a range", "interquantile_range 需要两个 quantiles")
    require_tails(equation, len(y), 1 + sample.regressors.shape[1], taus)
    h = _bandwidth(equation, y, weights)
    found = {tau: rif_quantile(y, weights, tau, h, kernel) for tau in taus}
    influences = {at_quantile(tau): one.influence for tau, one in found.items()}
    extras: dict[str, Any] = {"bandwidth": h}
    for tau, one in found.items():
        extras[f"statistic[{at_quantile(tau)}]"] = one.value
        extras[f"density[{at_quantile(tau)}]"] = one.density
    if not ends:
        return influences, extras
    low, high = (found[tau] for tau in taus)
    name = f"{at_quantile(taus[1])} less {at_quantile(taus[0])}"
    extras[f"statistic[{name}]"] = high.value - low.value
    return {name: high.influence - low.influence}, extras


def _bandwidth(equation: Equation, y: Array, weights: Array) -> float:
    """Return the option, or Silverman's bandwidth.

    Raises
    ------
    UserError
        If it is no number above zero, or there is no spread to make one of.
    """
    h = equation.options.get(BANDWIDTH)
    if h is None:
        h = silverman(y, weights)
        if not h > 0.0:
            raise needs(equation, "an outcome that varies", "有变化的因变量")
    if isinstance(h, bool) or not isinstance(h, int | float) or not 0.0 < h < np.inf:
        raise needs(
            equation, f"bandwidth = a number above 0 (not {h})", f"bandwidth 为正数（不是 {h}）"
        )
    return float(h)


# --- the regressions --------------------------------------------------------------------------


def _stacked(
    sample: Sample,
    equation: Equation,
    influences: Mapping[str, Array],
    extras: dict[str, Any],
    notes: tuple[str, ...],
) -> Fit:
    """Return the least-squares fits on the same regressors one below the other."""
    design, terms = sample.regressors.to_numpy(float), list(sample.regressors)
    weights = None if sample.weights is None else weights_of(sample, equation)
    fits = [
        fit_linear(terms, design, y, constant=True, weights=weights, equation=equation.id)
        for y in influences.values()
    ]
    first, m = fits[0], len(fits)
    errors = np.column_stack([f.linear.response - f.linear.design @ f.estimate
                              for f in fits if f.linear is not None])  # fmt: skip
    whole = Fit(
        terms=first.terms * m,
        estimate=np.concatenate([one.estimate for one in fits]),
        components=tuple(name for name in influences for _ in first.terms),
        bread=np.asarray(np.kron(np.eye(m), first.bread), dtype=float),
        scores=np.hstack([one.scores for one in fits]),
        classical=np.asarray(np.kron(errors.T @ errors / first.df_resid, first.bread), dtype=float),
        df_resid=first.df_resid,
        r2=first.r2 if m == 1 else None,
        dropped=first.dropped,
    )
    more, remarks = across(whole, sample, equation, bands=False) if m > 1 else ({}, ())
    return replace(whole, extras={**extras, **more}, notes=(*notes, *remarks))
