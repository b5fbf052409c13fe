"""Two-part model: E[y | x] = P(y > 0 | x) E[y | y > 0, x], for a mass of zeros and a long tail.

Duan, Manning, Morris and Newhouse 1983, Journal of Business & Economic Statistics 1: 115-126;
Belotti, Deb, Manning and Norton 2015, Stata Journal 15: 3-20. A binary model of y > 0 on all rows,
then the positive outcomes by least squares (in levels or logarithms) or a gamma model with a log
link; effects on E[y | x] combine both.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.distribution.participation import LINKS, fit_binary, link_of
from analysis.effects.distribution.two_indices import Part, effects_of_parts, part_of
from analysis.effects.expressions import unknown
from analysis.effects.fit import Fit
from analysis.effects.inference import bootstrap
from analysis.effects.inference.influence import fit_of_influence, influence_of
from analysis.effects.inference.resampling import taken
from analysis.effects.likelihoods.likelihood import (
    Likelihood,
    design_of,
    mapped,
    maximise,
    require_maximum,
)
from analysis.effects.likelihoods.marginal_effects import COLUMNS_OPTION, OPTION, Curve
from analysis.effects.likelihoods.perfect_prediction import one_sided
from analysis.effects.linear_models.linear import fit_linear, require_variation
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]
ABOUT = About(
    fits="logit or probit of y > 0, then least squares or a gamma model of the positive outcomes; "
    "options: participation, amount, retransformation, ame",
    needs="an outcome with zeros and positive values, treatment or controls",
    reports="coefficients of both parts, average marginal effects on P(y > 0), on E[y | y > 0] "
    "and on E[y]",
)
OPTION_COLUMNS = (COLUMNS_OPTION,)
VCOVS = ("HC1", "HC0", "cluster", bootstrap.NAME)
PARTICIPATION, AMOUNT, RETRANSFORMATION = "participation", "amount", "retransformation"
LEVELS, LOG, GAMMA = "levels", "log", "gamma"
AMOUNTS, RETRANSFORMATIONS = (LEVELS, LOG, GAMMA), ("smearing", "normal")
COMBINED = "combined"


@dataclass(frozen=True)
class Amount:
    """The positive part: terms, (k,) coefficients, (n, k) influence by row of all, the mean.

    ``factor`` is what exp(x'b) is multiplied by, a parameter of its own, where the outcome was
    put in logarithms; the last column of ``influence`` is then its.
    """

    terms: tuple[str, ...]
    estimate: Array
    influence: Array
    curve: Callable[[Array], Curve]
    dropped: tuple[str, ...]
    factor: float | None = None


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it.

    Options: ``participation`` (logit, probit), ``amount`` (levels, log, gamma),
    ``retransformation`` of logarithms (smearing: Duan's mean of exp(residual); normal:
    exp(s^2 / 2)), ``ame`` and ``ame_columns``. The parts are fitted one by one, inference is
    joint: both errors and the smearing factor's enter the combined effects. The amount's effects
    are averaged over all rows.

    Raises
    ------
    UserError
        If the outcome is negative somewhere, never zero or never positive, a term predicts y > 0
        perfectly, a treatment never varies among the positive, or an option is unknown.
    """
    require_plain(equation, (PARTICIPATION, AMOUNT, RETRANSFORMATION, OPTION, COLUMNS_OPTION))
    require_variation(sample)
    link = link_of(equation, PARTICIPATION, ("logit", "probit"))
    positive = require_zeros_and_more(sample, equation)
    first = fit_binary(sample, equation, positive.astype(float), link)
    second = _amount(sample, equation, positive)
    parts = (
        part_of(sample, first.terms, first.estimate, LINKS[link].curve),
        part_of(sample, second.terms, second.estimate, second.curve),
    )
    names = (PARTICIPATION, AMOUNT, COMBINED)
    derived, notes = effects_of_parts(sample, equation, *parts, names)
    factor = [] if second.factor is None else [second.factor]
    behind = ("factor",) if factor else ()
    return fit_of_influence(
        (*first.terms, *second.terms, *behind),
        np.concatenate([first.estimate, second.estimate, factor]),
        np.hstack([influence_of(first.bread, first.scores), second.influence]),
        components=(PARTICIPATION,) * len(first.terms)
        + (AMOUNT,) * (len(second.terms) + len(behind)),
        derived=derived,
        dropped=tuple(dict.fromkeys((*first.dropped, *second.dropped))),
        notes=notes,
        extras=_extras(sample, first, positive, parts),
    )


def require_zeros_and_more(sample: Sample, equation: Equation) -> NDArray[np.bool_]:
    """Return (n,) which outcomes are above zero.

    Raises
    ------
    UserError
        If one is negative, or not both zeros and positive values are there.
    """
    positive = sample.outcome > 0.0
    if sample.outcome.min() < 0.0 or positive.all() or not positive.any():
        raise needs(
            equation, "an outcome that is zero in some rows, positive in others, never negative",
            "部分为零、部分为正且无负值的因变量",
        )  # fmt: skip
    return positive


def _extras(
    sample: Sample, first: Fit, positive: NDArray[np.bool_], parts: tuple[Part, Part]
) -> dict[str, float]:
    p, m = (part.curve(part.columns.to_numpy(float) @ part.coefficients) for part in parts)
    return {
        "share_positive": float(positive.mean()),
        "n_positive": int(positive.sum()),
        "participation_log_likelihood": float(first.extras["log_likelihood"]),
        "mean_fitted": float((p.value * m.value).mean()),
        "mean_outcome": float(sample.outcome.mean()),
    }


# --- the positive part ------------------------------------------------------------------------


def _amount(sample: Sample, equation: Equation, positive: NDArray[np.bool_]) -> Amount:
    kind = equation.options.get(AMOUNT, LEVELS)
    if kind not in AMOUNTS:
        raise unknown(AMOUNT, str(kind), list(AMOUNTS))
    way = equation.options.get(RETRANSFORMATION, RETRANSFORMATIONS[0])
    if way not in RETRANSFORMATIONS:
        raise unknown(RETRANSFORMATION, str(way), list(RETRANSFORMATIONS))
    if RETRANSFORMATION in equation.options and kind != LOG:
        raise needs(equation, "amount = log for a retransformation", "retransformation 仅用于 log")
    rows = np.flatnonzero(positive)
    above = taken(sample, rows)
    require_variation(above)
    if kind == GAMMA:
        return _gamma(above, equation, rows, sample.n_obs)
    return _least_squares(above, equation, rows, sample.n_obs, way if kind == LOG else "")


def _least_squares(
    above: Sample, equation: Equation, rows: NDArray[np.int64], n: int, way: str
) -> Amount:
    """Fit y, or ln y and the factor E[exp(e)]; ``way`` is how, empty for levels."""
    y = np.log(above.outcome) if way else above.outcome
    names = list(above.regressors)
    found = fit_linear(
        names, above.regressors.to_numpy(float), y, constant=True, equation=equation.id
    )
    own = influence_of(found.bread, found.scores)
    if not way:
        curve = _line
        return Amount(found.terms, found.estimate, _spread(own, rows, n), curve, found.dropped)
    factor, of_factor = _factor(found, own, way)
    return Amount(
        found.terms, found.estimate, _spread(np.column_stack([own, of_factor]), rows, n),
        _exponential(factor), found.dropped, factor,
    )  # fmt: skip


def _factor(found: Fit, own: Array, way: str) -> tuple[float, Array]:
    """Return the retransformation factor and its (n,) influence, the coefficients' step in it.

    smearing: mean exp(e), whose derivative by b is -mean exp(e) x; normal: exp(s^2 / 2).
    """
    if found.linear is None:
        raise ValueError("a least-squares fit has its design")
    x, n = found.linear.design, len(own)
    e = found.linear.response - x @ found.estimate
    if way == "normal":
        variance = float(e @ e) / found.df_resid
        factor = float(np.exp(variance / 2.0))
        return factor, 0.5 * factor * (e**2 - variance) / n
    grown = np.exp(e)
    factor = float(grown.mean())
    return factor, (grown - factor) / n - own @ (grown @ x / n)


def _gamma(above: Sample, equation: Equation, rows: NDArray[np.int64], n: int) -> Amount:
    """Fit E[y | y > 0, x] = exp(x'b) by gamma quasi-likelihood -sum(y / m + ln m)."""
    design = design_of(above, equation)
    start = np.zeros(len(design.terms))
    start[0] = np.log(above.outcome.mean())
    none = np.zeros(len(rows), dtype=bool)
    found = mapped(
        require_maximum(
            maximise(_gamma_likelihood(above.outcome, design.scaled), start),
            ["", *design.terms[1:]], equation.estimator,
            lambda: one_sided(design.scaled, none, none),
        ),
        design.back,
    )  # fmt: skip
    own = influence_of(found.bread, found.scores)
    return Amount(
        design.terms, found.estimate, _spread(own, rows, n), _exponential(None), design.dropped
    )


def _gamma_likelihood(y: Array, x: Array) -> Likelihood:
    def ratio(b: Array) -> Array:
        return y * np.exp(-x @ b)

    return Likelihood(
        lambda b: float(-(ratio(b) + x @ b).sum()),
        lambda b: x * (ratio(b) - 1.0)[:, None],
        lambda b: -(x * ratio(b)[:, None]).T @ x,
    )


def _spread(own: Array, rows: NDArray[np.int64], n: int) -> Array:
    """Return influence by row of all rows, zero where the row took no part."""
    whole = np.zeros((n, own.shape[1]))
    whole[rows] = own
    return whole


def _line(index: Array) -> Curve:
    none = np.empty((len(index), 0))
    return Curve(index, np.ones(len(index)), np.zeros(len(index)), none, none)


def _exponential(factor: float | None) -> Callable[[Array], Curve]:
    """Return f exp(z); f a parameter unless it is None, for one."""

    def curve(index: Array) -> Curve:
        grown = np.exp(index)
        tail = np.empty((len(index), 0)) if factor is None else grown[:, None]
        value = grown * (1.0 if factor is None else factor)
        return Curve(value, value, value, tail, tail)

    return curve
