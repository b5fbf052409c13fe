"""Inverse probability weights: of whom, trimmed and truncated how, and what they look like.

Mean effect on everybody: 1/p for the treated, 1/(1-p) for the others; on the treated: 1 and
p/(1-p) (Hirano, Imbens and Ridder 2003, Econometrica 71: 1161-1189).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.effects.refusals import needs
from analysis.effects.study import Equation
from analysis.effects.treatment.arms import ATT, Arms, flag_of, number_of
from analysis.effects.treatment.potential_means import FirstStep, Weights
from analysis.effects.treatment.propensity import Score, as_known, score_of

Array = NDArray[np.float64]
OPTIONS = ("effect", "score", "propensity", "score_known", "trim", "truncate")
# a chance of being in the other arm below this is none: a weight above 100,000
NO_CHANCE = 1e-5
LARGE_WEIGHT = 10.0
OPTIMAL = "optimal"


@dataclass(frozen=True)
class Weighting:
    """A score and the weights made of it.

    ``kept`` (n,) is False for trimmed rows; ``by_effect`` holds the weights of arms 0 and 1, the
    sampling weights included; ``pure`` (n,) those of the score alone, of both arms.
    """

    score: Score
    kept: NDArray[np.bool_]
    by_effect: Mapping[str, tuple[Weights, Weights]]
    pure: Mapping[str, Array]
    notes: tuple[str, ...]
    extras: Mapping[str, Any] = field(default_factory=dict)

    def target(self, arms: Arms, effect: str) -> Array:
        """Return (n,) weights of the rows that an effect is the mean of, trimmed rows none."""
        return arms.target(effect) * self.kept

    def first(self) -> FirstStep:
        """Return what the weights owe to the estimated score."""
        return FirstStep(self.score.columns, self.score.influence)

    def all_weights(self, effect: str) -> Array:
        """Return the (n,) weights of both arms."""
        zero, one = self.by_effect[effect]
        return zero.values + one.values


def weighting_of(arms: Arms, equation: Equation) -> Weighting:
    """Estimate the score and make the weights.

    Options: ``score_known`` (errors as if the score were not estimated), ``trim`` (a number a:
    only rows with a <= p <= 1 - a are kept, the effect is theirs; "optimal": a by Crump, Hotz,
    Imbens and Mitnik 2009, Biometrika 96: 187-199), ``truncate`` (a share q: within each arm
    weights above their q-quantile are set to it; Cole and Hernan 2008, American Journal of
    Epidemiology 168: 656-664). Errors take the a and the quantiles as given.

    Raises
    ------
    UserError
        If the score or an option is refused, no row is left, or rows have no chance of the arm
        that they are not in.
    """
    score = score_of(arms, equation)
    known = flag_of(equation, "score_known", False)
    share = number_of(equation, "truncate", 1.0, 0.5, 1.0)
    kept, edge = _kept(score, equation)
    _require_both(arms, kept, edge, equation)
    _require_overlap(arms, score, kept, equation)
    pure, by_effect = {}, {}
    for effect in arms.effects:
        pair = [_of_arm(arms, score, kept, effect, arm, share) for arm in (0, 1)]
        pure[effect] = pair[0].values + pair[1].values
        by_effect[effect] = (_times(pair[0], arms.weights), _times(pair[1], arms.weights))
    return Weighting(
        score=as_known(score) if known else score,
        kept=kept,
        by_effect=by_effect,
        pure=pure,
        notes=_notes(arms, kept, edge, share, known, equation),
        extras=_extras(arms, score, kept, edge, pure),
    )


# --- the weights ------------------------------------------------------------------------------


def _of_arm(
    arms: Arms, score: Score, kept: NDArray[np.bool_], effect: str, arm: int, share: float
) -> Weights:
    rows = (arms.inside(arm) & kept) * 1.0
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        value, slope = _raw(score, effect, arm)
    value, slope = np.where(rows > 0, value, 0.0), np.where(rows > 0, slope, 0.0)
    if share < 1.0:
        cap = np.quantile(value[rows > 0], share)
        slope = np.where(value > cap, 0.0, slope)
        value = np.minimum(value, cap)
    return Weights(value, slope)


def _raw(score: Score, effect: str, arm: int) -> tuple[Array, Array]:
    """Return weights and derivatives by the index."""
    p, q, f = score.treated, score.untreated, score.slope
    if effect == ATT:
        return (np.ones_like(p), np.zeros_like(p)) if arm else (p / q, f / q**2)
    return (1.0 / p, -f / p**2) if arm else (1.0 / q, f / q**2)


def _times(weights: Weights, factor: Array) -> Weights:
    return Weights(weights.values * factor, weights.slopes * factor)


def _kept(score: Score, equation: Equation) -> tuple[NDArray[np.bool_], float]:
    """Return which rows are kept, and the a of a <= p <= 1 - a."""
    least = np.minimum(score.treated, score.untreated)
    if equation.options.get("trim") == OPTIMAL:
        edge = optimal_edge(score.treated)
    else:
        edge = number_of(equation, "trim", 0.0, 0.0, 0.5)
    return least >= edge, edge


def optimal_edge(p: Array) -> float:
    """Return Crump et al.'s a: 1/(a(1-a)) = 2 E[1/(p(1-p)) | 1/(p(1-p)) <= 1/(a(1-a))]."""
    with np.errstate(divide="ignore"):
        g = np.sort(1.0 / (p * (1.0 - p)))
    if g[-1] <= 2.0 * g.mean():
        return 0.0
    within = np.flatnonzero(g <= 2.0 * np.cumsum(g) / np.arange(1, len(g) + 1))
    limit = float(g[within[-1]])
    # a hair lower, so that the row whose score is the limit is within
    return (0.5 - float(np.sqrt(max(0.25 - 1.0 / limit, 0.0)))) * (1.0 - 1e-9)


# --- what is said and refused -----------------------------------------------------------------


def _require_both(arms: Arms, kept: NDArray[np.bool_], edge: float, equation: Equation) -> None:
    for arm in (0, 1):
        if not (kept & arms.inside(arm)).any():
            raise needs(
                equation,
                f"overlap: no row with {arms.treatment} = {arm} has a score from {edge:g} to "
                f"{1 - edge:g}",
                f"重叠：{arms.treatment} = {arm} 的观测中没有倾向得分在 "
                f"{edge:g} 至 {1 - edge:g} 之间者",
            )


def _require_overlap(arms: Arms, score: Score, kept: NDArray[np.bool_], equation: Equation) -> None:
    certain = int((kept & (score.untreated < NO_CHANCE)).sum())
    never = 0 if arms.effects == (ATT,) else int((kept & (score.treated < NO_CHANCE)).sum())
    if certain or never:
        side, count = ("above 1 - 1e-5", certain) if certain else ("below 1e-5", never)
        said, other = ("处理", certain) if certain else ("不处理", never)
        raise needs(
            equation,
            f"overlap: {count} rows have a score {side}, so none like them is in the other arm "
            "(trim, or simplify the score)",
            f"重叠：{other} 个观测几乎必然{said}，另一组没有可比者（请设 trim 或简化倾向得分）",
        )


def _notes(
    arms: Arms, kept: NDArray[np.bool_], edge: float, share: float, known: bool, equation: Equation
) -> tuple[str, ...]:
    said = []
    if not kept.all():
        said.append(
            f"effect of the {int(kept.sum())} rows with a score from {edge:.4g} to {1 - edge:.4g}"
        )
    if share < 1.0:
        said.append(f"weights truncated at their {share:g}-quantile in each arm")
    if known:
        said.append("errors take the score as known")
    if (
        "propensity" in equation.options
        and equation.estimator == "ipw"
        and arms.covariates.shape[1]
    ):
        said.append("the score is of the terms in propensity; controls serve balance alone")
    return tuple(said)


def _extras(
    arms: Arms, score: Score, kept: NDArray[np.bool_], edge: float, pure: Mapping[str, Array]
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "score_pseudo_r2": score.pseudo_r2,
        "n_trimmed": int((~kept).sum()),
        "share_trimmed": float((~kept).mean()),
    }
    if edge > 0.0:
        found["trim_edge"] = edge
    for effect, weights in pure.items():
        found |= {f"{key}[{effect}]": value for key, value in _described(arms, weights).items()}
    return found


def _described(arms: Arms, weights: Array) -> dict[str, float]:
    """Describe weights; stabilised ones are times the share of the row's arm.

    Stabilising multiplies all weights of an arm by one number, which no estimate here depends on.
    """
    kept = weights > 0.0
    share = arms.treated.mean()
    stable = (weights * np.where(arms.treated == 1.0, share, 1.0 - share))[kept]
    found = {
        **_summary("weight", weights[kept]),
        **_summary("stabilised_weight", stable),
        "share_weights_above_10": float((weights[kept] > LARGE_WEIGHT).mean()),
    }
    for arm, name in ((0, "untreated"), (1, "treated")):
        found[f"effective_n_{name}"] = effective_size((weights * arms.weights)[arms.inside(arm)])
    return found


def _summary(name: str, weights: Array) -> dict[str, float]:
    ends = {"mean": weights.mean(), "min": weights.min(), "max": weights.max()}
    return {f"{name}_{end}": float(value) for end, value in ends.items()}


def effective_size(weights: Array) -> float:
    """Return Kish's effective number of rows, (sum w)^2 / sum w^2."""
    return float(weights.sum() ** 2 / (weights**2).sum())
