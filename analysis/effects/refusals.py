"""What estimators refuse, in the same words: what they need, and options they do not know."""

from collections.abc import Sequence

from analysis.effects.expressions import unknown
from analysis.effects.study import Equation
from analysis.messages import Text, UserError


def needs(asked: Equation | str, english: str, chinese: str) -> UserError:
    """Return the refusal that says in both languages what an equation's estimator needs."""
    estimator = asked if isinstance(asked, str) else asked.estimator
    return UserError("estimator_needs", estimator=estimator, what=Text(english, chinese))


def require_options(equation: Equation, known: Sequence[str] = ()) -> None:
    """Refuse an option that the estimator does not know.

    Raises
    ------
    UserError
        Naming the nearest option that it knows.
    """
    for name in equation.options:
        if name not in known:
            raise unknown("option", name, list(known))


def require_plain(equation: Equation, known: Sequence[str] = ()) -> None:
    """Refuse options other than ``known``, and weights, where an estimator takes none.

    Raises
    ------
    UserError
        If there is such an option, or weights.
    """
    require_options(equation, known)
    if equation.weights:
        raise needs(equation, 'no weights (weights = "")', '不加权（weights = ""）')
