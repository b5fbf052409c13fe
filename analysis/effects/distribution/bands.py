"""A term's effects at several quantiles or thresholds together: uniform bands, tests across them.

The estimates are jointly normal over the grid, with the covariance that the equation asks for. A
band b(u) +- c se(u) covers the whole path with 95 % where c is the 95 % quantile of
max_u |Z(u)| / se(u), simulated (Chernozhukov, Fernandez-Val and Melly 2013, Econometrica 81:
2205-2268, algorithm 3; Montiel Olea and Plagborg-Moller 2019, J. Applied Econometrics 34: 1-17).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from analysis.effects.fit import Fit
from analysis.effects.inference import bootstrap
from analysis.effects.inference.covariance import covariance
from analysis.effects.instrumental.partialled import wald
from analysis.effects.linear_models.least_squares import CONSTANT
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]
DRAWS, SEED, LEVEL = 20_000, 20170101, 0.95
LATER = "no tests across the grid: they need another vcov than bootstrap"


def across(
    fit: Fit, sample: Sample, equation: Equation, *, bands: bool
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return tests across the components of each term as extras, and notes.

    equality_chi2[term] tests that the term's effect is the same at all of them (Wald, Koenker and
    Bassett 1982, Econometrica 50: 43-61), equality_chi2 that all slopes are: a location shift.
    With ``bands`` also band_critical[term] (c of the uniform band), no_effect_p[term] (effect zero
    all along, by max |b| / se) and location_shift_p[term] (by max |b - mean b| / se). Empty under
    a bootstrap, whose covariance is not known here.
    """
    if equation.vcov == bootstrap.NAME:
        return {}, (LATER,)
    matrix = covariance(fit, equation.vcov, sample.clusters).matrix
    slopes = [term for term in dict.fromkeys(fit.terms) if term != CONSTANT]
    places = {term: [j for j, t in enumerate(fit.terms) if t == term] for term in slopes}
    count = len(set(fit.components))
    if count < 2:
        return {}, ()
    found = _equal(fit, matrix, list(places.values()), "")
    for term, at in places.items():
        found |= _equal(fit, matrix, [at], f"[{term}]")
        if bands:
            values, block = fit.estimate[at], matrix[np.ix_(at, at)]
            found |= {f"{key}[{term}]": v for key, v in path_tests(values, block).items()}
    return found, ()


def _equal(fit: Fit, matrix: Array, places: Sequence[Sequence[int]], label: str) -> dict[str, Any]:
    """Return chi2, its degrees of freedom and p of "each term's effect is the same everywhere".

    Nothing where the covariance of the contrasts is singular (fewer clusters than contrasts).
    """
    rows = [(at[0], other) for at in places for other in at[1:]]
    contrast = np.zeros((len(rows), len(fit.terms)))
    for i, (first, other) in enumerate(rows):
        contrast[i, first], contrast[i, other] = -1.0, 1.0
    if not rows:
        return {}
    value = wald(contrast @ fit.estimate, contrast @ matrix @ contrast.T)
    if not np.isfinite(value):
        return {}
    return {
        f"equality_chi2{label}": value,
        f"equality_df{label}": len(rows),
        f"equality_p{label}": float(chi2.sf(value, len(rows))),
    }


def path_tests(values: Array, matrix: Array) -> dict[str, float]:
    """Return c of the uniform band and the p values of "zero" and "constant" along a path.

    Parameters
    ----------
    values, matrix
        (m,) estimates along the grid and their (m, m) covariance.
    """
    m = len(values)
    around = np.eye(m) - 1.0 / m
    critical, none = _largest(values, matrix)
    shift = _largest(around @ values, around @ matrix @ around.T)[1]
    found = {"band_critical": critical, "no_effect_p": none, "location_shift_p": shift}
    return {key: value for key, value in found.items() if np.isfinite(value)}


def _largest(values: Array, matrix: Array) -> tuple[float, float]:
    """Return the 95 % quantile of max |Z| / se, and the share of draws above max |b| / se."""
    se = np.sqrt(np.clip(np.diag(matrix), 0.0, None))
    if not np.isfinite(matrix).all() or not (se > 0.0).all():
        return float("nan"), float("nan")
    roots, vectors = np.linalg.eigh(matrix / np.outer(se, se))
    root = vectors * np.sqrt(np.clip(roots, 0.0, None))
    normal = np.random.default_rng(SEED).standard_normal((DRAWS, len(values)))
    largest = np.abs(normal @ root.T).max(axis=1)
    above = float((largest >= np.abs(values / se).max()).mean())
    return float(np.quantile(largest, LEVEL)), above
