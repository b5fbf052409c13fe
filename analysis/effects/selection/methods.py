"""Two ways to fit a selection model: option ``method``."""

from analysis.effects.expressions import unknown
from analysis.effects.study import Equation

METHOD, TWO_STEP, ML = "method", "two_step", "ml"


def method_of(equation: Equation) -> str:
    """Return option ``method``, two_step unless stated.

    Raises
    ------
    UserError
        If it is neither two_step nor ml.
    """
    method = equation.options.get(METHOD, TWO_STEP)
    if method not in (TWO_STEP, ML):
        raise unknown(METHOD, str(method), [TWO_STEP, ML])
    return str(method)
