"""The bootstrap as a covariance: every estimator fitted again on samples drawn from its own.

V = sum_r (b_r - bbar)(b_r - bbar)' / (R - 1), b_r the estimates on draw r; z intervals (Efron and
Tibshirani 1993, An Introduction to the Bootstrap, algorithm 6.1). Clusters, entities or rows are
drawn (resampling.py).
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.effects.fit import Fit
from analysis.effects.inference.resampling import replicate, resampled, units_of
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.messages import UserError

Array = NDArray[np.float64]
NAME = "bootstrap"
DRAWS, SEED = 999, 20170101
# the share of draws that may fail (a treatment that does not vary, no convergence)
FAILURES_ALLOWED = 0.05


def bootstrap_covariance(
    fit: Fit, sample: Sample, equation: Equation, refit: Callable[[Sample, Equation], Fit]
) -> tuple[Array, int, str]:
    """Return the (k, k) covariance over draws, the number of units drawn, and a note.

    Raises
    ------
    UserError
        If more than 5 % of the draws could not be fitted.
    """
    draws = equation.draws or DRAWS
    seed = SEED if equation.seed is None else equation.seed
    units, rows = units_of(sample), keys_of(fit)

    def work(generator: np.random.Generator) -> Array | str:
        try:
            return aligned(refit(resampled(sample, units, generator), equation), rows)
        except (UserError, np.linalg.LinAlgError, LookupError) as error:
            return str(error)

    results = replicate(work, draws, seed, f"bootstrap {equation.id}")
    kept = [result for result in results if not isinstance(result, str)]
    failures = [result for result in results if isinstance(result, str)]
    _require_enough(equation, draws, failures)
    note = f"bootstrap of {int(units.max()) + 1} {_kind(sample)}: {draws} draws, seed {seed}"
    note += f", {len(failures)} of them not fitted" if failures else ""
    return np.atleast_2d(np.cov(np.array(kept), rowvar=False)), int(units.max()) + 1, note


def _kind(sample: Sample) -> str:
    if sample.clusters.shape[1]:
        return "clusters"
    return "rows" if sample.entity is None else "entities"


def _require_enough(equation: Equation, draws: int, failures: Sequence[str]) -> None:
    allowed = int(FAILURES_ALLOWED * draws)
    if len(failures) > allowed or draws - len(failures) < 2:
        raise UserError(
            "bootstrap_failed", equation=equation.id, failed=len(failures), draws=draws,
            error=failures[0] if failures else "", allowed=allowed,
        )  # fmt: skip


def keys_of(fit: Fit) -> list[tuple[str, str]]:
    """Return (term, component) of each coefficient."""
    components = fit.components or ("",) * len(fit.terms)
    return list(zip(fit.terms, components, strict=True))


def aligned(fit: Fit, keys: Sequence[tuple[str, str]]) -> Array:
    """Return the estimates in the order of ``keys``.

    Raises
    ------
    LookupError
        If one is missing or not a number.
    """
    found = dict(zip(keys_of(fit), fit.estimate, strict=True))
    values = np.array([found[key] for key in keys])
    if not np.isfinite(values).all():
        raise LookupError("an estimate is not a number")
    return values
