"""Wald tests of a selection model under the covariance that its equation asks for."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analysis.effects.fit import Fit
from analysis.effects.inference import bootstrap
from analysis.effects.inference.covariance import covariance
from analysis.effects.instrumental.partialled import wald
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]


def with_wald_tests(
    fit: Fit, sample: Sample, equation: Equation, contrasts: Mapping[str, Array]
) -> Fit:
    """Put b'R'(R V R')^-1 R b and its p, chi2 with the rows of R, into the extras by name.

    Left out where V is not there yet (a bootstrap) or singular (a correlation at its end).
    """
    if equation.vcov == bootstrap.NAME:
        return fit
    from scipy.stats import chi2

    matrix = covariance(fit, equation.vcov, sample.clusters).matrix
    found: dict[str, float] = {}
    for name, contrast in contrasts.items():
        statistic = wald(contrast @ fit.estimate, contrast @ matrix @ contrast.T)
        if statistic == statistic:
            found |= {name: statistic, f"{name}_p": float(chi2.sf(statistic, len(contrast)))}
    return replace(fit, extras={**fit.extras, **found})


def at_positions(fit: Fit, names: tuple[str, ...]) -> Array:
    """Return the contrast that picks the coefficients of these names, whatever their component."""
    return np.eye(len(fit.terms))[[j for j, term in enumerate(fit.terms) if term in names]]
