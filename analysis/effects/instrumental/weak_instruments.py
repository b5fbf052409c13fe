"""How far instruments can be trusted: first stage, identification, Anderson-Rubin and others.

Everything is computed after the included exogenous columns are partialled out, on an orthonormal
basis Q of the instruments that remain: y, x (n, p) and Q (n, q). Covariances are those of
covariance.py under the equation's vcov, so an F here and a t there agree.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, stats

from analysis.effects.inference.covariance import covariance
from analysis.effects.instrumental.anderson_rubin import anderson_rubin
from analysis.effects.instrumental.instruments import Instrumented
from analysis.effects.instrumental.moments import basis, moment_covariance, root_of
from analysis.effects.instrumental.partialled import (
    Partialled,
    partialled,
    regression_on_instruments,
    wald,
)
from analysis.effects.linear_models.least_squares import solve
from analysis.effects.linear_models.linear import fit_linear
from analysis.effects.sample import Sample

Array = NDArray[np.float64]
LEVEL, RULE_OF_THUMB = 0.95, 10.0
# Stock and Yogo 2005 (in Andrews and Stock, eds.), one endogenous term, by number of instruments:
# 5 % Wald test of true size 10, 15, 20, 25 %; bias 5, 10, 20, 30 % of that of least squares
SIZES, BIASES = (10, 15, 20, 25), (5, 10, 20, 30)
STOCK_YOGO_SIZE: Mapping[str, Mapping[int, tuple[float, ...]]] = {
    "two_stage_least_squares": {
        1: (16.38, 8.96, 6.66, 5.53),
        2: (19.93, 11.59, 8.75, 7.25),
        3: (22.30, 12.83, 9.54, 7.80),
    },
    "liml": {
        1: (16.38, 8.96, 6.66, 5.53),
        2: (8.68, 5.33, 4.42, 3.92),
        3: (6.46, 4.36, 3.69, 3.32),
    },
}
STOCK_YOGO_BIAS = {"two_stage_least_squares": {3: (13.91, 9.08, 6.46, 5.39)}}


def diagnostics(
    asked: Instrumented, sample: Sample, residuals: Array, vcov: str, estimator: str
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return every diagnostic that is defined here by name, and the notes that they call for."""
    part = partialled(asked, vcov, sample.clusters)
    found: dict[str, Any] = {
        "n_instruments": part.n_instruments,
        **first_stage(part, asked),
        **identification(part),
        **stock_yogo(part, estimator),
        **anderson_rubin(part),
        **hausman(part, asked),
        **overidentification(part, asked, residuals),
    }
    known = {key: value for key, value in found.items() if value == value}
    return known, _notes(known, found)


def _notes(known: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[str, ...]:
    strength = {k: v for k, v in known.items() if k.startswith(("effective_f", "first_stage_f"))}
    weak = {k: v for k, v in strength.items() if v < RULE_OF_THUMB}
    notes = []
    if weak:
        least = min(weak, key=lambda key: weak[key])
        notes.append(
            f"weak instruments: {least} {weak[least]:.3g} is under {RULE_OF_THUMB:g}; "
            "rely on the Anderson-Rubin set"
        )
    lost = sorted(set(found) - set(known))
    if lost:
        notes.append(f"not defined (a singular covariance): {', '.join(lost)}")
    return tuple(notes)


# --- first stage and identification -------------------------------------------------------------


def first_stage(part: Partialled, asked: Instrumented) -> dict[str, Any]:
    """Return each endogenous term's first stage.

    Partial F of the q instruments, classical and (``_robust``) under the vcov; partial R2; the
    coefficients of the instruments and their standard errors. With one endogenous term also the
    effective F, x'QQ'x / tr(V), V the covariance of Q'x (Montiel Olea and Pflueger 2013, JBES 31:
    358-369, eq. 4). With several, keys carry the term in brackets.
    """
    found: dict[str, Any] = {}
    several = part.x.shape[1] > 1
    for j, position in enumerate(asked.endogenous):
        tag = f"[{asked.terms[position]}]" if several else ""
        target, q = part.x[:, j], part.n_instruments
        coefficients, cov = regression_on_instruments(part, target)
        explained = float(coefficients @ coefficients)
        rss = float(target @ target) - explained
        found[f"first_stage_f{tag}"] = explained / q / (rss / part.df_resid)
        found[f"first_stage_partial_r2{tag}"] = explained / (explained + rss)
        if part.vcov != "classical":
            found[f"first_stage_f_robust{tag}"] = wald(coefficients, cov.matrix) / q
        if not several:
            found["effective_f"] = explained / float(np.trace(cov.matrix))
        own, errors = part.back @ coefficients, part.back @ cov.matrix @ part.back.T
        for name, value, variance in zip(asked.instruments, own, np.diag(errors), strict=True):
            found[f"first_stage{tag}[{name}]"] = float(value)
            found[f"first_stage_se{tag}[{name}]"] = float(np.sqrt(max(variance, 0.0)))
    return found


def identification(part: Partialled) -> dict[str, Any]:
    """Return the Kleibergen-Paap rk LM test and Wald F (2006, Journal of Econometrics 133: 97-126).

    The null is that the (q, p) first stage has rank p - 1. With b the direction of x that Q
    explains least and A the part of Q's coefficients that the other directions leave free, it is
    tested that the coefficients of x b in A are zero: LM with the null's residual x b and no
    small-sample factor, Wald with x b's own residual under covariance.py, over q. With one
    endogenous term the Wald F is the first-stage F under the vcov; classical: Anderson's LM
    n r^2 and Cragg and Donald's F.
    """
    coefficients = part.q.T @ part.x
    _, directions = linalg.eigh(coefficients.T @ coefficients, part.x.T @ part.x)
    weakest = part.x @ directions[:, 0]
    free = linalg.null_space((coefficients @ directions[:, 1:]).T)
    moved = free.T @ (part.q.T @ weakest)
    if part.vcov == "classical":
        null = np.eye(len(moved)) * float(weakest @ weakest) / len(weakest)
    else:
        scores = (part.q @ free) * weakest[:, None]
        null = moment_covariance(scores, part.vcov, part.clusters)
    own = regression_on_instruments(part, weakest)[1].matrix
    lm = wald(moved, null)
    return {
        "kleibergen_paap_lm": lm,
        "kleibergen_paap_lm_df": len(moved),
        "kleibergen_paap_lm_p": float(stats.chi2.sf(lm, len(moved))),
        "kleibergen_paap_f": wald(moved, free.T @ own @ free) / part.n_instruments,
    }


def stock_yogo(part: Partialled, estimator: str) -> dict[str, Any]:
    """Return the critical values of the (classical) first-stage F where they are tabulated."""
    if part.x.shape[1] != 1:
        return {}
    sizes = STOCK_YOGO_SIZE.get(estimator, {}).get(part.n_instruments, ())
    biases = STOCK_YOGO_BIAS.get(estimator, {}).get(part.n_instruments, ())
    return {
        **{f"stock_yogo_size_{level}": value for level, value in zip(SIZES, sizes, strict=False)},
        **{f"stock_yogo_bias_{level}": value for level, value in zip(BIASES, biases, strict=False)},
    }


# --- tests --------------------------------------------------------------------------------------


def hausman(part: Partialled, asked: Instrumented) -> dict[str, Any]:
    """Return the regression version of the Wu-Hausman test (Wooldridge 2010, sec. 6.3.1).

    First-stage residuals are added to least squares of y on x; F of their coefficients under the
    vcov. One endogenous term: also the coefficient of its residual and its t.
    """
    residuals = part.x - part.q @ (part.q.T @ part.x)
    p, names = part.x.shape[1], [f"v{j}" for j in range(part.x.shape[1])]
    fit = fit_linear(
        [*names, *(f"x{j}" for j in range(p))], np.column_stack([residuals, part.x]), part.y,
        constant=False, nested_levels=part.nested_levels,
        absorbed_levels=len(part.y) - asked.df_resid - p,
    )  # fmt: skip
    if len(fit.terms) < 2 * p:
        return {}
    cov = covariance(fit, part.vcov, part.clusters)
    f = wald(fit.estimate[:p], cov.matrix[:p, :p]) / p
    found = {
        "wu_hausman_f": f,
        "wu_hausman_df": p,
        "wu_hausman_p": float(stats.f.sf(f, p, cov.cov_df)),
    }
    if p == 1:
        value = float(fit.estimate[0])
        found["control_function_coefficient"] = value
        found["control_function_t"] = value / float(np.sqrt(cov.matrix[0, 0]))
    return found


def overidentification(part: Partialled, asked: Instrumented, residuals: Array) -> dict[str, Any]:
    """Return the test of the q - p overidentifying restrictions; nothing where there are none.

    Classical: Sargan, m e'P_Z e / e'e, m = n less absorbed levels (n R2 of e on Z). Else Hansen's
    J, the minimum of the two-step criterion weighted from these residuals. The exogenous columns'
    own moments can be met exactly whatever b is, so Q's moments alone decide it.
    """
    df = part.n_instruments - part.x.shape[1]
    if df == 0:
        return {}
    if part.vcov == "classical":
        fitted = basis(asked.z).T @ residuals
        rows = len(residuals) - asked.absorbed_levels
        name, value = "sargan", rows * float(fitted @ fitted) / float(residuals @ residuals)
    else:
        name, value = "hansen_j", _hansen(part, residuals)
    return {name: value, f"{name}_df": df, f"{name}_p": float(stats.chi2.sf(value, df))}


def _hansen(part: Partialled, residuals: Array) -> float:
    moments = part.q * residuals[:, None]
    root = root_of(moment_covariance(moments, part.vcov, part.clusters))
    if root is None:
        return float("nan")
    x = linalg.solve_triangular(root, part.q.T @ part.x, lower=True)
    y = linalg.solve_triangular(root, part.q.T @ part.y, lower=True)
    rest = solve(x, y).residuals
    return float(rest @ rest)
