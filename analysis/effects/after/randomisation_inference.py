"""Randomisation inference: the sharp null of no effect for anyone, by assigning treatment again.

The statistic is studentised, so that the test keeps its size for a zero average effect in large
samples too (Chung and Romano 2013, Annals of Statistics 41: 484-507; Wu and Ding 2021, Journal of
the American Statistical Association 116: 1898-1913). All assignments are listed where they are
few. The interval holds the constant effects that the test does not reject.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from analysis.effects.about import About
from analysis.effects.estimates import Fitted
from analysis.effects.findings import Asked, Finding, value_and_error
from analysis.effects.multiplicity.exchanged import terms_to_reassign
from analysis.effects.multiplicity.projected import Drawn
from analysis.effects.multiplicity.reassigned import (
    INTERVAL,
    OPTIONS,
    Reassigned,
    T,
    p_value,
    reassigned,
)

DRAWS = 999
LEVEL = 0.95
ROUNDING = 1.0 - 1e-9
BISECTIONS, FURTHEST = 50, 60.0
ABOUT = About(
    fits="the sharp null by drawn (or all) assignments, studentised",
    needs="a treatment; options draws (999), seed, by, within, interval (false; linear fits)",
    reports="randomisation p; the interval by inversion",
)


def find(asked: Asked) -> list[Finding]:
    """Return one row an outcome and treatment; option ``interval`` adds the inverted test's.

    Raises
    ------
    UserError
        As ``reassigned.reassigned``; if an option is unknown, or an interval is asked for of an
        estimator that is not linear.
    """
    asked.require(*OPTIONS, "interval")
    inverted = asked.options.get("interval", False)
    if not isinstance(inverted, bool):
        raise asked.needs("interval true or false", "interval 为 true 或 false")
    return [
        _finding(asked, fitted, term, inverted)
        for term in terms_to_reassign(asked)
        for fitted in asked.fitted
    ]


def _finding(asked: Asked, fitted: Fitted, term: str, inverted: bool) -> Finding:
    found = reassigned(asked, fitted, term, DRAWS, INTERVAL if inverted else T)
    estimate, error = value_and_error(fitted, term)
    statistics = found.statistics[found.fitted]
    beyond = np.abs(statistics) >= abs(found.observed) * ROUNDING
    low, high = _interval(found, estimate) if inverted else (None, None)
    extras: dict[str, Any] = {**found.about, "not_fitted": int((~found.fitted).sum())}
    return Finding(
        term, estimate, outcome=fitted.outcome, std_error=error, statistic=found.observed,
        p_value=p_value(beyond, found.complete), ci_low=low, ci_high=high, extras=extras,
        note="p by randomisation of a studentised statistic"
        + (", interval of constant effects" if inverted else ""),
    )  # fmt: skip


def _interval(found: Reassigned, estimate: float) -> tuple[float | None, float | None]:
    """Return the constant effects not rejected at 5 %, by bisection from the estimate outward.

    Nothing where the equation fits every row.
    """
    if not np.isfinite(found.observed):
        return None, None
    error = abs(estimate / found.observed) if found.observed else 1.0

    def p_at(effect: float) -> float:
        return _p_at(found.drawn, effect, (estimate - effect) / error, found)  # type: ignore[arg-type]

    low, high = (_end(p_at, estimate, sign * error) for sign in (-1.0, 1.0))
    return low, high


def _p_at(drawn: Drawn, effect: float, observed: float, found: Reassigned) -> float:
    statistics = drawn.statistics(effect)[found.fitted]
    return p_value(np.abs(statistics) >= abs(observed) * ROUNDING, found.complete)


def _end(p_at: Callable[[float], float], estimate: float, step: float) -> float:
    """Return the furthest effect not rejected; infinite beyond 60 standard errors."""
    inside, outside = 0.0, 1.0
    while p_at(estimate + outside * step) > 1.0 - LEVEL:
        inside, outside = outside, 2.0 * outside
        if outside > FURTHEST:
            return float(np.sign(step) * np.inf)
    for _ in range(BISECTIONS):
        middle = 0.5 * (inside + outside)
        if p_at(estimate + middle * step) > 1.0 - LEVEL:
            inside = middle
        else:
            outside = middle
    return estimate + inside * step
