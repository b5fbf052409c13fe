"""How strong must an omitted variable be to take the estimate away? (Cinelli and Hazlett 2020.)

Journal of the Royal Statistical Society B 82: 39-67: robustness values, the treatment's partial R2,
and bounds by comparison with controls. Formulas in sensitivity/omitted_variable.py. They are those
of least squares with equal variances, whatever the equation's covariance.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import stats

from analysis.effects.about import About
from analysis.effects.decomposition.named_groups import groups_of
from analysis.effects.estimates import Fitted
from analysis.effects.findings import Asked, Finding
from analysis.effects.sensitivity.least_squares_of import (
    LeastSquares,
    least_squares_of,
    rest_of,
    square,
    terms_asked,
)
from analysis.effects.sensitivity.omitted_variable import (
    Bound,
    Estimate,
    adjusted,
    benchmark,
    robustness_value,
)

ALPHA, Q = 0.05, 1.0
GRID = 21
OPTIONS = ("q", "alpha", "benchmarks", "kd", "ky", "contour", "contour_to", "away")
ABOUT = About(
    fits="robustness of the treatment's coefficient to omitted variables",
    needs="least squares; options q (1), alpha (0.05), benchmarks (controls, or {name = [terms]}), "
    "kd ([1, 2, 3]), ky (as kd), contour (false), contour_to, away (false: towards zero)",
    reports="RV_q, RV_q,alpha, partial R2; by benchmark r_d, r_y and estimate, error, t with it",
)


def find(asked: Asked) -> list[Finding]:
    """Return rows rv, rv_alpha, partial_r2 and one a benchmark and strength.

    A benchmark's row is the estimate as it would be with a variable ``kd`` times as strong with the
    treatment, ``ky`` times with the outcome, as the benchmark: the worst case under that bound.
    ``contour`` = true puts a grid of adjusted estimates and t values into the extras.

    Raises
    ------
    UserError
        If the equation is not least squares, a benchmark is no control, or an option is not of its
        kind.
    """
    asked.require(*OPTIONS)
    q, alpha = asked.number("q", Q, 1e-9), asked.number("alpha", ALPHA, 1e-9, 0.9999)
    return [
        finding
        for fitted in asked.fitted
        for term in asked.terms()
        for finding in _findings(asked, fitted, term, q, alpha)
    ]


def _findings(asked: Asked, fitted: Fitted, term: str, q: float, alpha: float) -> list[Finding]:
    problem = least_squares_of(asked, fitted)
    estimate = _estimate(asked, problem, term)
    note = "" if fitted.equation.vcov == "classical" else (
        f"formulas of equal variances: errors are classical, not {fitted.equation.vcov}"
    )  # fmt: skip
    about = {"q": q, "alpha": alpha, "df": float(estimate.df), "classical_se": estimate.error,
             "f": estimate.f}  # fmt: skip
    about |= _contour(asked, estimate, alpha)
    numbers = {
        "rv": robustness_value(estimate, q),
        "rv_alpha": robustness_value(estimate, q, alpha),
        "partial_r2": estimate.partial_r2,
    }
    rows = [
        Finding(term, value, detail=name, outcome=fitted.outcome, note=note,
                extras=about if name == "rv" else {})
        for name, value in numbers.items()
    ]  # fmt: skip
    return [*rows, *_benchmark_rows(asked, problem, term, estimate, alpha, note)]


def _estimate(asked: Asked, problem: LeastSquares, term: str) -> Estimate:
    j, fit = problem.terms.index(term), problem.fit
    error = float(np.sqrt(fit.classical[j, j]))
    if not error > 0.0 or fit.df_resid < 3:
        raise asked.needs(
            "residuals that are not all zero, and 3 degrees of freedom or more",
            "不全为零的残差，且自由度不少于 3",
        )
    return Estimate(float(fit.estimate[j]), error, fit.df_resid)


# --- benchmarks -------------------------------------------------------------------------------


def _benchmark_rows(
    asked: Asked, problem: LeastSquares, term: str, estimate: Estimate, alpha: float, note: str
) -> list[Finding]:
    multiples = _multiples(asked)
    rows = []
    for name, columns in _benchmarks(asked, problem).items():
        r_dx, r_yx = _partial_r2(problem, term, columns)
        strength = {"r2_treatment_benchmark": r_dx, "r2_outcome_benchmark": r_yx}
        for k_d, k_y in multiples:
            detail = f"{k_d:g}x {name}" if k_d == k_y else f"{k_d:g}x/{k_y:g}x {name}"
            bound = benchmark(r_dx, r_yx, k_d, k_y)
            about = {**strength, "kd": k_d, "ky": k_y}
            rows.append(
                _bound_row(asked, problem, term, estimate, alpha, detail, bound, about, note)
            )
    return rows


def _bound_row(
    asked: Asked,
    problem: LeastSquares,
    term: str,
    estimate: Estimate,
    alpha: float,
    detail: str,
    bound: Bound | None,
    about: Mapping[str, Any],
    note: str,
) -> Finding:
    outcome = problem.fitted.outcome
    if bound is None:
        reason = "impossible: nothing can be that much stronger with the treatment"
        return Finding(term, None, "coefficient", detail, outcome, extras=about, note=reason)
    away = asked.options.get("away", False)
    if not isinstance(away, bool):
        raise asked.needs("away = true or false", "away 为 true 或 false")
    extras = {**about, "r2_treatment": bound.r_d, "r2_outcome": bound.r_y}
    found = adjusted(estimate, bound.r_d, bound.r_y, reduce=not away)
    notes = [note, "r2_outcome set to 1: the bound says more" if bound.reached else ""]
    text = "; ".join(one for one in notes if one)
    if not found.error > 0.0:
        return Finding(term, found.value, "coefficient", detail, outcome, extras=extras, note=text)
    statistic = found.value / found.error
    reach = float(stats.t.ppf(1.0 - alpha / 2.0, found.df)) * found.error
    return Finding(
        term, found.value, "coefficient", detail, outcome, std_error=found.error,
        statistic=statistic, p_value=float(2.0 * stats.t.sf(abs(statistic), found.df)),
        ci_low=found.value - reach, ci_high=found.value + reach, extras=extras, note=text,
    )  # fmt: skip


def _multiples(asked: Asked) -> list[tuple[float, float]]:
    """Return the pairs of kd and ky, ky as kd where it is not given."""
    k_d = _numbers(asked, "kd", [1, 2, 3])
    k_y = _numbers(asked, "ky", k_d)
    if len(k_y) != len(k_d):
        raise asked.needs("as many ky as kd", "ky 与 kd 的个数相同")
    return list(zip(k_d, k_y, strict=True))


def _numbers(asked: Asked, option: str, absent: list[Any]) -> list[float]:
    value = asked.options.get(option, absent)
    listed = value if isinstance(value, list) else [value]
    plain = all(isinstance(k, int | float) and not isinstance(k, bool) and k > 0 for k in listed)
    if not listed or not plain:
        raise asked.needs(f"{option} = numbers above zero", f"{option} 为正数")
    return [float(k) for k in listed]


def _benchmarks(asked: Asked, problem: LeastSquares) -> dict[str, list[str]]:
    """Return the columns of each benchmark: of a term (all dummies of a C(x)), or a named group."""
    value = asked.options.get("benchmarks", [])
    if isinstance(value, Mapping):
        named = groups_of(value, problem.terms)
        if named is None:
            raise asked.needs("benchmarks = {name = [terms]}", "benchmarks = {名称 = [变量]}")
        return {
            name: terms_asked(asked, "benchmarks", problem, terms) for name, terms in named.items()
        }
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list):
        raise asked.needs("benchmarks = [terms]", "benchmarks = [变量]")
    return {str(term): terms_asked(asked, "benchmarks", problem, [term]) for term in listed}


def _partial_r2(problem: LeastSquares, term: str, columns: list[str]) -> tuple[float, float]:
    """Return the benchmark's partial R2 with the treatment, and with the outcome beside it."""
    others = [name for name in problem.terms if name not in (term, *columns)]
    both = np.column_stack([problem.of([term]), problem.response])
    d, y = rest_of(both, problem.of(others)).T
    own = rest_of(problem.of(columns), problem.of(others))
    d_within = rest_of(d[:, None], own)[:, 0]
    y_beside = rest_of(y[:, None], d[:, None])[:, 0]
    y_within = rest_of(y[:, None], np.column_stack([d, own]))[:, 0]
    return 1.0 - square(d_within) / square(d), 1.0 - square(y_within) / square(y_beside)


# --- contours ---------------------------------------------------------------------------------


def _contour(asked: Asked, estimate: Estimate, alpha: float) -> dict[str, Any]:
    """Return a grid of strengths with the adjusted estimates and t values, where asked for."""
    contour = asked.options.get("contour", False)
    if not isinstance(contour, bool):
        raise asked.needs("contour = true or false", "contour 为 true 或 false")
    if not contour:
        return {}
    top = asked.number("contour_to", min(0.4, 3.0 * robustness_value(estimate, 1.0)), 1e-6, 0.9999)
    at = np.linspace(0.0, top, GRID)
    found = [[adjusted(estimate, r_d, r_y) for r_d in at] for r_y in at]
    return {
        "contour_r2": [float(f"{r:.6g}") for r in at],
        "contour_estimate": [[float(f"{one.value:.6g}") for one in row] for row in found],
        "contour_t": [[float(f"{one.value / one.error:.6g}") for one in row] for row in found],
        "contour_critical_t": float(stats.t.ppf(1.0 - alpha / 2.0, estimate.df - 1.0)),
    }
