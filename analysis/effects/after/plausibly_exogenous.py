"""What is left of an instrumented effect if the instruments are only nearly exogenous?

Conley, Hansen and Rossi 2012, Review of Economics and Statistics 94: 260-272: the instruments' own
effects g on the outcome lie in a range (union of confidence intervals) or are normal around zero
(local to zero). Formulas in sensitivity/near_exogeneity.py.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from analysis.effects.about import About
from analysis.effects.estimates import Fitted, law_of
from analysis.effects.estimators import two_stage_least_squares
from analysis.effects.expressions import unknown
from analysis.effects.findings import Asked, Finding, place
from analysis.effects.instrumental.instruments import Instrumented, instrumented, projected
from analysis.effects.linear_models.least_squares import solve
from analysis.effects.sensitivity.least_squares_of import Array, covariance_of
from analysis.effects.sensitivity.near_exogeneity import (
    Shifted,
    local_to_zero,
    union_of_intervals,
)

LEVEL = 0.95
# corners of the box of all instruments' ranges: 2^q of them
MOST_INSTRUMENTS = 12
RANGE, MEAN, SD = "gamma", "gamma_mean", "gamma_sd"
ABOUT = About(
    fits="an instrumented effect under small direct effects of the instruments on the outcome",
    needs="two_stage_least_squares; options gamma ([low, high], or {instrument = [low, high]}), "
    "gamma_sd (a number, or {instrument = sd}) with gamma_mean (0), level (0.95)",
    reports="union of intervals over gamma, the local-to-zero estimate; gamma that makes it zero",
)


def find(asked: Asked) -> list[Finding]:
    """Return rows union and local_to_zero, whichever is asked for, by outcome and effect.

    ``gamma`` is the range of the instruments' own effects, per unit of the instrument, one for all
    or by instrument (those left out: zero). The estimate of the row union is that at the middle of
    the range; extras hold, for one instrument, ``gamma_zero`` at which the estimate is zero.

    Raises
    ------
    UserError
        If the equation is not two-stage least squares, neither ``gamma`` nor ``gamma_sd`` is given,
        or they name no instrument of it or are no numbers.
    """
    asked.require(RANGE, MEAN, SD, "level")
    level = asked.number("level", LEVEL, 0.5, 0.9999)
    if asked.equation.estimator != two_stage_least_squares.NAME:
        raise asked.needs(
            f"estimator {two_stage_least_squares.NAME}",
            f"estimator 为 {two_stage_least_squares.NAME}",
        )
    if RANGE not in asked.options and SD not in asked.options:
        raise asked.needs("gamma or gamma_sd", "gamma 或 gamma_sd")
    return [finding for fitted in asked.fitted for finding in _findings(asked, fitted, level)]


def _findings(asked: Asked, fitted: Fitted, level: float) -> list[Finding]:
    problem = instrumented(fitted.sample, fitted.equation)
    names = problem.instruments
    critical = float(law_of(fitted).ppf(0.5 + level / 2.0))
    findings = []
    for at in problem.endogenous:
        term = problem.terms[at]
        shifted, note = _shifted(problem, fitted, term)
        if RANGE in asked.options:
            low, high = _range(asked, names)
            findings.append(_union(fitted, term, shifted, low, high, critical, names, note))
        if SD in asked.options:
            mean, sd = _numbers(asked, MEAN, names, 0.0), _numbers(asked, SD, names, 0.0)
            findings.append(_local(asked, fitted, term, shifted, mean, sd, critical, names, note))
    return findings


def _shifted(problem: Instrumented, fitted: Fitted, term: str) -> tuple[Shifted, str]:
    """Return a coefficient as a function of the instruments' own effects.

    Influence and its derivatives: (Xhat'X)^-1 xhat_i (e_i - (z_i - x_i'A)'g), linear in g.
    """
    xhat = projected(problem)
    z = problem.z[:, problem.z.shape[1] - len(problem.instruments) :]
    solution = solve(xhat, problem.y, problem.constant)
    a = solution.bread @ (xhat.T @ z)
    j = place(fitted, term)
    rest = np.column_stack([problem.y - problem.x @ solution.estimate, z - problem.x @ a])
    row = xhat @ solution.bread[j]
    influence = row[:, None] * rest
    classical = rest.T @ rest / problem.df_resid * solution.bread[j, j]
    value = np.append(solution.estimate[j], a[j])
    found, note = covariance_of(fitted, value, influence, classical)
    return Shifted(float(solution.estimate[j]), a[j], found.matrix), note


# --- options ----------------------------------------------------------------------------------


def _range(asked: Asked, names: tuple[str, ...]) -> tuple[Array, Array]:
    by_name = _by_name(asked, RANGE, names, [0.0, 0.0])
    if len(names) > MOST_INSTRUMENTS:
        raise asked.needs(
            f"at most {MOST_INSTRUMENTS} instruments", f"至多 {MOST_INSTRUMENTS} 个工具变量"
        )
    for ends in by_name.values():
        pair = isinstance(ends, list) and len(ends) == 2 and all(map(_is_number, ends))
        if not pair or ends[0] > ends[1]:
            raise asked.needs("gamma = [low, high]", "gamma = [下限, 上限]")
    pairs = np.array([by_name[name] for name in names], dtype=float)
    return pairs[:, 0], pairs[:, 1]


def _numbers(asked: Asked, option: str, names: tuple[str, ...], absent: float) -> Array:
    by_name = _by_name(asked, option, names, absent)
    if not all(map(_is_number, by_name.values())):
        raise asked.needs(f"{option} = a number", f"{option} 为数")
    values = np.array([by_name[name] for name in names], dtype=float)
    if option == SD and (values < 0.0).any():
        raise asked.needs("gamma_sd of zero or more", "gamma_sd 不小于零")
    return values


def _by_name(asked: Asked, option: str, names: tuple[str, ...], absent: Any) -> dict[str, Any]:
    """Return an option's value by instrument, one for all or those it names."""
    value = asked.options.get(option, absent)
    if not isinstance(value, Mapping):
        return dict.fromkeys(names, value)
    for name in value:
        if name not in names:
            raise unknown("instrument", str(name), list(names))
    return {name: value.get(name, absent) for name in names}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and bool(
        np.isfinite(value)
    )  # fmt: skip


# --- rows -------------------------------------------------------------------------------------


def _union(
    fitted: Fitted,
    term: str,
    shifted: Shifted,
    low: Array,
    high: Array,
    critical: float,
    names: tuple[str, ...],
    note: str,
) -> Finding:
    ends = union_of_intervals(shifted, low, high, critical)
    middle, _ = shifted.at((low + high) / 2.0)
    extras: dict[str, Any] = {
        "gamma_low": dict(zip(names, map(float, low), strict=True)),
        "gamma_high": dict(zip(names, map(float, high), strict=True)),
        "excludes_zero": int(ends[0] > 0.0 or ends[1] < 0.0),
    }
    if len(names) == 1 and shifted.slope[0] != 0.0:
        extras["gamma_zero"] = float(shifted.value / shifted.slope[0])
    return Finding(
        term, middle, "coefficient", "union", fitted.outcome, ci_low=float(ends[0]),
        ci_high=float(ends[1]), extras=extras, note=note,
    )  # fmt: skip


def _local(
    asked: Asked,
    fitted: Fitted,
    term: str,
    shifted: Shifted,
    mean: Array,
    sd: Array,
    critical: float,
    names: tuple[str, ...],
    note: str,
) -> Finding:
    value, error = local_to_zero(shifted, mean, sd)
    extras = {
        "gamma_mean": dict(zip(names, map(float, mean), strict=True)),
        "gamma_sd": dict(zip(names, map(float, sd), strict=True)),
    }
    law = law_of(fitted)
    return Finding(
        term, value, "coefficient", "local_to_zero", fitted.outcome, std_error=error,
        statistic=value / error, p_value=float(2.0 * law.sf(abs(value / error))),
        ci_low=value - critical * error, ci_high=value + critical * error, extras=extras, note=note,
    )  # fmt: skip
