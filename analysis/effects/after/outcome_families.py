"""Families of outcomes: each family's mean effect, and whether one gains more than another.

Bottom-line against growth-type interests, say. Effects on unlike outcomes are compared in three
units (multiplicity/metrics.py), with errors from the stacked influence functions of the separate
fits: the same workers answer every question. A difference that keeps its sign in one unit only
says more of the unit than of the union.
"""

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from analysis.effects.about import About
from analysis.effects.estimates import Fitted
from analysis.effects.findings import Asked, Finding, place
from analysis.effects.multiplicity.classifications import (
    Chosen,
    Family,
    chosen_families,
    classification_of,
)
from analysis.effects.multiplicity.control_group import control_rows
from analysis.effects.multiplicity.metrics import METRICS, Effect, Solved, effects_of
from analysis.effects.multiplicity.tested import flipped_outcomes

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
Effects = dict[str, dict[str, Effect | None]]
LEVEL = 0.95
# estimators whose coefficients are weighted sums of the outcome as it is
LEAST_SQUARES = ("ols", "pooled_ols", "fixed_effects")
ABOUT = About(
    fits="mean effects of families of outcomes and their differences, in three units",
    needs="least squares, treatments of 0 and 1, options families, outcomes, compare, flip, logs",
    reports="rows a family and a pair by unit; same_sign: 1 where the difference keeps its sign",
)


def find(asked: Asked) -> list[Finding]:
    """Return the rows of each treatment term.

    Options: ``families`` (a shipped classification, a TOML file, a table of lists), ``outcomes``
    (generic name = outcome of the equation), ``compare`` (families, in order: first less second),
    ``flip`` (outcomes of which more is worse), ``logs`` (outcomes that are logarithms
    beside those named ln_... or written log(...), in the equation or under [derive]).

    Raises
    ------
    UserError
        If an option is unknown, a family has no outcome, an outcome is in two, the fits are not
        unweighted least squares, or there is no control group.
    """
    asked.require("families", "outcomes", "compare", "flip", "logs")
    chosen = chosen_families(asked, classification_of(asked))
    _require_least_squares(asked)
    units = _units(asked)
    return [
        finding
        for term in asked.terms()
        for finding in _findings(asked, term, chosen, units)
    ]  # fmt: skip


def _require_least_squares(asked: Asked) -> None:
    plain = asked.equation.estimator in LEAST_SQUARES and not asked.equation.weights
    if not plain or any(fitted.fit.linear is None for fitted in asked.fitted):
        raise asked.needs(
            "unweighted least squares (for 0/1 outcomes too); effects nested in clusters",
            "不加权的最小二乘（0/1 结果变量亦然）；吸收效应嵌套于聚类",
        )
    if len(asked.equation.cluster) > 1:
        raise asked.needs("one cluster column", "单一聚类变量")


def _units(asked: Asked) -> Codes:
    """Return (N,) codes of clusters, entities or rows of the file; -1 outside every fit."""
    labels = pd.Series(index=range(len(asked.frame)), dtype=object)
    for fitted in asked.fitted:
        labels.iloc[fitted.sample.positions] = _labels(fitted)
    return np.asarray(pd.factorize(labels)[0], dtype=np.int64)


def _labels(fitted: Fitted) -> Any:
    sample = fitted.sample
    if sample.clusters.shape[1]:
        return sample.clusters.iloc[:, 0].to_numpy()
    return sample.positions if sample.entity is None else sample.entity.to_numpy()


# --- effects ----------------------------------------------------------------------------------


def _effects(asked: Asked, term: str, chosen: Chosen) -> Effects:
    """Return the effects by outcome and metric, more being better, f_i by row of the file."""
    flipped, effects = flipped_outcomes(asked), {}
    wanted = {name for family in chosen.families for name in family.outcomes}
    for fitted in asked.fitted:
        if fitted.outcome in wanted:
            found = effects_of(
                _solved(asked, fitted, term), logarithm=fitted.outcome in chosen.logarithms
            )
            sign = -1.0 if fitted.outcome in flipped else 1.0
            rows, n = fitted.sample.positions, len(asked.frame)
            effects[fitted.outcome] = {
                metric: effect and _placed(effect, sign, rows, n)
                for metric, effect in found.items()
            }
    return effects


def _placed(effect: Effect, sign: float, rows: Codes, n: int) -> Effect:
    influence = np.zeros(n)
    influence[rows] = sign * effect.influence
    return Effect(sign * effect.value, influence)


def _solved(asked: Asked, fitted: Fitted, term: str) -> Solved:
    linear, fit = fitted.fit.linear, fitted.fit
    j = place(fitted, term)
    residuals = linear.response - linear.design @ fit.estimate  # type: ignore[union-attr]
    return Solved(
        linear.design, fit.bread, j, fitted.sample.outcome, float(fit.estimate[j]), residuals,  # type: ignore[union-attr]
        control_rows(asked, fitted),
    )  # fmt: skip


def _mean(family: Family, metric: str, effects: Effects) -> Effect | None:
    found = [effects[name][metric] for name in family.outcomes]
    known = [effect for effect in found if effect is not None]
    if len(known) < len(found):
        return None
    return Effect(
        float(np.mean([effect.value for effect in known])),
        np.mean([effect.influence for effect in known], axis=0),
    )


# --- rows -------------------------------------------------------------------------------------


def _findings(asked: Asked, term: str, chosen: Chosen, units: Codes) -> list[Finding]:
    effects = _effects(asked, term, chosen)
    means = {
        metric: {family.id: _mean(family, metric, effects) for family in chosen.families}
        for metric in METRICS
    }
    rows = [
        _finding(
            term, f"{metric}:{family.id}", means[metric][family.id], units, _about(family, chosen)
        )
        for metric in METRICS
        for family in chosen.families
    ]
    for one, other in combinations([family.id for family in chosen.families], 2):
        differences = {metric: _difference(means[metric], one, other) for metric in METRICS}
        rows += [
            _finding(term, f"{metric}:{one}-{other}", difference, units, {})
            for metric, difference in differences.items()
        ]
        rows.append(_same_sign(term, f"same_sign:{one}-{other}", differences))
    return rows


def _difference(means: dict[str, Effect | None], one: str, other: str) -> Effect | None:
    first, second = means[one], means[other]
    if first is None or second is None:
        return None
    return Effect(first.value - second.value, first.influence - second.influence)


def _about(family: Family, chosen: Chosen) -> dict[str, Any]:
    about: dict[str, Any] = {"outcomes": list(family.outcomes)}
    return about | ({"not_observed": list(chosen.not_observed)} if chosen.not_observed else {})


def _finding(
    term: str, detail: str, effect: Effect | None, units: Codes, extras: dict[str, Any]
) -> Finding:
    if effect is None:
        reason = "an outcome whose control group has no mean or deviation above zero"
        return Finding(term, None, detail=detail, extras=extras, note=reason)
    inside = units >= 0
    sums = np.bincount(units[inside], effect.influence[inside])
    error = float(np.sqrt(sums @ sums * len(sums) / (len(sums) - 1)))
    if not error > 0.0:
        return Finding(term, effect.value, detail=detail, extras=extras, note="no error")
    reach = float(stats.norm.ppf(0.5 + LEVEL / 2.0)) * error
    return Finding(
        term, effect.value, detail=detail, std_error=error, statistic=effect.value / error,
        p_value=float(2.0 * stats.norm.sf(abs(effect.value) / error)),
        ci_low=effect.value - reach, ci_high=effect.value + reach,
        extras=extras | {"units": len(sums)},
        note="probability of superiority less one half" if "superiority" in detail else "",
    )  # fmt: skip


def _same_sign(term: str, detail: str, differences: dict[str, Effect | None]) -> Finding:
    """Return 1 where the difference has one sign in all units, else 0; empty if one is missing."""
    signs = {m: int(np.sign(d.value)) for m, d in differences.items() if d is not None}
    complete = len(signs) == len(METRICS)
    agree = int(len(set(signs.values())) == 1)
    note = "" if complete else "not known in every unit"
    return Finding(
        term, float(agree) if complete else None, detail=detail, extras={"signs": signs}, note=note
    )
