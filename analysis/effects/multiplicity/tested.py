"""The tests of an equation: each outcome and treatment term with its p value, and families."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.estimates import Fitted, coefficients_of
from analysis.effects.expressions import unknown
from analysis.effects.findings import Asked, Finding
from analysis.effects.multiplicity.adjusted import adjusted

Array = NDArray[np.float64]
# what counts as one family: all tests of the equation, or those of one term, or of one outcome
FAMILIES = ("all", "term", "outcome")
NUMBERS = ("estimate", "std_error", "statistic", "p_value", "ci_low", "ci_high")


@dataclass(frozen=True)
class Tested:
    """A coefficient with its test, under the equation's covariance (or bootstrap).

    ``component`` is empty, or what tells coefficients of one term apart (tau=0.25).
    """

    outcome: str
    term: str
    component: str
    estimate: float
    std_error: float
    statistic: float
    p_value: float
    ci_low: float
    ci_high: float

    @property
    def name(self) -> str:
        """Outcome, term and component, as a refusal or a note says them."""
        return " ".join(part for part in (self.outcome, self.term, self.component) if part)


def tested_of(fitted: Fitted, terms: Sequence[str]) -> list[Tested]:
    """Return the coefficients of ``terms`` with their tests; those without an error left out."""
    return [
        Tested(
            fitted.outcome, one["term"], one["component"],
            **{name: float(one[name]) for name in NUMBERS},
        )
        for one in coefficients_of(fitted)
        if one["term"] in terms and not np.isnan(one.get("p_value", np.nan))
    ]  # fmt: skip


def all_tested(asked: Asked) -> list[Tested]:
    """Return every outcome's treatment terms with their tests."""
    terms = asked.terms()
    return [test for fitted in asked.fitted for test in tested_of(fitted, terms)]


def flipped_outcomes(asked: Asked) -> tuple[str, ...]:
    """Return option ``flip``: the outcomes of which more is worse.

    Raises
    ------
    UserError
        If one is no outcome of the equation.
    """
    value = asked.options.get("flip", [])
    flipped = tuple(str(name) for name in (value if isinstance(value, list) else [value]))
    outcomes = [fitted.outcome for fitted in asked.fitted]
    for name in flipped:
        if name not in outcomes:
            raise unknown("outcome", name, outcomes)
    return flipped


# --- families of tests ------------------------------------------------------------------------


def family_option(asked: Asked) -> str:
    """Return what one family is: option ``family``, one of FAMILIES.

    Raises
    ------
    UserError
        If it is something else.
    """
    family = asked.options.get("family", "all")
    if family not in FAMILIES:
        raise unknown("family", str(family), list(FAMILIES))
    return str(family)


def families_of(tests: Sequence[Tested], family: str) -> list[list[Tested]]:
    """Return the tests, family by family."""
    groups: dict[str, list[Tested]] = {}
    for test in tests:
        groups.setdefault("" if family == "all" else getattr(test, family), []).append(test)
    return list(groups.values())


def adjusted_findings(asked: Asked, method: str) -> list[Finding]:
    """Return each test with its p value adjusted within its family; options level, family.

    Raises
    ------
    UserError
        If an option is unknown or a family has one test only.
    """
    asked.require("family")
    kind = family_option(asked)
    findings: list[Finding] = []
    for family in families_of(all_tested(asked), kind):
        if len(family) < 2:
            raise one_test(asked, kind)
        values = adjusted(np.array([test.p_value for test in family]), method)
        findings += [
            finding_of(test, float(value), {"raw_p": test.p_value, "tests": len(family)})
            for test, value in zip(family, values, strict=True)
        ]
    if not findings:
        raise one_test(asked, kind)
    return findings


def one_test(asked: Asked, kind: str) -> Exception:
    """Return the refusal of a family that holds one test, or none."""
    return asked.needs(
        f"two tests or more in a family (several outcomes or treatments; family = {kind})",
        f"每组至少两个检验（多个结果变量或处理变量；family = {kind}）",
    )


def finding_of(test: Tested, p_value: float, extras: dict[str, Any]) -> Finding:
    """Return the row of a test: its coefficient and error as they are, p as adjusted."""
    return Finding(
        test.term, test.estimate, detail=test.component, outcome=test.outcome,
        std_error=test.std_error, statistic=test.statistic, p_value=p_value, extras=extras,
    )  # fmt: skip


def about_adjusted(what: str) -> About:
    """Return what an adjustment says of itself."""
    return About(
        fits=what,
        needs="several outcomes or treatments; option family (all, term, outcome)",
        reports="one row a coefficient: its adjusted p; the raw p in the extras",
    )
