"""Placebo treatments: the equation under treatments that were given to others.

The treatment is permuted over rows, clusters or entities (whole paths), within strata if wanted;
shares treated stay. Where the true estimate lies in the distribution of placebo estimates tells
how often chance alone does as much.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.estimates import Fitted
from analysis.effects.findings import Asked, Finding, value_and_error
from analysis.effects.multiplicity.exchanged import terms_to_reassign
from analysis.effects.multiplicity.reassigned import (
    ESTIMATE,
    OPTIONS,
    Reassigned,
    p_value,
    reassigned,
)

Array = NDArray[np.float64]
DRAWS = 500
GRID, BEYOND = 61, 3.0
QUANTILES = (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)
ROUNDING = 1.0 - 1e-9
ABOUT = About(
    fits="the equation under permuted treatments",
    needs="a treatment; options draws (500), seed, by (row, cluster, entity), within (strata)",
    reports="share of placebo estimates as large, p; mean, sd, quantiles and density in the extras",
)


def find(asked: Asked) -> list[Finding]:
    """Return one row an outcome and treatment: the true estimate, its placebo p value.

    The extras hold the distribution: mean, sd, quantiles, share as large in absolute value, and
    its kernel density on 61 points.

    Raises
    ------
    UserError
        As ``reassigned.reassigned``, or if an option is unknown.
    """
    asked.require(*OPTIONS)
    return [
        _finding(fitted, term, reassigned(asked, fitted, term, DRAWS, ESTIMATE))
        for term in terms_to_reassign(asked)
        for fitted in asked.fitted
    ]


def _finding(fitted: Fitted, term: str, found: Reassigned) -> Finding:
    estimate, _ = value_and_error(fitted, term)
    placebo = found.estimates[found.fitted]
    beyond = np.abs(placebo) >= abs(estimate) * ROUNDING
    extras: dict[str, Any] = {
        **found.about,
        "not_fitted": int((~found.fitted).sum()),
        "mean": float(placebo.mean()),
        "sd": float(placebo.std(ddof=1)) if len(placebo) > 1 else 0.0,
        "share_as_large": float(beyond.mean()),
        **{f"q{q:g}": float(np.quantile(placebo, q)) for q in QUANTILES},
        **_density(placebo),
    }
    return Finding(
        term, estimate, outcome=fitted.outcome, p_value=p_value(beyond, found.complete),
        extras=extras,
    )  # fmt: skip


def _density(values: Array) -> dict[str, list[float]]:
    """Return a Gaussian kernel density (Scott's bandwidth) on 61 points; nothing for one value."""
    if len(values) < 3 or not np.ptp(values) > 0.0:
        return {}
    from scipy.stats import gaussian_kde

    kernel = gaussian_kde(values)
    reach = BEYOND * float(np.sqrt(kernel.covariance[0, 0]))
    grid = np.linspace(values.min() - reach, values.max() + reach, GRID)
    return {
        "density_at": [float(f"{x:.8g}") for x in grid],
        "density": [float(f"{y:.8g}") for y in kernel(grid)],
    }
