"""Overlap of the arms' propensity scores: where they lie, who has nobody like them, large weights.

Heckman, Ichimura and Todd 1997, Review of Economic Studies 64: 605-654; Crump, Hotz, Imbens and
Mitnik 2009, Biometrika 96: 187-199.
"""

import numpy as np
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.findings import Asked, Finding
from analysis.effects.treatment.asked import material_of, sampling_weights
from analysis.effects.treatment.weights import LARGE_WEIGHT, optimal_edge

Array = NDArray[np.float64]
QUANTILES = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)
# the share off common support, and of large weights, from which on a warning is given
MANY_OFF, MANY_LARGE = 0.05, 0.01
ABOUT = About(
    fits="overlap of the propensity scores of treated and untreated",
    needs="an equation of ipw, aipw, ipw_regression_adjustment or matching on the score",
    reports="quantiles of the score by arm, rows off common support, share of weights above 10, "
    "the trimming of Crump et al., a warning",
)


def find(asked: Asked) -> list[Finding]:
    """Return quantiles by arm, rows off support, the share of large weights.

    Raises
    ------
    UserError
        If the estimator has no score, or an option is given.
    """
    asked.require()
    score = material_of(
        asked,
        "score",
        "a propensity score (ipw, aipw, ipw_regression_adjustment, matching on the score)",
        "倾向得分（ipw、aipw、ipw_regression_adjustment 或按得分匹配）",
    )
    treated = asked.fitted[0].fit.material["treated"]
    base = sampling_weights(asked.fitted[0])
    term = asked.equation.treatments[0]
    quantiles = [
        Finding(term, float(np.quantile(score[treated == arm], q)), detail=f"{name}:q={q:g}",
                note="quantile of the score")
        for arm, name in ((0, "untreated"), (1, "treated"))
        for q in QUANTILES
    ]  # fmt: skip
    return [*quantiles, *_counts(term, score, treated, base)]


def _counts(term: str, score: Array, treated: Array, base: Array) -> list[Finding]:
    low = max(score[treated == arm].min() for arm in (0, 1))
    high = min(score[treated == arm].max() for arm in (0, 1))
    outside = (score < low) | (score > high)
    weights = np.where(treated == 1.0, 1.0 / score, 1.0 / (1.0 - score))
    large = float(base @ (weights > LARGE_WEIGHT) / base.sum())
    warning = _warning(float(outside.mean()), large)
    rows = [
        Finding(term, float((outside & (treated == arm)).sum()), detail=f"{name}:off_support",
                extras={"support_low": float(low), "support_high": float(high),
                        "rows": int((treated == arm).sum())},
                note=warning or "rows outside the scores that both arms have")
        for arm, name in ((0, "untreated"), (1, "treated"))
    ]  # fmt: skip
    edge = optimal_edge(score)
    return [
        *rows,
        Finding(term, large, quantity="share", detail="weights_above_10",
                note=warning or "share of weights 1/p and 1/(1-p) above 10"),
        Finding(term, edge, detail="optimal_trim", note="the trim of Crump et al. (2009)",
                extras={"rows_outside": int((np.minimum(score, 1.0 - score) < edge).sum())}),
    ]  # fmt: skip


def _warning(off: float, large: float) -> str:
    said = []
    if off > MANY_OFF:
        said.append(f"{100 * off:.1f} % of the rows are off common support")
    if large > MANY_LARGE:
        said.append(f"{100 * large:.1f} % of the weights are above 10")
    return "poor overlap: " + ", ".join(said) if said else ""
