"""The two arms of a treatment of 0 and 1: who is in which, their covariates, what is asked."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.expressions import names_in, unknown
from analysis.effects.likelihoods.likelihood import scaled_columns
from analysis.effects.linear_models.least_squares import CONSTANT, solve
from analysis.effects.refusals import needs, require_options
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]
ATE, ATT = "ate", "att"
EFFECTS = (ATE, ATT)


@dataclass(frozen=True)
class Arms:
    """A treatment and its covariates.

    Attributes
    ----------
    treatment
        Its name.
    treated
        (n,) 0 or 1.
    weights
        (n,) sampling weights of mean one; ones without any.
    outcome
        (n,).
    covariates, score_terms
        Columns of the controls, and of the propensity score: the option ``propensity``, else the
        controls.
    effects
        What is asked: the mean effect on everybody (ate), on the treated (att), or both.
    """

    treatment: str
    treated: Array
    weights: Array
    outcome: Array
    covariates: pd.DataFrame
    score_terms: pd.DataFrame
    effects: tuple[str, ...]

    def inside(self, arm: int) -> NDArray[np.bool_]:
        """Return which rows are in an arm."""
        return self.treated == arm

    def target(self, effect: str) -> Array:
        """Return (n,) weights of the rows that an effect is the mean of."""
        return self.weights * self.treated if effect == ATT else self.weights


@dataclass(frozen=True)
class Columns:
    """Independent columns, a constant first, centred and scaled: (n, k), names, names set aside."""

    scaled: Array
    terms: tuple[str, ...]
    dropped: tuple[str, ...]


def arms_of(sample: Sample, equation: Equation, known: Sequence[str]) -> Arms:
    """Return the arms that an equation asks for, its options among ``known``.

    Raises
    ------
    UserError
        If there is not one treatment of 0 and 1 with rows in both arms, a control contains the
        treatment, a sampling weight is not above zero, or an option is unknown.
    """
    require_options(equation, known)
    name = _one_treatment(sample, equation)
    treated = sample.regressors[name].to_numpy(float)
    _require_two_arms(equation, name, treated)
    covariates = sample.regressors.drop(columns=name)
    _require_without_treatment(equation, name)
    return Arms(
        treatment=name,
        treated=treated,
        weights=_weights(sample, equation),
        outcome=sample.outcome,
        covariates=covariates,
        score_terms=sample.terms.get("propensity", covariates),
        effects=effects_of(equation),
    )


def effects_of(equation: Equation) -> tuple[str, ...]:
    """Return the effects asked for: option ``effect``, both without it.

    Raises
    ------
    UserError
        If it is neither ate nor att.
    """
    if "effect" not in equation.options:
        return EFFECTS
    return (choice_of(equation, "effect", EFFECTS),)


def choice_of(equation: Equation, option: str, allowed: Sequence[str]) -> str:
    """Return an option's value, one of ``allowed``, the first without it.

    Raises
    ------
    UserError
        If it is another; the nearest is named.
    """
    value = equation.options.get(option, allowed[0])
    if value not in allowed:
        raise unknown(option, str(value), list(allowed))
    return str(value)


def flag_of(equation: Equation, option: str, absent: bool) -> bool:
    """Return an option that is true or false.

    Raises
    ------
    UserError
        If it is neither.
    """
    value = equation.options.get(option, absent)
    if not isinstance(value, bool):
        raise needs(equation, f"{option} = true or false", f"{option} 取 true 或 false")
    return value


def number_of(
    equation: Equation, option: str, absent: float, low: float, high: float = np.inf
) -> float:
    """Return a number among the options, above ``low`` and below ``high``.

    Raises
    ------
    UserError
        If it is none, or outside.
    """
    value = equation.options.get(option, absent)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not (low < value < high or value == absent):
        raise needs(
            equation,
            f"{option}: a number above {low:g}" + (f", below {high:g}" if high < np.inf else ""),
            f"{option} 为大于 {low:g}" + (f"、小于 {high:g}" if high < np.inf else "") + " 的数",
        )
    return float(value)


def whole_of(equation: Equation, option: str, absent: int, low: int) -> int:
    """Return a whole number among the options, ``low`` or more.

    Raises
    ------
    UserError
        If it is none, or below.
    """
    value = equation.options.get(option, absent)
    if type(value) is not int or value < low:
        raise needs(
            equation, f"{option}: a whole number from {low}", f"{option} 为不小于 {low} 的整数"
        )
    return value


def columns_of(frame: pd.DataFrame, response: Array) -> Columns:
    """Return a constant and the frame's independent columns; later ones are set aside first."""
    full = np.column_stack([np.ones(len(frame)), frame.to_numpy(float)])
    kept = list(solve(full, response, 0).kept)
    names = [CONSTANT, *frame.columns]
    dropped = tuple(name for j, name in enumerate(names) if j not in kept)
    return Columns(scaled_columns(full[:, kept])[0], tuple(names[j] for j in kept), dropped)


# --- what is refused --------------------------------------------------------------------------


def _one_treatment(sample: Sample, equation: Equation) -> str:
    if len(sample.treatments) != 1 or sample.treatments[0] not in sample.regressors:
        raise needs(equation, "one treatment of 0 and 1", "一个取值为 0 与 1 的处理变量")
    return sample.treatments[0]


def _require_two_arms(equation: Equation, name: str, treated: Array) -> None:
    values = np.unique(treated)
    if not set(values) <= {0.0, 1.0}:
        odd = next(value for value in values if value not in (0.0, 1.0))
        raise needs(
            equation,
            f"a treatment of 0 and 1 ({name} has the value {odd:g})",
            f"取值为 0 与 1 的处理变量（{name} 出现 {odd:g}）",
        )
    if len(values) < 2:
        raise needs(
            equation,
            f"rows of both arms: all {len(treated)} rows have {name} = {values[0]:g}",
            f"处理组与对照组：全部 {len(treated)} 个观测的 {name} 均为 {values[0]:g}",
        )


def _require_without_treatment(equation: Equation, name: str) -> None:
    listed = equation.options.get("propensity", ())
    terms = [*equation.controls, *([listed] if isinstance(listed, str) else listed)]
    for term in terms:
        if term == name or names_in(name) & names_in(term):
            raise needs(
                equation,
                f"covariates without the treatment: {term} contains {name}",
                f"不含处理变量的协变量：{term} 含有 {name}",
            )


def _weights(sample: Sample, equation: Equation) -> Array:
    if sample.weights is None:
        return np.ones(sample.n_obs)
    if not (sample.weights > 0).all():
        raise needs(equation, "weights above zero", "大于零的权重")
    return sample.weights / sample.weights.mean()
