"""Hurdle counts: a binary model of y > 0, then a count law truncated at zero.

Mullahy 1986, Journal of Econometrics 33: 341-365; Cameron and Trivedi 2013, Regression Analysis of
Count Data, section 4.5. The likelihood falls apart into the two parts. A Poisson model of all
counts is the hurdle model whose zeros too are Poisson's, with the same coefficients in both
parts: twice the difference of log likelihoods tests it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import block_diag
from scipy.stats import chi2

from analysis.effects.about import About
from analysis.effects.distribution.participation import LINKS, fit_binary, link_of
from analysis.effects.distribution.truncated_counts import truncated_likelihood, truncated_mean
from analysis.effects.distribution.two_indices import effects_of_parts, part_of
from analysis.effects.estimators.poisson import fit_scaled
from analysis.effects.estimators.two_part import require_zeros_and_more
from analysis.effects.fit import Fit
from analysis.effects.inference import bootstrap
from analysis.effects.inference.influence import fit_of_influence, influence_of
from analysis.effects.inference.resampling import taken
from analysis.effects.likelihoods.likelihood import (
    Design,
    Maximum,
    bordered,
    design_of,
    mapped,
    maximise,
    require_maximum,
)
from analysis.effects.likelihoods.marginal_effects import COLUMNS_OPTION, OPTION
from analysis.effects.likelihoods.perfect_prediction import one_sided
from analysis.effects.linear_models.linear import require_variation
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.messages import UserError

Array = NDArray[np.float64]
ABOUT = About(
    fits="logit, probit or Poisson hurdle at zero, then a truncated Poisson or negative binomial "
    "count; options: zero, counts, ame",
    needs="whole numbers from 0, some of them 0, treatment or controls",
    reports="coefficients of both parts, average marginal effects on P(y > 0), on E[y | y > 0] "
    "and on E[y], likelihood ratio against Poisson",
)
OPTION_COLUMNS = (COLUMNS_OPTION,)
VCOVS = ("classical", "HC1", "HC0", "cluster", bootstrap.NAME)
ZERO, COUNTS, ALPHA = "zero", "counts", "alpha"
POISSON, DISPERSED = "poisson", "negative_binomial"
NAMES = ("participation", "amount", "combined")


class Positive(NamedTuple):
    """The truncated part: design of its rows, the maximum in (b, alpha), that of Poisson."""

    design: Design
    best: Maximum
    poisson: Maximum
    alpha: float | None


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; options ``zero`` (logit, probit, poisson), ``counts`` (poisson, negative_binomial).

    Components: participation, amount (parameters of the count law before truncation; effects on
    E[y | y > 0]), combined (effects on E[y]). Extras: lr_poisson with degrees of freedom and p,
    the test of Poisson for all counts against the Poisson hurdle; lr_alpha, negative binomial
    against Poisson above zero (its p-value is half that of chi2(1)).

    Raises
    ------
    UserError
        If the outcome is no count, never zero or never above 1, a term predicts perfectly, a
        treatment never varies above zero, counts above zero vary too little for a negative
        binomial, or an option is unknown.
    """
    require_plain(equation, (ZERO, COUNTS, OPTION, COLUMNS_OPTION))
    require_variation(sample)
    link = link_of(equation, ZERO, ("logit", "probit", POISSON))
    law = link_of(equation, COUNTS, (POISSON, DISPERSED))
    positive = _require_counts(sample, equation)
    first = fit_binary(sample, equation, positive.astype(float), link)
    second = _positive(taken(sample, np.flatnonzero(positive)), equation, law)
    terms = second.design.terms
    b = second.best.estimate[: len(terms)]
    derived, notes = effects_of_parts(
        sample, equation, part_of(sample, first.terms, first.estimate, LINKS[link].curve),
        part_of(sample, terms, b, truncated_mean(law, second.alpha)), NAMES,
    )  # fmt: skip
    own = np.zeros((sample.n_obs, len(second.best.estimate)))
    own[positive] = influence_of(second.best.bread, second.best.scores)
    behind = () if second.alpha is None else (ALPHA,)
    return fit_of_influence(
        (*first.terms, *terms, *behind),
        np.concatenate([first.estimate, second.best.estimate]),
        np.hstack([influence_of(first.bread, first.scores), own]),
        classical=block_diag(first.bread, second.best.bread),
        components=(NAMES[0],) * len(first.terms) + (NAMES[1],) * own.shape[1],
        derived=derived,
        dropped=tuple(dict.fromkeys((*first.dropped, *second.design.dropped))),
        notes=notes,
        extras={
            "log_likelihood": float(first.extras["log_likelihood"]) + second.best.log_likelihood,
            "share_positive": float(positive.mean()),
            **_tests(sample, equation, positive, second),
        },
    )


def _require_counts(sample: Sample, equation: Equation) -> NDArray[np.bool_]:
    positive = require_zeros_and_more(sample, equation)
    if (sample.outcome != np.round(sample.outcome)).any():
        raise needs(
            equation, "whole numbers (two_part is for amounts)", "整数计数（金额请用 two_part）"
        )
    if sample.outcome.max() < 2.0:
        raise needs(
            equation, "counts above 1 somewhere (use logit)", "有大于 1 的计数（请用 logit）"
        )
    return positive


# --- the truncated part -----------------------------------------------------------------------


def _positive(above: Sample, equation: Equation, law: str) -> Positive:
    """Fit the counts above zero, Poisson first."""
    design, y = design_of(above, equation), above.outcome
    start = np.zeros(len(design.terms))
    start[0] = np.log(max(y.mean() - 1.0, 0.1))
    poisson = _maximum(y, design, equation, POISSON, start)
    if law == POISSON:
        return Positive(design, mapped(poisson, design.back), poisson, None)
    m = np.exp(design.scaled @ poisson.estimate)
    # twice the derivative by alpha at alpha = 0: below zero the maximum is Poisson's
    excess = float(((y - m) ** 2 - y + m**2 / np.expm1(m)).sum())
    if excess <= 0.0:
        raise needs(
            equation, "counts above zero that vary more than Poisson's (use counts = poisson)",
            "正计数的离散程度大于泊松分布（请用 counts = poisson）",
        )  # fmt: skip
    begin = np.append(poisson.estimate, np.log(max(excess / float((m**2).sum()), 1e-3)))
    found = _maximum(y, design, equation, DISPERSED, begin)
    alpha = float(np.exp(found.estimate[-1]))
    jacobian = bordered(design.back, 1)
    jacobian[-1, -1] = alpha
    estimate = np.append(design.back @ found.estimate[:-1], alpha)
    return Positive(design, mapped(found, jacobian, estimate), poisson, alpha)


def _maximum(y: Array, design: Design, equation: Equation, law: str, start: Array) -> Maximum:
    """Return the maximum; a term may predict that counts are all 1, the least there is."""
    return require_maximum(
        maximise(truncated_likelihood(y, design.scaled, law), start),
        ["", *design.terms[1:]], equation.estimator,
        lambda: one_sided(design.scaled, y == 1.0, np.zeros(len(y), dtype=bool)),
    )  # fmt: skip


def _tests(
    sample: Sample, equation: Equation, positive: NDArray[np.bool_], second: Positive
) -> dict[str, float]:
    """Return the likelihood ratios; none against Poisson where its zeros have no maximum."""
    found = {}
    if second.alpha is not None:
        found["lr_alpha"] = 2.0 * (second.best.log_likelihood - second.poisson.log_likelihood)
    design = design_of(sample, equation)
    try:
        zeros = fit_binary(sample, equation, positive.astype(float), POISSON)
    except UserError:
        return found
    plain = fit_scaled(sample.outcome, design, np.ones(sample.n_obs), equation.estimator)
    both = float(zeros.extras["log_likelihood"]) + second.poisson.log_likelihood
    ratio, df = max(2.0 * (both - plain.log_likelihood), 0.0), len(second.design.terms)
    return {
        **found,
        "lr_poisson": ratio,
        "lr_poisson_df": df,
        "lr_poisson_p": float(chi2.sf(ratio, df)),
    }
