"""A fitted equation to rows of the estimates contract (design: reports/results/estimates.csv)."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import stats

from analysis.effects.fit import Fit
from analysis.effects.inference import bootstrap
from analysis.effects.inference.covariance import Covariance, covariance
from analysis.effects.sample import Sample
from analysis.effects.study import Equation, Study

if TYPE_CHECKING:
    from analysis.effects.findings import Finding

COLUMNS = [
    "study", "equation", "sample", "data_kind", "outcome", "term", "estimator", "estimate",
    "std_error", "statistic", "p_value", "ci_low", "ci_high", "n_obs", "n_clusters", "vcov", "r2",
    "extras", "quantity", "unit", "outcome_mean", "outcome_sd", "weights", "fixed_effects",
    "n_treated", "n_dropped", "cov_df", "contrast", "block", "column", "component", "note",
]  # fmt: skip
NO_CONTRAST = "contrast not stated"
LEVEL = 0.95
RATIOS = ("odds_ratio", "irr")
# quantities that need not have a standard error
WITHOUT_ERROR = ("test", "share")
# columns of a row that come from a finding as they are
FOUND = ("term", "estimate", "quantity", "std_error", "statistic", "p_value", "ci_low", "ci_high")


@dataclass(frozen=True)
class Fitted:
    """One equation and outcome: what was asked, the rows used, the fit and its covariance."""

    study: Study
    equation: Equation
    outcome: str
    sample: Sample
    fit: Fit
    covariance: Covariance


def with_covariance(
    study: Study,
    equation: Equation,
    outcome: str,
    sample: Sample,
    fit: Fit,
    refit: Callable[[Sample, Equation], Fit],
) -> Fitted:
    """Put the covariance that the equation asks for beside its fit; a bootstrap fits it again."""
    if equation.vcov == bootstrap.NAME:
        matrix, units, note = bootstrap.bootstrap_covariance(fit, sample, equation, refit)
        groups = units if sample.clusters.shape[1] else None
        found = Covariance(matrix, np.inf, groups, notes=(note,))
    else:
        treatments = [*sample.treatments, *equation.endogenous]
        found = covariance(fit, equation.vcov, sample.clusters, treatments)
    return Fitted(study, equation, outcome, sample, fit, found)


def rows_of(fitted: Fitted) -> pd.DataFrame:
    """Return one row a term, then the derived quantities, then the terms that were set aside."""
    matrix, common = fitted.covariance.matrix, _common(fitted)
    rows = coefficients_of(fitted, common)
    for derived in fitted.fit.derived:
        variance = float(derived.gradient @ matrix @ derived.gradient)
        numbers = _numbers(fitted, derived.term, derived.value, variance, derived.quantity)
        about = {"quantity": derived.quantity, "component": derived.component}
        rows.append({**common, **numbers, **about})
    for term in fitted.fit.dropped:
        rows.append({**common, "term": term, "note": _join(common["note"], "collinear: set aside")})
    return pd.DataFrame(rows, columns=COLUMNS)


def coefficients_of(
    fitted: Fitted, common: Mapping[str, Any] = MappingProxyType({})
) -> list[dict[str, Any]]:
    """Return each coefficient's term, component, quantity and numbers, beside what is common."""
    matrix, fit = fitted.covariance.matrix, fitted.fit
    components = fit.components or ("",) * len(fit.terms)
    quantities = fit.quantities or ("coefficient",) * len(fit.terms)
    named = zip(fit.terms, fit.estimate, components, quantities, strict=True)
    return [
        {
            **common,
            **_numbers(fitted, term, estimate, matrix[j, j], quantity),
            **({"p_value": fit.p_values[j]} if j in fit.p_values else {}),
            "component": component,
            "quantity": quantity,
        }
        for j, (term, estimate, component, quantity) in enumerate(named)
    ]


def rows_of_findings(
    tool: str, fitted: Sequence[Fitted], findings: Sequence["Finding"]
) -> pd.DataFrame:
    """Return one row a finding: the equation's own columns, the tool's name in ``component``."""
    common = {one.outcome: _common(one) for one in fitted}
    rows = [
        {
            **common[found.outcome or fitted[0].outcome],
            **{name: getattr(found, name) for name in FOUND},
            "component": f"{tool}:{found.detail}" if found.detail else tool,
            "extras": json.dumps(dict(found.extras), sort_keys=True) if found.extras else "",
            "note": found.note,
        }
        for found in findings
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _common(fitted: Fitted) -> dict[str, Any]:
    equation, sample, fit = fitted.equation, fitted.sample, fitted.fit
    return {
        "study": fitted.study.id,
        "equation": equation.id,
        "sample": equation.where or "all",
        "data_kind": fitted.study.data_kind,
        "outcome": fitted.outcome,
        "estimator": equation.estimator,
        "n_obs": sample.n_obs,
        "n_clusters": fitted.covariance.n_clusters,
        "vcov": equation.vcov,
        "r2": fit.r2,
        "extras": json.dumps(dict(fit.extras), sort_keys=True) if fit.extras else "",
        "quantity": "coefficient",
        "unit": equation.unit,
        "outcome_mean": float(np.nanmean(sample.outcome)),
        "outcome_sd": float(np.nanstd(sample.outcome, ddof=1)) if sample.n_obs > 1 else None,
        "weights": equation.weights,
        "fixed_effects": fit.fixed_effects,
        "n_treated": _treated(sample),
        "n_dropped": sample.counts[-2][1] - sample.n_obs,
        "cov_df": _finite(fitted.covariance.cov_df) if fit.distribution == "t" else None,
        "contrast": equation.contrast,
        "component": "",
        "note": _join(
            _contrast_note(equation),
            *sample.notes, *fit.notes, *fitted.covariance.notes,
        ),
    }  # fmt: skip


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _contrast_note(equation: Equation) -> str:
    """Name the contrast of a treatment, or say that it is not stated."""
    if not equation.treatments and not equation.contrast:
        return ""
    return f"contrast {equation.contrast}" if equation.contrast else NO_CONTRAST


def _join(*notes: str) -> str:
    return "; ".join(dict.fromkeys(note for note in notes if note))


def _treated(sample: Sample) -> int | None:
    """Return how many rows are treated, where the first treatment is 0 or 1."""
    if not sample.treatments or sample.treatments[0] not in sample.regressors:
        return None
    values = sample.regressors[sample.treatments[0]].to_numpy()
    return int(values.sum()) if ((values == 0.0) | (values == 1.0)).all() else None


def _inference(estimate: float, error: float, law: Any, is_ratio: bool) -> dict[str, Any]:
    """Return error, statistic, p and interval; those of a ratio are worked out on its logarithm."""
    center, spread = (np.log(estimate), error / estimate) if is_ratio else (estimate, error)
    statistic = float(center / spread)
    ends = center + np.array([-1.0, 1.0]) * law.ppf(0.5 + LEVEL / 2.0) * spread
    low, high = np.exp(ends) if is_ratio else ends
    return {
        "std_error": error,
        "statistic": statistic,
        "p_value": float(2.0 * law.sf(abs(statistic))),
        "ci_low": float(low),
        "ci_high": float(high),
    }


def _numbers(
    fitted: Fitted, term: str, estimate: float, variance: float, quantity: str
) -> Mapping[str, Any]:
    numbers: dict[str, Any] = {"term": term, "estimate": float(estimate)}
    if not variance > 0.0:
        if quantity in WITHOUT_ERROR:
            return numbers
        reason = "no standard error: the variance is not positive"
        return numbers | {"note": _join(_common(fitted)["note"], reason)}
    is_ratio = quantity in RATIOS
    numbers |= _inference(float(estimate), float(np.sqrt(variance)), law_of(fitted), is_ratio)
    if term in fitted.covariance.bootstrap and fitted.fit.terms.count(term):
        p_value, low, high = fitted.covariance.bootstrap[term]
        numbers |= {"p_value": p_value, "ci_low": low, "ci_high": high}
    return numbers


def law_of(fitted: Fitted) -> Any:
    """Return the law of the statistics: t with the covariance's degrees of freedom, or normal."""
    if fitted.fit.distribution == "normal" or not np.isfinite(fitted.covariance.cov_df):
        return stats.norm
    return _t(max(float(fitted.covariance.cov_df), 1.0))


@lru_cache(maxsize=64)
def _t(df: float) -> Any:
    return stats.t(df)


def readable(rows: pd.DataFrame, counts: Sequence[tuple[str, int]]) -> str:
    """Return one equation's rows as a table to read, its note beneath."""
    lines = [f"{'':32} {'estimate':>12} {'std. error':>12} {'t or z':>9} {'p':>8}"]
    for row in rows.to_dict("records"):
        name = row["term"] if not row["component"] else f"{row['term']} ({row['component']})"
        if row["quantity"] != "coefficient":
            name = f"{name} [{row['quantity']}]"
        cells = [_number(row[key]) for key in ("estimate", "std_error", "statistic", "p_value")]
        lines.append(f"{name:32} {cells[0]:>12} {cells[1]:>12} {cells[2]:>9} {cells[3]:>8}")
    first = rows.iloc[0]
    r2 = "" if pd.isna(first["r2"]) else f"   R2 {first['r2']:.4f}"
    clusters = "" if pd.isna(first["n_clusters"]) else f"   clusters {int(first['n_clusters'])}"
    lines.append(f"N {first['n_obs']}{clusters}{r2}   vcov {first['vcov']}")
    lines.append("; ".join(f"{what}: {n}" for what, n in counts))
    if first["note"]:
        lines.append(f"Note: {first['note']}")
    return "\n".join(lines)


def _number(value: object) -> str:
    if value is None or value != value:
        return ""
    return f"{value:.5g}"
