"""What an equation of matching asks for: options that go together, support, matches found."""

import numpy as np
from numpy.typing import NDArray

from analysis.effects.refusals import needs
from analysis.effects.study import Equation
from analysis.effects.treatment.arms import Arms, choice_of, number_of, whole_of
from analysis.effects.treatment.kernels import KERNELS, UNIFORM
from analysis.effects.treatment.matches import Matches, by_kernel, nearest
from analysis.effects.treatment.matching_points import COVARIATES, Points
from analysis.effects.treatment.propensity import Score

Flags = NDArray[np.bool_]
OPTIONS = (
    "effect", "on", "score", "propensity", "scale", "neighbours", "caliper", "radius", "kernel",
    "bandwidth", "common_support", "exact", "distance", "bias_adjustment", "variance_neighbours",
)  # fmt: skip
BANDWIDTH = 0.06
# (option, options that it does not go with)
APART = (
    ("kernel", ("radius", "neighbours", "caliper", "exact")),
    ("radius", ("neighbours", "caliper", "exact")),
)
ON_SCORE_ONLY = ("kernel", "radius", "score", "propensity", "scale", "common_support")
ON_COVARIATES_ONLY = ("distance", "bias_adjustment")


def is_nearest(equation: Equation) -> bool:
    """Return whether neighbours are matched, not a kernel's or a radius's rows."""
    return not {"kernel", "radius"} & set(equation.options)


def require_consistent(arms: Arms, equation: Equation) -> None:
    """Refuse options that would be passed over, sampling weights, a bootstrap of neighbours.

    Raises
    ------
    UserError
        Naming them.
    """
    given = equation.options
    if equation.weights:
        raise needs(equation, 'no weights (weights = "")', '不加权（weights = ""）')
    apart = [(one, other) for one, others in APART for other in others]
    apart += [("on = covariates", o) for o in ON_SCORE_ONLY if given.get("on") == COVARIATES]
    on_score = given.get("on") != COVARIATES
    apart += [("on = propensity", o) for o in ON_COVARIATES_ONLY if on_score]
    for one, other in apart:
        if other in given and (one in given or " = " in one):
            raise needs(equation, f"{one} without {other}", f"{one} 不能与 {other} 同时使用")
    if "bandwidth" in given and "kernel" not in given:
        raise needs(equation, "kernel where bandwidth is given", "设 bandwidth 时须设 kernel")
    if equation.vcov == "bootstrap" and is_nearest(equation):
        raise needs(
            equation,
            "vcov = abadie_imbens for nearest neighbours: the bootstrap is not valid there (Abadie "
            "and Imbens 2008, Econometrica 76: 1537-1557)",
            "近邻匹配用 vcov = abadie_imbens：自助法在此无效（Abadie 与 Imbens 2008）",
        )


def require_enough(arms: Arms, equation: Equation) -> None:
    """Refuse arms with fewer rows than neighbours are asked for, or than variances need.

    Raises
    ------
    UserError
        Naming the arm and its rows.
    """
    k = whole_of(equation, "neighbours", 1, 1)
    near = whole_of(equation, "variance_neighbours", 1, 1) + 1
    for arm in (0, 1):
        rows = int(arms.inside(arm).sum())
        asked = rows if arms.effects == ("att",) and arm == 1 else k
        if rows < max(asked, near):
            raise needs(
                equation,
                f"{max(asked, near)} rows in each arm: {rows} have {arms.treatment} = {arm}",
                f"每组至少 {max(asked, near)} 个观测：{arms.treatment} = {arm} 只有 {rows} 个",
            )


def on_support(arms: Arms, score: Score | None, equation: Equation) -> Flags:
    """Return which rows have a score between the least and the largest of the other arm."""
    inside = np.ones(len(arms.treated), dtype=bool)
    if score is None:
        return inside
    for arm in (0, 1):
        own, other = arms.inside(arm), score.treated[arms.inside(1 - arm)]
        inside[own] = (score.treated[own] >= other.min()) & (score.treated[own] <= other.max())
    return inside


def matches_of(arms: Arms, points: Points, equation: Equation) -> Matches:
    """Return the matches that options ``neighbours``, ``caliper``, ``radius``, ``kernel`` ask for.

    Raises
    ------
    UserError
        If an option's value is refused.
    """
    options = equation.options
    if "kernel" in options:
        kernel = choice_of(equation, "kernel", KERNELS)
        width = number_of(equation, "bandwidth", BANDWIDTH, 0.0)
        return by_kernel(points.values[:, 0], arms.treated, kernel, width)
    if "radius" in options:
        width = number_of(equation, "radius", 1.0, 0.0)
        return by_kernel(points.values[:, 0], arms.treated, UNIFORM, width)
    k = whole_of(equation, "neighbours", 1, 1)
    caliper = number_of(equation, "caliper", np.inf, 0.0)
    return nearest(points.values, arms.treated, k, min(caliper, points.farthest))
