"""Two one-sided tests: is an effect too small to matter? (Schuirmann 1987.)

Equivalence, -m < b < m, is declared where both b <= -m and b >= m are rejected at alpha; that is
where the 1 - 2 alpha interval lies inside (-m, m) (Schuirmann 1987, Journal of Pharmacokinetics
and Biopharmaceutics 15: 657-680). Not significant is not equivalent.
"""

from typing import Any

import numpy as np

from analysis.effects.about import About
from analysis.effects.estimates import Fitted, law_of
from analysis.effects.expressions import unknown
from analysis.effects.findings import Asked, Finding
from analysis.effects.multiplicity.control_group import control_rows
from analysis.effects.multiplicity.tested import Tested, tested_of

ALPHA = 0.05
UNITS = ("outcome", "control_sd")
ABOUT = About(
    fits="equivalence of a coefficient with zero by two one-sided tests",
    needs="options margin; unit (outcome or control_sd), alpha (0.05)",
    reports="p, the 1 - 2 alpha interval, equivalent 1 or 0, the smallest margin that would do",
)


def find(asked: Asked) -> list[Finding]:
    """Return one row an outcome and term.

    The extras hold the margin in the outcome's units, ``equivalent`` (1: inside, 0: not) and
    ``smallest_margin``, the least at which equivalence would be declared.

    Raises
    ------
    UserError
        If there is no margin above zero, another option or unit is given, or ``control_sd`` is
        asked for and there is no control group.
    """
    asked.require("margin", "unit", "alpha")
    alpha = asked.number("alpha", ALPHA, 1e-6, 0.4999)
    margin = asked.number("margin", 0.0)
    if not 0.0 < margin < np.inf:
        raise asked.needs("margin above zero", "margin 大于零")
    unit = asked.options.get("unit", "outcome")
    if unit not in UNITS:
        raise unknown("unit", str(unit), list(UNITS))
    terms = asked.terms()
    return [
        _finding(fitted, test, margin * _unit(asked, fitted, unit), alpha)
        for fitted in asked.fitted
        for test in tested_of(fitted, terms)
    ]


def _unit(asked: Asked, fitted: Fitted, unit: str) -> float:
    if unit == "outcome":
        return 1.0
    deviation = float(np.std(fitted.sample.outcome[control_rows(asked, fitted)], ddof=1))
    if not deviation > 0.0:
        raise asked.needs("an outcome that varies in the control group", "对照组内有变异的结果变量")
    return deviation


def _finding(fitted: Fitted, test: Tested, margin: float, alpha: float) -> Finding:
    law, error = law_of(fitted), test.std_error
    above = float(law.sf((test.estimate + margin) / error))  # of H0: b <= -margin
    below = float(law.cdf((test.estimate - margin) / error))  # of H0: b >= margin
    reach = float(law.ppf(1.0 - alpha)) * error
    low, high = test.estimate - reach, test.estimate + reach
    extras: dict[str, Any] = {
        "margin": margin, "alpha": alpha, "p_lower": above, "p_upper": below,
        "equivalent": int(-margin < low and high < margin),
        "smallest_margin": max(abs(low), abs(high)),
    }  # fmt: skip
    return Finding(
        test.term, test.estimate, detail=test.component, outcome=test.outcome, std_error=error,
        p_value=max(above, below), ci_low=low, ci_high=high, extras=extras,
        note=f"interval of {100.0 * (1.0 - 2.0 * alpha):g} %",
    )  # fmt: skip
