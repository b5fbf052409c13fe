"""Correlated random effects: y_it = a + x_it'b + xbar_i'c + z_i'd + u_i + e_it.

Mundlak (1978, Econometrica 46: 69-85); Wooldridge 2010, section 10.7.3. b is the fixed-effects
estimate; c = 0 is the hypothesis that random effects are uncorrelated with the regressors, tested
with whatever covariance the equation asks for (Hausman's test holds for the classical one only).
"""

from typing import Any

import numpy as np
import pandas as pd

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.inference.covariance import covariance
from analysis.effects.linear_models.linear import require_variation
from analysis.effects.linear_models.panel import (
    Codes,
    entities,
    fit_random_effects,
    means_of,
    nothing_left,
    shape_of,
    with_extras,
    within,
)
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

ABOUT = About(
    fits="random effects with the entity means of the time-varying terms added (Mundlak)",
    needs="entity, outcome, treatment or controls of which some vary within entities",
    reports="coefficients, those of mean(x), Wald test of the means, theta, sigma_u, sigma_e",
)
SINGULAR = 1e-12


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; means are taken over the rows of the sample.

    Raises
    ------
    UserError
        If the study names no entity, the treatment never varies, no term varies both within and
        between entities, or rows or entities are too few.
    """
    require_plain(equation)
    codes = entities(sample, equation)
    require_variation(sample)
    means = entity_means(sample.regressors, codes)
    if means.shape[1] == 0:
        english = "a term that varies both within and between entities"
        raise needs(equation, english, "至少一个在个体内和个体间都有变化的变量")
    regressors = pd.concat([sample.regressors, means], axis=1)
    found = fit_random_effects(sample, regressors, codes, equation)
    test, notes = wald(found, list(means), equation.vcov, sample.clusters)
    return with_extras(found, {**shape_of(sample, codes), **test}, notes)


def entity_means(regressors: pd.DataFrame, codes: Codes) -> pd.DataFrame:
    """Return mean(x) by row for the terms that vary within entities, and whose means vary.

    The means of year dummies in a balanced panel are the same for all: they are left out.
    """
    columns = regressors.to_numpy(float)
    means = means_of(columns, codes)[codes]
    inside = (within(columns, codes) != 0.0).any(axis=0)
    across = ~nothing_left(means - means.mean(axis=0), means)
    return pd.DataFrame(
        {
            f"mean({name})": means[:, j]
            for j, name in enumerate(regressors)
            if inside[j] and across[j]
        }
    )


def wald(
    fit: Fit, names: list[str], vcov: str, clusters: pd.DataFrame
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return c'V^-1 c, its degrees of freedom and p value (chi-squared), or a note why not."""
    from scipy.stats import chi2

    at = [j for j, term in enumerate(fit.terms) if term in names]
    matrix = covariance(fit, vcov, clusters).matrix[np.ix_(at, at)]
    size = np.sqrt(np.clip(np.diag(matrix), 0.0, None))
    if not at or not (size > 0.0).all():
        return {}, ("no Wald test of the means: no coefficient has a variance",)
    scaled = matrix / np.outer(size, size)
    if np.linalg.eigvalsh(scaled)[0] < SINGULAR * len(at):
        return {}, ("no Wald test of the means: their covariance is singular",)
    z = fit.estimate[at] / size
    statistic = float(z @ np.linalg.solve(scaled, z))
    numbers = {"wald_chi2": statistic, "wald_df": len(at)}
    return {**numbers, "wald_p": float(chi2.sf(statistic, len(at)))}, ()
