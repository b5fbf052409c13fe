"""Seemingly unrelated regressions of several outcomes on the same regressors.

y_j = X b_j + e_j, E(e_j e_l') = s_jl I. With the same regressors generalised least squares is
least squares, equation by equation (Zellner 1962, JASA 57: 348-368; Wooldridge 2010, th. 7.6);
what the system adds is the covariance across equations, and so tests that effects are equal.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.effects.about import About
from analysis.effects.expressions import unknown
from analysis.effects.fit import Derived, Fit
from analysis.effects.inference.covariance import covariance
from analysis.effects.instrumental.partialled import wald
from analysis.effects.linear_models.absorbed_levels import levels_of, parameters_of
from analysis.effects.linear_models.absorption import without_effects
from analysis.effects.linear_models.linear import fit_linear, require_variation
from analysis.effects.refusals import needs
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]
NAME = "sur"
OPTION_COLUMNS = ("also",)
USES = ("absorb",)
ABOUT = About(
    fits="seemingly unrelated regressions with the same regressors; options: also = [outcomes]",
    needs="outcome, also, treatment or controls",
    reports="coefficients of every outcome, differences of effects, tests of equal effects and "
    "of uncorrelated errors",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it: terms of the first outcome by their names, of others as ``outcome: term``.

    Classical covariance S (x) (X'X)^-1, S = E'E / (n - k). A treatment's difference between each
    further outcome and the first is a derived row, ``component`` saying which.

    Raises
    ------
    UserError
        If ``also`` is absent, several outcomes are named elsewhere, or an option is unknown.
    """
    outcomes = _outcomes(sample, equation)
    require_variation(sample)
    fits = _equation_by_equation(sample, equation)
    if len(outcomes) != len(fits):
        raise needs(
            NAME, f"one column for each outcome in {OPTION_COLUMNS[0]}", "also 每个结果一列"
        )
    first, n = fits[0], sample.n_obs
    errors = _errors(fits)
    system = errors.T @ errors / first.df_resid
    whole = Fit(
        terms=tuple(_name(o, t, outcomes) for o in outcomes for t in first.terms),
        estimate=np.concatenate([one.estimate for one in fits]),
        bread=np.asarray(np.kron(np.eye(len(fits)), first.bread), dtype=np.float64),
        scores=np.hstack([one.scores for one in fits]),
        classical=np.asarray(np.kron(system, first.bread), dtype=np.float64),
        df_resid=first.df_resid,
        r2=first.r2,
        nested_levels=first.nested_levels,
        dropped=first.dropped,
        fixed_effects=", ".join(first.nested_levels),
    )
    shared = [term for term in sample.treatments if term in first.terms]
    extras = {
        **_correlations(errors, outcomes, n),
        **_equality(whole, shared, len(fits), sample, equation),
        **{f"r2[{o}]": one.r2 for o, one in zip(outcomes[1:], fits[1:], strict=True)},
    }
    return replace(whole, extras=extras, derived=_differences(whole, shared, outcomes))


def _outcomes(sample: Sample, equation: Equation) -> list[str]:
    for key in equation.options:
        if key not in OPTION_COLUMNS:
            raise unknown("option", key, list(OPTION_COLUMNS))
    if sample.others.shape[1] == 0:
        raise needs(NAME, "also = [further outcomes]", "also = [其他结果变量]")
    if len(equation.outcomes) != 1:
        raise needs(NAME, "one outcome, the others in also", "一个 outcome，其余写入 also")
    also = equation.options["also"]
    return [equation.outcomes[0], *([also] if isinstance(also, str) else map(str, also))]


def _equation_by_equation(sample: Sample, equation: Equation) -> list[Fit]:
    outcomes = np.column_stack([sample.outcome, sample.others.to_numpy(float)])
    design = sample.regressors.to_numpy(float)
    absorbed = sample.absorbed.shape[1] > 0
    if absorbed:
        both = without_effects(np.hstack([outcomes, design]), sample.absorbed, sample.weights)
        outcomes, design = np.hsplit(both, [outcomes.shape[1]])
    return [
        fit_linear(
            list(sample.regressors), design, outcome, constant=not absorbed,
            weights=sample.weights, absorbed_levels=parameters_of(sample.absorbed),
            nested_levels=levels_of(sample.absorbed), equation=equation.id,
        )
        for outcome in outcomes.T
    ]  # fmt: skip


def _errors(fits: Sequence[Fit]) -> Array:
    """Return the (n, m) residuals."""
    linear = [(one.linear, one.estimate) for one in fits]
    return np.column_stack([x.response - x.design @ b for x, b in linear if x is not None])


def _name(outcome: str, term: str, outcomes: Sequence[str]) -> str:
    return term if outcome == outcomes[0] else f"{outcome}: {term}"


def _correlations(errors: Array, outcomes: Sequence[str], n: int) -> dict[str, Any]:
    """Return the errors' correlations and n sum r^2, chi-squared (Breusch and Pagan 1980)."""
    products = errors.T @ errors
    r = products / np.sqrt(np.outer(np.diag(products), np.diag(products)))
    pairs = [(i, j) for i in range(len(outcomes)) for j in range(i)]
    value = n * sum(float(r[i, j]) ** 2 for i, j in pairs)
    return {
        **{f"error_correlation[{outcomes[j]}, {outcomes[i]}]": float(r[i, j]) for i, j in pairs},
        "breusch_pagan": value,
        "breusch_pagan_df": len(pairs),
        "breusch_pagan_p": float(stats.chi2.sf(value, len(pairs))),
    }


def _positions(whole: Fit, term: str, m: int) -> list[int]:
    k = len(whole.terms) // m
    return [whole.terms.index(term) + j * k for j in range(m)]


def _equality(
    whole: Fit, shared: Sequence[str], m: int, sample: Sample, equation: Equation
) -> dict[str, Any]:
    """Return F(m - 1, df) and p of "the effect is the same on every outcome", under the vcov.

    Left out where clusters are fewer than the m - 1 contrasts.
    """
    cov = covariance(whole, equation.vcov, sample.clusters)
    found: dict[str, Any] = {}
    for term in shared:
        at = _positions(whole, term, m)
        contrast = np.zeros((m - 1, len(whole.terms)))
        contrast[np.arange(m - 1), at[1:]] = 1.0
        contrast[:, at[0]] = -1.0
        gap = contrast @ whole.estimate
        f = wald(gap, contrast @ cov.matrix @ contrast.T) / (m - 1)
        p = float(stats.f.sf(f, m - 1, cov.cov_df))
        found |= {f"equality_f[{term}]": f, f"equality_p[{term}]": p}
    return {key: value for key, value in found.items() if value == value}


def _differences(whole: Fit, shared: Sequence[str], outcomes: Sequence[str]) -> tuple[Derived, ...]:
    rows = []
    for term in shared:
        at = _positions(whole, term, len(outcomes))
        for outcome, position in zip(outcomes[1:], at[1:], strict=True):
            gradient = np.zeros(len(whole.terms))
            gradient[position], gradient[at[0]] = 1.0, -1.0
            value = float(gradient @ whole.estimate)
            about = f"{outcome} less {outcomes[0]}"
            rows.append(Derived(term, value, gradient, quantity="coefficient", component=about))
    return tuple(rows)
