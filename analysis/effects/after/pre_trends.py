"""Are the placebos of the periods before treatment zero together, and what would that miss?

Wald test b'V^-1 b of the leads (chi-squared, or F where the fit's covariance has degrees of
freedom; Wooldridge 2010, section 4.2.3), by the equation's own covariance. Its power (Roth 2022,
American Economic Review: Insights 4: 305-322, section I, for the joint test in place of his test of
each lead): under a linear difference in trends of gamma a period the leads are gamma c, so that the
test is noncentral with gamma^2 c'V^-1 c, and gamma_80 is where it rejects with 80 % power.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from scipy.optimize import brentq

from analysis.effects.about import About
from analysis.effects.estimates import Fitted
from analysis.effects.findings import Asked, Finding
from analysis.effects.instrumental.moments import root_of

Array = NDArray[np.float64]
ABOUT = About(
    fits="joint test of the leads, and the trend that it would miss",
    needs="callaway_santanna, sun_abraham or two_way_event_study, a placebo period",
    reports="Wald or F statistic and p; smallest slope rejected with 80 % power",
)
# families of placebos by how their components start
FAMILIES = {"event": "e", "cells": "att("}
MOST = 1e6


@dataclass(frozen=True)
class JointTest:
    """A joint test: q restrictions, its law's degrees of freedom (infinite: chi-squared)."""

    wald: float
    q: int
    df: float

    @property
    def statistic(self) -> float:
        """Return chi-squared, or F where there are degrees of freedom."""
        return self.wald if np.isinf(self.df) else self.wald / self.q

    def p_value(self) -> float:
        """Return the probability of a larger statistic."""
        return float(self._law().sf(self.statistic))

    def noncentrality(self, level: float, power: float) -> float:
        """Return the noncentrality under which the test at ``level`` has this power."""
        critical = self._law().isf(level)
        return float(brentq(lambda size: self._shifted(size).sf(critical) - power, 1e-9, MOST))

    def _law(self) -> Any:
        from scipy import stats

        return stats.chi2(self.q) if np.isinf(self.df) else stats.f(self.q, self.df)

    def _shifted(self, size: float) -> Any:
        from scipy import stats

        if np.isinf(self.df):
            return stats.ncx2(self.q, size)
        return stats.ncf(self.q, self.df, size)


def find(asked: Asked) -> list[Finding]:
    """Return, an outcome and family of placebos, the joint test and the slope that it can find.

    Options: ``level`` (0.05) of the test and ``power`` (0.8). The detail is ``event`` for placebos
    by event time, ``cells`` for those by cohort and period.

    Raises
    ------
    UserError
        If the estimator has no leads, or there is no placebo period.
    """
    asked.require("level", "power")
    level = asked.number("level", 0.05, 1e-6, 0.5)
    power = asked.number("power", 0.8, level + 1e-3, 0.999)
    return [
        finding for fitted in asked.fitted for finding in _of_outcome(asked, fitted, level, power)
    ]


def _of_outcome(asked: Asked, fitted: Fitted, level: float, power: float) -> list[Finding]:
    placebo = fitted.fit.material.get("placebo")
    if placebo is None:
        english = "callaway_santanna, sun_abraham or two_way_event_study"
        raise asked.needs(english, "callaway_santanna、sun_abraham 或 two_way_event_study")
    families = {name: _members(fitted, placebo, start) for name, start in FAMILIES.items()}
    if not any(map(len, families.values())):
        english = "a period before the last one before treatment"
        raise asked.needs(english, "受处理前最后一期之前的时期")
    return [
        finding
        for name, members in families.items()
        if len(members)
        for finding in _tested(fitted, name, members, level, power)
    ]


def _members(fitted: Fitted, placebo: NDArray[np.bool_], start: str) -> NDArray[np.int64]:
    """Return the positions of a family's placebos that vary."""
    own = np.array([component.startswith(start) for component in fitted.fit.components])
    return np.flatnonzero(placebo & own & (np.diag(fitted.covariance.matrix) > 0.0))


def _tested(
    fitted: Fitted, family: str, members: NDArray[np.int64], level: float, power: float
) -> Iterator[Finding]:
    fit = fitted.fit
    finding = partial(Finding, outcome=fitted.outcome, term=fit.terms[members[0]])
    root = root_of(fitted.covariance.matrix[np.ix_(members, members)])
    if root is None:
        note = f"no test: the covariance of {len(members)} placebos is singular"
        yield finding(estimate=None, detail=family, note=note)
        return
    whitened = solve_triangular(root, fit.estimate[members], lower=True)
    df = np.inf if fit.distribution == "normal" else fitted.covariance.cov_df
    test = JointTest(float(whitened @ whitened), len(members), df)
    yield finding(
        estimate=test.statistic, statistic=test.statistic, p_value=test.p_value(), detail=family,
        extras={"df": test.q, "df2": None if np.isinf(df) else float(df)},
    )  # fmt: skip
    size = np.linalg.norm(solve_triangular(root, fit.material["trend"][members], lower=True))
    if size > 0.0:
        slope = float(np.sqrt(test.noncentrality(level, power)) / size)
        extras, words = _implied(fitted, slope, level, power)
        yield finding(estimate=slope, detail=f"{family}:slope", extras=extras, note=words)


def _implied(
    fitted: Fitted, slope: float, level: float, power: float
) -> tuple[dict[str, float | None], str]:
    """Say which trend the test finds with this power, and what it would do to the effects."""
    names, placebo = fitted.fit.components, fitted.fit.material["placebo"]
    after = [j for j, name in enumerate(names) if name.startswith("e") and not placebo[j]]
    shift = slope * float(fitted.fit.material["trend"][after].mean()) if after else None
    words = (
        f"a difference in trends of {slope:.4g} a period is rejected with {power:.0%} power at "
        f"level {level:g}"
    )
    if shift is not None:
        words += f"; it shifts the mean effect over time by {shift:.4g}; smaller ones may pass"
    return {"power": power, "level": level, "shift": shift}, words
