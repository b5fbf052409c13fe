"""Random effects by GLS: y_it = a + x_it'b + u_i + e_it (Wooldridge 2010, section 10.4).

Beside it Hausman's test of its assumption, for fixed effects that ask for it.
"""

from typing import Any

import numpy as np

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.linear_models.linear import require_variation
from analysis.effects.linear_models.panel import (
    Codes,
    entities,
    fit_random_effects,
    means_of,
    nothing_left,
    shape_of,
    with_extras,
)
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

ABOUT = About(
    fits="random-effects GLS with the variance components of Swamy and Arora",
    needs="entity, outcome, treatment or controls",
    reports="coefficients, R2 of the transformed rows, theta, sigma_u, sigma_e, switchers",
)
# the smallest eigenvalue of V_FE - V_RE, in units of V_FE, that counts as positive
POSITIVE = 1e-10


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it, balanced or not.

    Raises
    ------
    UserError
        If the study names no entity, the treatment never varies, or rows or entities are too few.
    """
    require_plain(equation)
    codes = entities(sample, equation)
    require_variation(sample)
    found = fit_random_effects(sample, sample.regressors, codes, equation)
    return with_extras(found, shape_of(sample, codes))


# --- Hausman's test ---------------------------------------------------------------------------


def with_hausman(fixed: Fit, sample: Sample, equation: Equation) -> Fit:
    """Add Hausman's test of the terms whose entity means differ to a fixed-effects fit.

    What is the same for all entities in a period (year dummies of a balanced panel) has no part
    in it: neither estimator uses differences between entities there (Wooldridge 2010, section
    10.7.3).

    Raises
    ------
    UserError
        If the fit absorbs anything but the entities.
    """
    codes = entities(sample, equation)
    entity = str(sample.entity.name)  # type: ignore[union-attr]
    if fixed.fixed_effects != entity:
        english = f'absorb = ["{entity}"] alone for its option hausman'
        raise needs(
            equation.estimator, english, f'hausman 检验只吸收个体效应（absorb = ["{entity}"]）'
        )
    random = fit_random_effects(sample, sample.regressors, codes, equation)
    terms = [t for t in fixed.terms if t in random.terms and _differs(sample, t, codes)]
    if not terms:
        return with_extras(fixed, {}, ["no Hausman test: no term differs between entities"])
    numbers, notes = hausman(fixed, random, terms)
    return with_extras(fixed, numbers, notes)


def _differs(sample: Sample, term: str, codes: Codes) -> bool:
    means = means_of(sample.regressors[[term]].to_numpy(float), codes)
    return not nothing_left(means - means.mean(), means)[0]


def hausman(fixed: Fit, random: Fit, terms: list[str]) -> tuple[dict[str, Any], list[str]]:
    """Return H = (b_FE - b_RE)' [V_FE - V_RE]^-1 (b_FE - b_RE), its df, p value and notes.

    Hausman 1978, Econometrica 46: 1251-1271; both V classical. Chi-squared only where the
    difference is positive definite; elsewhere the p value is left out, with a note.
    """
    from scipy.stats import chi2

    one, other = ([f.terms.index(term) for term in terms] for f in (fixed, random))
    difference = fixed.estimate[one] - random.estimate[other]
    spread = fixed.classical[np.ix_(one, one)] - random.classical[np.ix_(other, other)]
    size = np.sqrt(np.diag(fixed.classical)[one])
    scaled, z = spread / np.outer(size, size), difference / size
    df = len(terms)
    if float(np.linalg.eigvalsh(scaled)[0]) <= POSITIVE:
        note = "V_FE - V_RE is not positive definite: no p value of Hausman's statistic"
        statistic = float(z @ np.linalg.pinv(scaled, hermitian=True) @ z)
        numbers: dict[str, Any] = {"hausman": statistic, "hausman_df": df}
        return numbers, [f"{note}; correlated_random_effects tests the same"]
    statistic = float(z @ np.linalg.solve(scaled, z))
    numbers = {"hausman": statistic, "hausman_df": df}
    return {**numbers, "hausman_p": float(chi2.sf(statistic, df))}, []
