"""What a multilevel fit reports beside its coefficients: shares, R2, the test against none."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.effects.fit import Derived
from analysis.effects.levels.design import Asked, Level
from analysis.effects.levels.estimation import Maximum, entries
from analysis.effects.linear_models.least_squares import CONSTANT

Array = NDArray[np.float64]
FEW_GROUPS = 10


def variances(asked: Asked, maximum: Maximum) -> tuple[list[tuple[str, str]], Array, Array]:
    """Return (term, component) of each variance, outermost level first, values, and the change.

    The change (d, d) takes the entries of the scaled columns' covariances, innermost level first,
    to those of the columns as they are in the order reported; the error's variance is last.
    """
    rows: list[tuple[tuple[str, str], float, int, float]] = []
    at = 0
    blocks = []
    for level, psi in zip(asked.levels, maximum.psi, strict=True):
        places = entries(level, asked.diagonal)
        block = []
        for position, (i, j) in enumerate(places):
            factor = 1.0 / (level.scale[i] * level.scale[j])
            value = float(psi[i, j]) * maximum.variance * factor
            block.append(((level.name, _label(level, i, j)), value, at + position, factor))
        blocks.append(block)
        at += len(places)
    for block in reversed(blocks):
        rows += block
    rows.append((("residual", ""), maximum.variance, at, 1.0))
    change = np.zeros((at + 1, at + 1))
    for row, (_, _, column, factor) in enumerate(rows):
        change[row, column] = factor
    return [key for key, *_ in rows], np.array([value for _, value, *_ in rows]), change


def _label(level: Level, i: int, j: int) -> str:
    if level.q == 1:
        return ""
    return level.terms[i] if i == j else f"{level.terms[j]}, {level.terms[i]}"


# --- shares -----------------------------------------------------------------------------------


def weights_by_level(asked: Asked) -> dict[str, Array]:
    """Return, outermost first, (d,) weights that make a level's variance of the entries.

    The mean over rows of z'Sigma z: the variance itself where the constant alone is random
    (Johnson 2014, Methods in Ecology and Evolution 5: 944-946, equation 10).
    """
    d = sum(len(entries(level, asked.diagonal)) for level in asked.levels) + 1
    found: dict[str, Array] = {}
    at = 0
    for level in reversed(asked.levels):
        mean = (level.columns * level.scale).T @ (level.columns * level.scale) / asked.n
        row = np.zeros(d)
        for i, j in entries(level, asked.diagonal):
            row[at] = mean[i, j] * (1.0 if i == j else 2.0)
            at += 1
        found[level.name] = row
    found["residual"] = np.eye(d)[-1]
    return found


def shares(asked: Asked, values: Array, before: int) -> tuple[Derived, ...]:
    """Return each level's share in the variance beside the fixed part, and its ICC.

    The intraclass correlation of a level is that of two rows in one group of it: the share of the
    level and of those around it. ``before`` parameters precede the variances.
    """
    weights = weights_by_level(asked)
    whole = np.sum(list(weights.values()), axis=0)
    total = float(whole @ values)
    found, inside = [], np.zeros_like(whole)
    for name, row in weights.items():
        inside = inside + row
        found.append(_share(name, row, whole, total, values, before, ""))
        if name != "residual":
            found.append(_share(name, inside, whole, total, values, before, "icc"))
    return tuple(found)


def _share(
    name: str, row: Array, whole: Array, total: float, values: Array, before: int, component: str
) -> Derived:
    value = float(row @ values) / total
    gradient = np.concatenate([np.zeros(before), (row - value * whole) / total])
    return Derived(name, value, gradient, quantity="share", component=component)


# --- numbers ----------------------------------------------------------------------------------


def extras_of(
    asked: Asked, maximum: Maximum, coefficients: Array, values: Array, effects: tuple[Array, ...]
) -> dict[str, Any]:
    """Return the criterion, its test, standard deviations, correlations, R2 and counts."""
    name = "minus_2_restricted_log_likelihood" if asked.restricted else "minus_2_log_likelihood"
    return {
        name: maximum.criterion,
        "log_likelihood": -0.5 * maximum.criterion,
        "method": "reml" if asked.restricted else "ml",
        **_test(asked, maximum),
        **_r2(asked, coefficients, values),
        **_deviations(asked, maximum, effects),
        "sd_residual": float(np.sqrt(maximum.variance)),
        **{f"n_groups[{level.name}]": level.n_groups for level in reversed(asked.levels)},
    }


def _test(asked: Asked, maximum: Maximum) -> dict[str, Any]:
    """Return the likelihood ratio against least squares and its p value.

    With one variance its law under the null is half a point mass at 0, half chi-squared(1) (Self
    and Liang 1987, JASA 82: 605-610, case 5); with more, chi-squared(d) bounds the p value above.
    """
    from scipy.stats import chi2

    statistic = max(0.0, maximum.null - maximum.criterion)
    d = sum(len(entries(level, asked.diagonal)) for level in asked.levels)
    tail = float(chi2.sf(statistic, d))
    p = (0.5 * tail if statistic > 0.0 else 1.0) if d == 1 else tail
    return {"lr": statistic, "lr_df": d, "lr_p": p}


def _r2(asked: Asked, coefficients: Array, values: Array) -> dict[str, float]:
    """Return the marginal and conditional R2 of Nakagawa and Schielzeth.

    2013, Methods in Ecology and Evolution 4: 133-142, equations 26 and 30; with random slopes
    Johnson 2014.
    """
    fixed = float(np.var(asked.design.columns @ coefficients, ddof=1))
    error = float(values[-1])
    total = fixed + sum(float(row @ values) for row in weights_by_level(asked).values())
    return {"r2_marginal": fixed / total, "r2_conditional": 1.0 - error / total}


def _deviations(asked: Asked, maximum: Maximum, effects: tuple[Array, ...]) -> dict[str, float]:
    """Return sd[level], corr[level: a, b], and the variance of the predicted effects by level."""
    found = {}
    for level, psi, effect in reversed(list(zip(asked.levels, maximum.psi, effects, strict=True))):
        size = np.sqrt(np.diag(psi) * maximum.variance) / level.scale
        for j, term in enumerate(level.terms):
            name = level.name if term == CONSTANT else f"{level.name}: {term}"
            found[f"sd[{name}]"] = float(size[j])
            found[f"predicted_variance[{name}]"] = float((effect[:, j] ** 2).mean())
        for i, j in entries(level, asked.diagonal):
            if i != j and psi[i, i] > 0.0 and psi[j, j] > 0.0:
                r = float(psi[i, j] / np.sqrt(psi[i, i] * psi[j, j]))
                found[f"corr[{level.name}: {level.terms[j]}, {level.terms[i]}]"] = r
    return found


def notes_of(asked: Asked, maximum: Maximum, definite: bool) -> tuple[str, ...]:
    """Return what has to be said of the fit."""
    notes = []
    for level, psi, inside in reversed(
        list(zip(asked.levels, maximum.psi, maximum.interior, strict=True))
    ):
        if level.n_groups < FEW_GROUPS:
            notes.append(f"{level.n_groups} groups of {level.name} only: its variance is imprecise")
        if not inside:
            zero = not np.diag(psi).all()
            what = (
                "a variance is estimated at 0" if zero else "a correlation is estimated at 1 or -1"
            )
            notes.append(f"{level.name}: {what}; no standard errors of its variances")
    d = sum(len(entries(level, asked.diagonal)) for level in asked.levels)
    if d > 1:
        notes.append(f"lr_p: chi-squared({d}) on the boundary, conservative")
    else:
        notes.append("lr_p: equal mixture of chi-squared(0) and chi-squared(1)")
    if not definite:
        notes.append("the variances' information is not positive definite: no errors of them")
    notes.append("z and intervals of variances and shares are approximate: test them by lr")
    return tuple(notes)
