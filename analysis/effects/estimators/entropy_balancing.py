"""Entropy balancing: weights that make the moments of covariates equal, as even as they can be.

Hainmueller 2012, Political Analysis 20: 25-46. The effect is that of weighted regression
adjustment with the balanced moments as regressors, so its errors hold the balancing step and it is
right if the score or the outcome is as the moments say (Zhao and Percival 2017, Journal of Causal
Inference 5).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.refusals import needs
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.effects.treatment import effects
from analysis.effects.treatment.arms import Arms, arms_of, whole_of
from analysis.effects.treatment.balancing import (
    BALANCED,
    Balanced,
    Constraints,
    balanced,
    constraints_of,
)
from analysis.effects.treatment.outcome_models import LINEAR, outcome_model
from analysis.effects.treatment.potential_means import Mean, Weights, potential_mean
from analysis.effects.treatment.weights import effective_size

Array = NDArray[np.float64]
MOST_MOMENTS = 3
VCOVS = effects.VCOVS
ABOUT = About(
    fits="entropy balancing: weights that equalise the first moments = 1 | 2 | 3 of the controls; "
    "options: moments, effect",
    needs="outcome, one treatment of 0 and 1, controls",
    reports="mean effects, means with and without treatment, weights, effective numbers of rows",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; sampling weights are the base weights and the target's.

    Raises
    ------
    UserError
        If no weights balance exactly (the covariate left farthest is named), or the treatment or
        an option is refused.
    """
    arms = arms_of(sample, equation, ("effect", "moments"))
    moments = whole_of(equation, "moments", 1, 1)
    if moments > MOST_MOMENTS:
        raise needs(equation, "moments = 1, 2 or 3", "moments 取 1、2 或 3")
    constraints = constraints_of(arms.covariates, moments, arms.weights)
    if not constraints.names:
        raise needs(equation, "controls that vary", "有变化的控制变量")
    weights: dict[str, Array] = {}
    means: dict[str, tuple[Mean, Mean]] = {}
    extras: dict[str, Any] = {"n_moments": len(constraints.names)}
    for effect in arms.effects:
        pair = [_weights(arms, constraints, effect, arm, equation) for arm in (0, 1)]
        weights[effect] = pair[0] + pair[1]
        extras |= _described(arms, weights[effect], effect)
        means[effect] = (
            _mean(arms, constraints, effect, 0, pair[0], equation),
            _mean(arms, constraints, effect, 1, pair[1], equation),
        )
    return effects.fit_of_means(arms, means, extras=extras, material={"weights": weights})


def _weights(
    arms: Arms, constraints: Constraints, effect: str, arm: int, equation: Equation
) -> Array:
    """Return (n,) weights of an arm, summing to the target's total."""
    target, rows = arms.target(effect), arms.inside(arm)
    wanted = target @ constraints.values / target.sum()
    found = balanced(constraints.values[rows], arms.weights[rows], wanted)
    _require_balance(arms, constraints, found, arm, equation)
    weights = np.zeros(len(rows))
    weights[rows] = found.weights * target.sum()
    return weights


def _require_balance(
    arms: Arms, constraints: Constraints, found: Balanced, arm: int, equation: Equation
) -> None:
    worst = int(np.argmax(np.abs(found.imbalance)))
    left = abs(float(found.imbalance[worst]))
    if left > BALANCED:
        name, rows = constraints.names[worst], f"{arms.treatment} = {arm}"
        raise needs(
            equation,
            f"moments that some weights balance: none of the rows with {rows} do; {name} is left "
            f"farthest, {left:.3g} standard deviations (fewer moments or covariates, or drop rows "
            "that have none like them)",
            f"可被加权平衡的矩：{rows} 的观测无法精确平衡；{name} 相差最远，"
            f"为 {left:.3g} 个标准差"
            "（请减少矩或协变量，或去掉没有可比者的观测）",
        )


def _described(arms: Arms, weights: Array, effect: str) -> dict[str, float]:
    found = {}
    for arm, name in ((0, "untreated"), (1, "treated")):
        own = weights[arms.inside(arm)]
        found[f"effective_n_{name}[{effect}]"] = effective_size(own)
        found[f"largest_weight_share_{name}[{effect}]"] = float(own.max() / own.sum())
    return found


def _mean(
    arms: Arms, constraints: Constraints, effect: str, arm: int, weights: Array, equation: Equation
) -> Mean:
    """Return the weighted mean of an arm: that of a weighted regression on what is balanced.

    With the weights w the fitted values average to the weighted mean of y, as w balances the
    regressors, and w_i e_i + b'(c_i - target) is the influence that holds the multipliers'.
    """
    columns = np.column_stack([np.ones(len(weights)), constraints.values])
    fixed = Weights(weights, np.zeros_like(weights))
    model = outcome_model(
        arms.outcome, columns, weights, LINEAR, ("const", *constraints.names), equation,
        f"{arms.treatment} = {arm}",
    )  # fmt: skip
    return potential_mean(arms.outcome, arms.target(effect), columns, model, fixed, None, None)
