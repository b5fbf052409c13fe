"""What works on a fitted equation: a file of ``effects/after``, one ``[[equation.after]]`` each.

Such a file has ``ABOUT`` and ``find(asked: Asked) -> list[Finding]``; each finding becomes one row
of the estimates contract with the file's name in ``component``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.estimates import Fitted
from analysis.effects.expressions import unknown
from analysis.effects.sample import Sample, column_of
from analysis.effects.study import Equation, Study
from analysis.messages import Text, UserError

Array = NDArray[np.float64]
SEED = 20170101


@dataclass(frozen=True)
class Finding:
    """One number found: its term, value and, where it has them, error, p value, interval.

    ``detail`` is written behind the tool's name in ``component`` (romano_wolf:0.05); ``outcome``
    names one outcome of an equation with several, empty the first.
    """

    term: str
    estimate: float | None
    quantity: str = "test"
    detail: str = ""
    outcome: str = ""
    std_error: float | None = None
    statistic: float | None = None
    p_value: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    extras: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Asked:
    """One equation of a study as fitted, one ``Fitted`` an outcome, and what is asked of it.

    ``refit`` fits an equation on a frame for one outcome: the way to other samples, controls,
    outcomes. The frame holds the file's rows, derived columns not yet added.
    """

    study: Study
    equation: Equation
    frame: pd.DataFrame
    fitted: tuple[Fitted, ...]
    tool: str
    options: Mapping[str, Any]
    refit: Callable[[Study, Equation, str, pd.DataFrame], Fitted]

    def fit_again(self, equation: Equation, outcome: str, frame: pd.DataFrame) -> Fitted:
        """Fit an equation of this study."""
        return self.refit(self.study, equation, outcome, frame)

    def column(self, text: str, sample: Sample) -> pd.Series:
        """Return an expression's (n,) values in the rows of a sample."""
        return column_of(self.study, self.frame, text, sample)

    def require(self, *known: str) -> None:
        """Refuse an option other than ``known``.

        Raises
        ------
        UserError
            Naming the nearest option that the tool knows.
        """
        for name in self.options:
            if name not in known:
                raise unknown("option", name, list(known))

    def number(self, name: str, absent: float, low: float = -np.inf, high: float = np.inf) -> float:
        """Return a number among the options.

        Raises
        ------
        UserError
            If it is none, or outside [low, high].
        """
        value = self.options.get(name, absent)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not low <= value <= high
        ):
            expected = Text(f"a number from {low:g} to {high:g}", f"{low:g} 至 {high:g} 之间的数")
            raise UserError(
                "option_number", tool=self.tool, option=name, value=value, expected=expected
            )
        return value

    def needs(self, english: str, chinese: str) -> UserError:
        """Return the refusal that says in both languages what the tool needs."""
        what = Text(english, chinese)
        return UserError("after_needs", tool=self.tool, equation=self.equation.id, what=what)

    def terms(self) -> list[str]:
        """Return the terms of the treatments (instrumented ones too) that were estimated.

        Raises
        ------
        UserError
            If the equation names no treatment.
        """
        wanted = [*self.equation.treatments, *self.equation.endogenous]
        found = [
            term
            for term in dict.fromkeys(self.fitted[0].fit.terms)
            if any(term == name or term.startswith(f"{name}=") for name in wanted)
        ]
        if not found:
            raise self.needs("a treatment", "处理变量")
        return found


def place(fitted: Fitted, term: str) -> int:
    """Return the position of a term among the coefficients."""
    return fitted.fit.terms.index(term)


def value_and_error(fitted: Fitted, term: str) -> tuple[float, float]:
    """Return a coefficient and its standard error under the equation's covariance."""
    j = place(fitted, term)
    return float(fitted.fit.estimate[j]), float(np.sqrt(fitted.covariance.matrix[j, j]))
