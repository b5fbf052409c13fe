"""Matching: each row's missing outcome imputed from rows of the other arm that are like it.

Rosenbaum and Rubin 1983, Biometrika 70: 41-55; errors by Abadie and Imbens 2006, Econometrica 74:
235-267, and, where the matched score is estimated, 2016, Econometrica 84: 781-807; bias adjustment
by Abadie and Imbens 2011, Journal of Business & Economic Statistics 29: 1-11.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.refusals import needs
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.effects.treatment.abadie_imbens import (
    Matched,
    covariance_of,
    for_the_score,
    outcome_noise,
)
from analysis.effects.treatment.arms import ATT, Arms, arms_of, flag_of, whole_of
from analysis.effects.treatment.bias_adjustment import adjustment
from analysis.effects.treatment.matches import Matches
from analysis.effects.treatment.matching_points import Points, points_of
from analysis.effects.treatment.matching_rules import (
    OPTIONS,
    is_nearest,
    matches_of,
    on_support,
    require_consistent,
    require_enough,
)

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
OWN = "abadie_imbens"
VCOVS = (OWN, "bootstrap")
OPTION_TERMS = ("propensity",)
OPTION_GROUPS = ("exact",)
ABOUT = About(
    fits="matching with replacement, ties kept; options: on = propensity | covariates, neighbours, "
    "caliper, radius, kernel = epanechnikov | gaussian (bandwidth), common_support, exact = "
    "[columns], distance = mahalanobis | inverse_variance, scale = score | index, "
    "bias_adjustment, effect, score, propensity",
    needs="outcome, one treatment of 0 and 1, controls",
    reports="mean effects, numbers matched and off support, times used",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; rows without a match (or off support, if asked) are set aside and counted.

    Raises
    ------
    UserError
        If the treatment, the score or an option is refused, an arm has too few rows, or no row has
        a match.
    """
    arms = arms_of(sample, equation, OPTIONS)
    require_consistent(arms, equation)
    require_enough(arms, equation)
    points = points_of(arms, sample.others, equation)
    support = on_support(arms, points.score, equation)
    found = matches_of(arms, points, equation)
    target = found.counts > 0
    if flag_of(equation, "common_support", False):
        target &= support
    _require_matched(arms, target, equation)
    matched = _matched(arms, found, target, equation)
    return _fit(arms, points, found, matched, support, equation)


def _matched(arms: Arms, found: Matches, target: Flags, equation: Equation) -> Matched:
    use, squared = found.use(target)
    sign = 2.0 * arms.treated - 1.0
    other = found.average(arms.outcome)
    if flag_of(equation, "bias_adjustment", False):
        other = other + adjustment(arms, use, found.average, equation)
    difference = np.where(target, sign * (arms.outcome - other), 0.0)
    return Matched(arms.treated, target, difference, use, squared)


def _fit(
    arms: Arms, points: Points, found: Matches, matched: Matched, support: Flags, equation: Equation
) -> Fit:
    near = whole_of(equation, "variance_neighbours", 1, 1)
    noise = outcome_noise(points.values, arms.treated, arms.outcome, near)
    matrix = covariance_of(matched, arms.effects, noise)
    notes = _notes(arms, matched, points, equation)
    if is_nearest(equation) and points.score is not None:
        matrix = matrix + for_the_score(
            matched, arms.effects, points.score, points.values, arms.outcome, near
        )
    k = len(arms.effects)
    estimate = np.array([matched.estimate(effect) for effect in arms.effects])
    parts = [matched.members(e) * (matched.difference - matched.estimate(e)) for e in arms.effects]
    sizes = [matched.members(e).sum() for e in arms.effects]
    return Fit(
        terms=(arms.treatment,) * k,
        estimate=estimate,
        bread=np.eye(k),
        scores=np.column_stack(parts) / np.array(sizes),
        classical=matrix,
        df_resid=len(arms.outcome) - k,
        distribution="normal",
        quantities=arms.effects,
        own={OWN: matrix},
        extras=_extras(arms, points, found, matched, support),
        material=_material(arms, points, found, matched, equation),
        notes=notes,
        dropped=points.dropped,
    )


def _require_matched(arms: Arms, target: Flags, equation: Equation) -> None:
    wanted = target & arms.inside(1) if ATT in arms.effects else target
    if not wanted.any():
        raise needs(
            equation,
            "matches: no treated row has one within the caliper, the exact cells and the support",
            "匹配对象：在卡尺、精确匹配单元与共同支撑内，没有处理组观测可以匹配",
        )


def _notes(arms: Arms, matched: Matched, points: Points, equation: Equation) -> tuple[str, ...]:
    said = []
    off = int((~matched.target & arms.inside(1)).sum())
    if off:
        said.append(f"effect of the matched: {off} treated rows have no match or are off support")
    if not is_nearest(equation) and equation.vcov == OWN:
        said.append("errors take kernel weights and score as known; vcov = bootstrap does not")
    if equation.cluster and equation.vcov == OWN:
        said.append("Abadie and Imbens's errors take rows as independent: clusters are not used")
    return tuple(said)


def _extras(
    arms: Arms, points: Points, found: Matches, matched: Matched, support: Flags
) -> dict[str, Any]:
    extras: dict[str, Any] = {}
    for arm, name in ((0, "untreated"), (1, "treated")):
        rows = arms.inside(arm)
        extras |= {
            f"n_matched_{name}": int((matched.target & rows).sum()),
            f"n_unmatched_{name}": int((~matched.target & rows).sum()),
            f"n_used_{name}": int((matched.use[rows] > 0).sum()),
            f"most_used_{name}": float(matched.use[rows].max()),
        }
        if points.score is not None:
            extras[f"n_off_support_{name}"] = int((~support & rows).sum())
    if points.score is not None:
        extras["score_pseudo_r2"] = points.score.pseudo_r2
    asking = matched.target & arms.inside(1)
    return extras | {"matches_a_treated_row": float(found.counts[asking].mean())}


def _material(
    arms: Arms, points: Points, found: Matches, matched: Matched, equation: Equation
) -> dict[str, Any]:
    """Return weights by effect, pairs of rows, differences of the treated from their matches."""
    weights = {effect: np.abs(matched.loading(effect)) for effect in arms.effects}
    asking = matched.target & arms.inside(1)
    material: dict[str, Any] = {
        "treated": arms.treated,
        "weights": weights,
        "pairs": found.pairs,
        "differences": matched.difference[asking],
        "matches": found.counts[asking],
    }
    if points.score is not None:
        material["score"] = points.score.treated
    return material
