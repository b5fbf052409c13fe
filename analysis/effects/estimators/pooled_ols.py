"""Pooled least squares: y_it = a + x_it'b + v_it over all rows (Wooldridge 2010, section 7.8)."""

from analysis.effects.about import About
from analysis.effects.estimators import ols
from analysis.effects.fit import Fit
from analysis.effects.refusals import require_plain
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

ABOUT = About(
    fits="least squares on all rows of a panel; the same as ols",
    needs="outcome, treatment or controls",
    reports="coefficients, R2",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; option ``constant`` (true).

    Raises
    ------
    UserError
        If the treatment never varies, or an option or weights are asked for that it has not.
    """
    require_plain(equation, ("constant",))
    return ols.fit(sample, equation)
