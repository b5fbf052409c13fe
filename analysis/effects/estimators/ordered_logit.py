"""Ordered logit: P(y <= j | x) = L(cut_j - x'b) (Wooldridge 2010, section 16.3.1).

statsmodels' OrderedModel reports cut points transformed and takes derivatives numerically; here
the likelihood, concave in (b, cuts), is climbed in the cut points themselves (Pratt 1981, JASA 76:
103-106).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.estimators.logit import logistic
from analysis.effects.fit import Derived, Fit
from analysis.effects.likelihoods.likelihood import (
    Design,
    Likelihood,
    design_of,
    fit_of,
    mapped,
    maximise,
    require_maximum,
)
from analysis.effects.likelihoods.marginal_effects import (
    COLUMNS_OPTION,
    OPTION,
    Curve,
    average_effects,
)
from analysis.effects.likelihoods.perfect_prediction import Recession
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.messages import UserError

Array = NDArray[np.float64]
Law = Callable[[Array], Curve]
ABOUT = About(
    fits="ordered logit by maximum likelihood",
    needs="an ordered outcome of three or more levels, treatment or controls",
    reports="coefficients, cut points, average marginal effects on each level's probability",
)
OPTION_COLUMNS = (COLUMNS_OPTION,)


class Ordered(NamedTuple):
    """The data: (n, k) columns, (n, J - 1) flags of the cut above and below each row's level."""

    columns: Array
    above: Array
    below: Array


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; options ``ame`` (discrete, derivative) and ``ame_columns``.

    Raises
    ------
    UserError
        If the outcome has fewer than three levels, terms settle it, or an option is unknown.
    """
    from scipy.special import logit

    return fit_ordered(sample, equation, logistic, logit)


def fit_ordered(
    sample: Sample, equation: Equation, law: Law, quantile: Callable[[Array], Array]
) -> Fit:
    """Fit P(y <= j | x) = F(cut_j - x'b); ``law`` gives F, F', F''; terms x, then cut1, cut2 ...

    Raises
    ------
    UserError
        As for ``fit``.
    """
    require_plain(equation, (OPTION, COLUMNS_OPTION))
    levels, codes = np.unique(sample.outcome, return_inverse=True)
    _require_levels(levels, sample, equation)
    design = design_of(sample, equation)
    data = _ordered(design.scaled[:, 1:], codes, len(levels))
    shares = np.bincount(codes) / len(codes)
    start = np.concatenate([np.zeros(len(design.terms) - 1), quantile(shares.cumsum()[:-1])])
    found = require_maximum(
        maximise(_likelihood(data, law), start), design.terms[1:], equation.estimator,
        lambda: _recession(data),
    )  # fmt: skip
    best = mapped(found, _back(design, len(levels) - 1))
    terms = (*design.terms[1:], *(f"cut{j + 1}" for j in range(len(levels) - 1)))
    derived, notes = _effects(sample, equation, design, best.estimate, law, levels)
    null = float(len(codes) * (shares * np.log(shares)).sum())
    return fit_of(best, terms, null, dropped=design.dropped, derived=derived, notes=notes)


def _require_levels(levels: Array, sample: Sample, equation: Equation) -> None:
    if len(levels) < 3:
        raise needs(equation, "an outcome of three or more levels", "三个及以上等级")
    parameters = sample.regressors.shape[1] + len(levels) - 1
    if sample.n_obs <= parameters:
        raise UserError("too_few_rows", equation=equation.id, n=sample.n_obs, k=parameters)


def _ordered(columns: Array, codes: NDArray[np.intp], n_levels: int) -> Ordered:
    cuts = np.arange(n_levels - 1)
    return Ordered(
        columns, (codes[:, None] == cuts).astype(float), (codes[:, None] == cuts + 1).astype(float)
    )


def _back(design: Design, n_cuts: int) -> Array:
    """Return the map from scaled parameters: b_j = g_j / s_j, cut_j = c_j + m'b."""
    k = len(design.terms) - 1
    whole = np.eye(k + n_cuts)
    whole[:k, :k] = design.back[1:, 1:]
    whole[k:, :k] = -design.back[0, 1:]
    return whole


# --- the likelihood ---------------------------------------------------------------------------


def _likelihood(data: Ordered, law: Law) -> Likelihood:
    return Likelihood(
        lambda p: _loglike(data, law, p),
        lambda p: _scores(data, law, p),
        lambda p: _hessian(data, law, p),
    )


def _ends(data: Ordered, parameters: Array) -> tuple[Array, Array]:
    """Return (n,) u and l: the row's level has probability F(u) - F(l)."""
    k = data.columns.shape[1]
    index, cuts = data.columns @ parameters[:k], parameters[k:]
    top, bottom = data.above.sum(axis=1) == 0, data.below.sum(axis=1) == 0
    upper = np.where(top, np.inf, data.above @ cuts - index)
    return upper, np.where(bottom, -np.inf, data.below @ cuts - index)


def _probability(law: Law, upper: Array, lower: Array) -> Array:
    """Return F(u) - F(l), from the upper tail where both ends are above zero."""
    high = lower > 0.0
    return np.where(
        high, law(-lower).value - law(-upper).value, law(upper).value - law(lower).value
    )


def _loglike(data: Ordered, law: Law, parameters: Array) -> float:
    upper, lower = _ends(data, parameters)
    if not (upper > lower).all():
        return -np.inf
    return float(np.log(_probability(law, upper, lower)).sum())


def _finite(law: Law, at: Array) -> tuple[Array, Array]:
    """Return F' and F'', zero at infinity."""
    inside = np.isfinite(at)
    curve = law(np.where(inside, at, 0.0))
    return np.where(inside, curve.slope, 0.0), np.where(inside, curve.curvature, 0.0)


def _gradients(data: Ordered) -> tuple[Array, Array]:
    """Return the (n, k + J - 1) derivatives of u and of l by the parameters."""
    return np.hstack([-data.columns, data.above]), np.hstack([-data.columns, data.below])


def _scores(data: Ordered, law: Law, parameters: Array) -> Array:
    """Return [F'(u) du - F'(l) dl] / P by row."""
    upper, lower = _ends(data, parameters)
    p = _probability(law, upper, lower)
    by_upper, by_lower = _gradients(data)
    up, down = _finite(law, upper)[0] / p, _finite(law, lower)[0] / p
    return up[:, None] * by_upper - down[:, None] * by_lower


def _hessian(data: Ordered, law: Law, parameters: Array) -> Array:
    """Return sum [F''(u) du du' - F''(l) dl dl'] / P - score score'."""
    upper, lower = _ends(data, parameters)
    p = _probability(law, upper, lower)
    by_upper, by_lower = _gradients(data)
    bent_up, bent_down = _finite(law, upper)[1] / p, _finite(law, lower)[1] / p
    scores = _scores(data, law, parameters)
    curved = (by_upper * bent_up[:, None]).T @ by_upper
    return curved - (by_lower * bent_down[:, None]).T @ by_lower - scores.T @ scores


def _recession(data: Ordered) -> Recession:
    """Directions that move every row's ends away from it."""
    by_upper, by_lower = _gradients(data)
    has_upper = data.above.sum(axis=1) > 0
    has_lower = data.below.sum(axis=1) > 0
    rows = np.concatenate([np.flatnonzero(has_upper), np.flatnonzero(has_lower)])
    rising = np.vstack([by_upper[has_upper], -by_lower[has_lower]])
    return Recession(rising, np.empty((0, rising.shape[1])), rows)


# --- marginal effects -------------------------------------------------------------------------


def _effects(
    sample: Sample, equation: Equation, design: Design, estimate: Array, law: Law, levels: Array
) -> tuple[tuple[Derived, ...], tuple[str, ...]]:
    k = len(design.terms) - 1
    coefficients, cuts = estimate[:k], estimate[k:]
    derived: list[Derived] = []
    notes: tuple[str, ...] = ()
    for position, level in enumerate(levels):
        these, notes = average_effects(
            sample, equation, design.terms[1:], design.columns[:, 1:], coefficients,
            _level_curve(law, cuts, position), f"Pr(y={level:g})",
        )  # fmt: skip
        derived.extend(these)
    return tuple(derived), notes


def _level_curve(law: Law, cuts: Array, position: int) -> Law:
    """Return P(y = level) = F(u - z) - F(l - z) as a function of z = x'b and the cuts."""

    def curve(index: Array) -> Curve:
        value = np.zeros(len(index))
        slope, curvature = np.zeros(len(index)), np.zeros(len(index))
        tail, slope_tail = np.zeros((len(index), len(cuts))), np.zeros((len(index), len(cuts)))
        if position == len(cuts):
            value += 1.0
        for cut, sign in ((position, 1.0), (position - 1, -1.0)):
            if 0 <= cut < len(cuts):
                at = law(cuts[cut] - index)
                value += sign * at.value
                slope -= sign * at.slope
                curvature += sign * at.curvature
                tail[:, cut] = sign * at.slope
                slope_tail[:, cut] = -sign * at.curvature
        return Curve(value, slope, curvature, tail, slope_tail)

    return curve
