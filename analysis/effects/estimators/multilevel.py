"""Multilevel models: workers in firms in cities, y = x'b + z'u_city + z'u_firm + e, by REML or ML.

The profiled (restricted) likelihood of nested random effects is maximised by Newton's method on
cross-products by group (levels/likelihood.py; Bates, Maechler, Bolker and Walker 2015, Journal of
Statistical Software 67(1)). Products of terms in controls make cross-level interactions.
"""

import numpy as np

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.inference import bootstrap
from analysis.effects.levels.design import Asked, asked_of
from analysis.effects.levels.errors import bread_of, scores_of
from analysis.effects.levels.estimation import maximum_of
from analysis.effects.levels.report import extras_of, notes_of, shares, variances
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

OPTION_GROUPS = ("levels",)
VCOVS = ("classical", "cluster", bootstrap.NAME)
ABOUT = About(
    fits="random effects of nested levels by restricted or full maximum likelihood",
    needs="options.levels, outermost first; optional random_slopes, covariance, method",
    reports="coefficients, variances and shares by level, ICC, LR test against none, R2",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it.

    Options: ``levels`` (columns, outermost first; groups are told apart within those around
    them), ``random_slopes`` ({level = [terms]}, terms of the equation), ``covariance``
    (unstructured or diagonal), ``method`` (reml or ml). Under ``cluster`` the sandwich sums scores
    over clusters that hold whole groups of the outermost level (Cameron and Miller 2015, Journal
    of Human Resources 50: 317-372, section II.D). ``material`` holds predicted effects by level.

    Raises
    ------
    UserError
        If the levels cannot be told apart, clusters cut across them, an option or weights are
        refused, or the likelihood has no maximum.
    """
    asked = asked_of(sample, equation)
    maximum, products = maximum_of(asked)
    coefficients = asked.least_squares + asked.root @ maximum.at.coefficients
    p = len(coefficients)
    keys, values, change = variances(asked, maximum)
    bread, definite = bread_of(asked, products, maximum)
    scores, effects = scores_of(asked, maximum)
    whole = np.block(
        [[np.eye(p), np.zeros((p, len(values)))], [np.zeros((len(values), p)), change]]
    )
    bread = whole @ bread @ whole.T
    return Fit(
        terms=(*asked.design.terms, *(term for term, _ in keys)),
        estimate=np.concatenate([coefficients, values]),
        bread=bread,
        scores=scores @ np.linalg.inv(whole),
        classical=bread,
        df_resid=asked.n - p,
        distribution="normal",
        components=("",) * p + tuple(component for _, component in keys),
        quantities=("coefficient",) * p + ("variance",) * len(keys),
        derived=shares(asked, values, p),
        dropped=asked.design.dropped,
        notes=notes_of(asked, maximum, definite),
        extras=extras_of(asked, maximum, coefficients, values, effects),
        material={"effects": _by_group(asked, sample, effects)},
    )


def _by_group(asked: Asked, sample: Sample, effects: tuple) -> dict[str, tuple]:
    """Return, by level, (first row of each group in the sample, (G, q) predicted effects)."""
    found = {}
    for level, effect in zip(asked.levels, effects, strict=True):
        starts = np.flatnonzero(np.diff(level.codes, prepend=-1))
        found[level.name] = (asked.order[starts], effect)
    return found
