"""Rows of tested statements: what each holds, and the one-sided and two-sided verdicts."""

from typing import Any

import numpy as np
from scipy import stats

COLUMNS = ["study", "proposition", "classification", "statement", "outcome", "estimate",
           "std_error", "ci_low", "ci_high", "p_value", "holds", "note"]  # fmt: skip


def row(proposition: str, statement: str, **cells: Any) -> dict[str, Any]:
    """Return a row; what is not given is empty."""
    empty = {"classification": "", "outcome": "", "note": ""}
    return {"proposition": proposition, "statement": statement, **empty, **cells}


def above_zero(estimate: float, error: float, alpha: float) -> dict[str, Any]:
    """Return the cells of a one-sided z test of more than zero, with the 1 - 2 alpha interval."""
    p = float(stats.norm.sf(estimate / error)) if error > 0.0 else np.nan
    return _cells(estimate, error, alpha) | {"p_value": p, "holds": _decided(p, alpha)}


def inside(estimate: float, error: float, margin: float, alpha: float) -> dict[str, Any]:
    """Return the cells of two one-sided z tests of -margin < effect < margin (Schuirmann 1987)."""
    if not error > 0.0:
        return _cells(estimate, error, alpha) | {"p_value": np.nan, "holds": np.nan}
    p = float(
        max(stats.norm.sf((estimate + margin) / error), stats.norm.cdf((estimate - margin) / error))
    )
    return _cells(estimate, error, alpha) | {"p_value": p, "holds": _decided(p, alpha)}


def differs(estimate: float, error: float, alpha: float) -> dict[str, Any]:
    """Return the cells of a two-sided z test of another value than zero, 1 - alpha interval."""
    p = float(2.0 * stats.norm.sf(abs(estimate) / error)) if error > 0.0 else np.nan
    return _cells(estimate, error, alpha / 2.0) | {"p_value": p, "holds": _decided(p, alpha)}


def _decided(p: float, alpha: float) -> float:
    return np.nan if np.isnan(p) else float(p < alpha)


def _cells(estimate: float, error: float, one_sided: float) -> dict[str, Any]:
    reach = float(stats.norm.ppf(1.0 - one_sided)) * error
    return {
        "estimate": estimate, "std_error": error, "ci_low": estimate - reach,
        "ci_high": estimate + reach,
    }  # fmt: skip
