"""Tobit: y* = x'b + u, u ~ N(0, sigma^2); y = y* inside [lower, upper], else the limit.

Wooldridge 2010, section 17.2. Climbed in Olsen's parameters g = b / sigma, t = 1 / sigma, in which
the log likelihood is concave (Olsen 1978, Econometrica 46: 1211-1215):
sum over uncensored [ln t - (t y - x'g)^2 / 2 - ln(2 pi) / 2] + sum over y = lower ln Phi(t lower -
x'g) + sum over y = upper ln Phi(x'g - t upper).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.likelihoods.likelihood import (
    Likelihood,
    Maximum,
    bordered,
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
from analysis.effects.likelihoods.perfect_prediction import one_sided
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]
ABOUT = About(
    fits="censored normal regression (type-1 Tobit) by maximum likelihood",
    needs="an outcome censored at option lower (0 unless stated) or upper",
    reports="coefficients of the latent equation, sigma, average partial effects on E[y|x]",
)
OPTION_COLUMNS = (COLUMNS_OPTION,)
SIGMA, LOWER, UPPER = "sigma", "lower", "upper"


class Censored(NamedTuple):
    """(n, k) columns, (n,) outcome, its limits, and which rows are at them."""

    columns: Array
    outcome: Array
    limits: tuple[float, float]
    low: NDArray[np.bool_]
    high: NDArray[np.bool_]

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Which rows are not censored."""
        return ~(self.low | self.high)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; options ``lower`` (0; -inf for none), ``upper`` (none), ``ame``, ``ame_columns``.

    sigma is the last term; the effects are those on E[y | x], limits included.

    Raises
    ------
    UserError
        If the limits are not numbers in order, too few rows are uncensored, terms settle who is
        censored, or an option is unknown.
    """
    require_plain(equation, (LOWER, UPPER, OPTION, COLUMNS_OPTION))
    limits = _limits(equation)
    design = design_of(sample, equation)
    y = np.clip(sample.outcome, *limits)
    data = Censored(design.scaled, y, limits, y <= limits[0], y >= limits[1])
    _require_uncensored(data, design.terms, equation)
    best = mapped(_maximum(data, design.terms, equation.estimator), bordered(design.back, 1))
    curve = _expectation(float(best.estimate[-1]), limits)
    derived, notes = average_effects(
        sample, equation, design.terms, design.columns, best.estimate[:-1], curve
    )
    constant = data._replace(columns=np.ones((len(y), 1)))
    null = _maximum(constant, design.terms[:1], equation.estimator).log_likelihood
    return fit_of(
        best, (*design.terms, SIGMA), null, dropped=design.dropped, derived=derived,
        notes=(*notes, *_about_censoring(data, sample)), extras=_shares(data),
    )  # fmt: skip


def _limits(equation: Equation) -> tuple[float, float]:
    lower, upper = equation.options.get(LOWER, 0.0), equation.options.get(UPPER, np.inf)
    numbers = all(isinstance(v, int | float) and not np.isnan(v) for v in (lower, upper))
    if not numbers or lower >= upper:
        raise needs(equation, "numbers lower < upper", "数值 lower < upper")
    return float(lower), float(upper)


def _require_uncensored(data: Censored, terms: tuple[str, ...], equation: Equation) -> None:
    needed = len(terms) + 1
    if data.inside.sum() <= needed or np.ptp(data.outcome[data.inside]) == 0.0:
        raise needs(
            equation.estimator, f"more than {needed} uncensored rows, not all the same",
            f"超过 {needed} 个取值不同的未截断观测",
        )  # fmt: skip


def _about_censoring(data: Censored, sample: Sample) -> tuple[str, ...]:
    outside = int((data.outcome != sample.outcome).sum())
    return (
        *([] if (~data.inside).any() else ["no row is censored"]),
        *([f"{outside} rows beyond a limit were set to it"] if outside else []),
    )


def _shares(data: Censored) -> dict[str, float]:
    shares = {"share_censored_lower": data.low, "share_censored_upper": data.high}
    return {"share_censored": float((~data.inside).mean())} | {
        name: float(flags.mean()) for name, flags in shares.items()
    }


# --- the likelihood ---------------------------------------------------------------------------


def _maximum(data: Censored, terms: tuple[str, ...], estimator: str) -> Maximum:
    """Return the maximum in (coefficients of ``data.columns``, sigma), in the outcome's units."""
    middle, spread = data.outcome[data.inside].mean(), data.outcome[data.inside].std()
    lower, upper = ((limit - middle) / spread for limit in data.limits)
    scaled = data._replace(outcome=(data.outcome - middle) / spread, limits=(lower, upper))
    start = np.concatenate([np.zeros(len(terms)), [1.0]])
    olsen = require_maximum(
        maximise(_likelihood(scaled), start), ["", *terms[1:]], estimator,
        lambda: one_sided(data.columns, data.low, data.high),
    )  # fmt: skip
    t = olsen.estimate[-1]
    jacobian = np.eye(len(olsen.estimate)) / t
    jacobian[:-1, -1], jacobian[-1, -1] = -olsen.estimate[:-1] / t**2, -1.0 / t**2
    estimate = np.append(olsen.estimate[:-1], 1.0) / t * spread
    estimate[0] += middle
    value = olsen.log_likelihood - float(data.inside.sum()) * np.log(spread)
    return replace(mapped(olsen, jacobian * spread, estimate), log_likelihood=value)


def _likelihood(data: Censored) -> Likelihood:
    return Likelihood(
        lambda p: _loglike(data, p), lambda p: _scores(data, p), lambda p: _hessian(data, p)
    )


def _standardised(data: Censored, parameters: Array) -> tuple[Array, Array]:
    """Return (n,) z and its (n, k + 1) derivative.

    z = t y - x'g inside and at the lower limit, x'g - t y at the upper: Phi(z) is the chance of
    being beyond the limit.
    """
    sign = np.where(data.high, -1.0, 1.0)
    by = sign[:, None] * np.column_stack([-data.columns, data.outcome])
    return by @ parameters, by


def _loglike(data: Censored, parameters: Array) -> float:
    from scipy.special import log_ndtr

    if parameters[-1] <= 0.0:
        return -np.inf
    z, inside = _standardised(data, parameters)[0], data.inside
    constant = float(inside.sum()) * (np.log(parameters[-1]) - 0.5 * np.log(2.0 * np.pi))
    return float(constant - 0.5 * (z[inside] ** 2).sum() + log_ndtr(z[~inside]).sum())


def _mills(z: Array) -> Array:
    """Return phi(z) / Phi(z)."""
    from scipy.special import log_ndtr

    return np.exp(-0.5 * z**2 - 0.5 * np.log(2.0 * np.pi) - log_ndtr(z))


def _scores(data: Censored, parameters: Array) -> Array:
    z, by = _standardised(data, parameters)
    scores = by * np.where(data.inside, -z, _mills(z))[:, None]
    scores[:, -1] += data.inside / parameters[-1]
    return scores


def _hessian(data: Censored, parameters: Array) -> Array:
    z, by = _standardised(data, parameters)
    mills = _mills(z)
    bent = np.where(data.inside, -1.0, -mills * (z + mills))
    hessian = (by * bent[:, None]).T @ by
    hessian[-1, -1] -= data.inside.sum() / parameters[-1] ** 2
    return hessian


# --- the expected outcome ---------------------------------------------------------------------


def _expectation(sigma: float, limits: tuple[float, float]) -> Callable[[Array], Curve]:
    """Return E[y | x] as a function of z = x'b and sigma (Wooldridge 2010, section 17.2).

    With a = (lower - z) / sigma, c = (upper - z) / sigma: lower Phi(a) + upper (1 - Phi(c))
    + (Phi(c) - Phi(a)) z + sigma (phi(a) - phi(c)); slope Phi(c) - Phi(a).
    """
    from scipy.stats import norm

    def curve(index: Array) -> Curve:
        a, c = ((limit - index) / sigma for limit in limits)
        low, high, pa, pc = norm.cdf(a), norm.sf(c), norm.pdf(a), norm.pdf(c)
        ends = _times(limits[0], low) + _times(limits[1], high)
        slope = norm.cdf(c) - low
        return Curve(
            value=ends + slope * index + sigma * (pa - pc),
            slope=slope,
            curvature=(pa - pc) / sigma,
            tail=(pa - pc)[:, None],
            slope_tail=((_times(a, pa) - _times(c, pc)) / sigma)[:, None],
        )

    return curve


def _times(limit: float | Array, weight: Array) -> Array:
    """Return the product, zero where the limit is infinite and its weight zero."""
    return np.where(weight == 0.0, 0.0, np.where(np.isfinite(limit), limit, 0.0) * weight)
