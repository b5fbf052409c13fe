"""Quantile regression: Q_tau(y | x) = x'b(tau), the exact minimum of the check function.

Koenker and Bassett 1978, Econometrica 46: 33-50; Koenker 2005, Quantile Regression. With scores
s_i = w_i x_i psi_i (psi_i the dual values: tau above the plane, tau - 1 below) and bread
(sum w_i f_i x_i x_i')^-1 the package's sandwiches are those of the field: HC0 Powell's kernel
sandwich in the form that stands misspecification (Angrist, Chernozhukov and Fernandez-Val 2006,
Econometrica 74: 539-563), cluster Parente and Santos Silva's (2016, J. Econometric Methods 5:
1-15), over all quantiles jointly. Classical is for errors independent of x: tau (1 - tau) s(tau)^2
(X'X)^-1, s the sparsity with Hall and Sheather's bandwidth (Koenker 2005, section 3.4).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import block_diag

from analysis.effects.about import About
from analysis.effects.distribution.bands import across
from analysis.effects.distribution.check_function import check_loss, minimise_check
from analysis.effects.distribution.grid import (
    QUANTILES,
    at_quantile,
    flag_of,
    quantiles_of,
    require_tails,
    weights_of,
)
from analysis.effects.distribution.recentred import quantile_value
from analysis.effects.distribution.sparsity import (
    difference_densities,
    kernel_densities,
    sparsity,
)
from analysis.effects.distribution.vertex import Vertex
from analysis.effects.fit import Fit
from analysis.effects.inference import bootstrap
from analysis.effects.likelihoods.likelihood import Design, design_of
from analysis.effects.refusals import needs, require_options
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]
ABOUT = About(
    fits="linear quantile regressions at the exact minimum; options: quantiles, process",
    needs="outcome, treatment or controls; weights if there are",
    reports="coefficients by quantile, tests of equal slopes across quantiles, crossings; with "
    "process uniform bands",
)
PROCESS, NID, KER = "process", "nid", "ker"
VCOVS = ("HC1", "HC0", "classical", KER, NID, "cluster", bootstrap.NAME)
GRID = tuple(round(0.05 * j, 2) for j in range(1, 20))


@dataclass(frozen=True)
class Problem:
    """(n, k) design, scaled, (n,) outcome and weights: what every quantile has in common."""

    design: Design
    outcome: Array
    weights: Array

    @property
    def weighted(self) -> tuple[Array, Array]:
        """Rows times weights: sum w rho(u) = sum rho(w u)."""
        return self.design.scaled * self.weights[:, None], self.outcome * self.weights


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; options ``quantiles`` (0.1, 0.25, 0.5, 0.75, 0.9), ``process`` (0.05 to 0.95).

    Covariances of its own: ker and nid, those of R's quantreg (tau (1 - tau) H^-1 X'X H^-1 with
    Powell's kernel and with Hendricks and Koenker's difference quotients). Extras:
    koenker_machado_r1[...], crossings (rows whose fitted quantiles cross), the tests of bands.py.

    Raises
    ------
    UserError
        If a quantile is not in (0, 1) or has fewer rows beyond it than there are terms, weights
        are not positive, the outcome is fitted without error, or an option is unknown.
    """
    require_options(equation, (QUANTILES, PROCESS))
    process = flag_of(equation, PROCESS)
    if process and QUANTILES in equation.options:
        raise needs(equation, "quantiles or process, not both", "quantiles 与 process 二选一")
    taus = GRID if process else quantiles_of(equation)
    problem = Problem(design_of(sample, equation), sample.outcome, weights_of(sample, equation))
    require_tails(equation, sample.n_obs, len(problem.design.terms), taus)
    found = [_minimum(problem, tau, equation) for tau in taus]
    breads, notes = _breads(problem, found, taus, equation)
    whole = _stacked(problem, found, taus, breads, equation.vcov)
    extras, more = across(whole, sample, equation, bands=process)
    crossed = _crossings(problem, found)
    return replace(
        whole,
        extras={**_goodness(problem, found, taus), "crossings": crossed, **extras},
        notes=(*notes, *more, *_remarks(found, taus, crossed)),
    )


def _minimum(problem: Problem, tau: float, equation: Equation) -> Vertex:
    """Return the fit at one quantile.

    Raises
    ------
    UserError
        If arithmetic does not reach the minimum.
    """
    try:
        return minimise_check(*problem.weighted, tau)
    except np.linalg.LinAlgError as error:
        raise needs(
            equation,
            f"a minimum within reach at {at_quantile(tau)} (rescale or simplify the terms)",
            f"在 {at_quantile(tau)} 处可求得的极小值（请调整单位或简化模型）",
        ) from error


def _stacked(
    problem: Problem,
    found: Sequence[Vertex],
    taus: Sequence[float],
    breads: Sequence[Array],
    vcov: str,
) -> Fit:
    """Return the quantiles one below the other, their scores side by side.

    The breads are those that the covariance asked for wants; so is what is made of them.
    """
    design, back = problem.design, problem.design.back
    x = design.columns * problem.weights[:, None]
    scores = np.hstack([x * one.dual[:, None] for one in found])
    mapped = [back @ bread @ back.T for bread in breads]
    joint = _joint(problem, taus, breads)
    return Fit(
        terms=design.terms * len(taus),
        estimate=np.concatenate([back @ one.estimate for one in found]),
        components=tuple(at_quantile(tau) for tau in taus for _ in design.terms),
        bread=block_diag(*mapped),
        scores=scores,
        classical=joint,
        own={name: joint for name in (KER, NID) if name == vcov},
        df_resid=len(problem.outcome) - len(design.terms),
        distribution="normal",
        dropped=design.dropped,
    )


# --- covariance -------------------------------------------------------------------------------


def _breads(
    problem: Problem, found: Sequence[Vertex], taus: Sequence[float], equation: Equation
) -> tuple[list[Array], tuple[str, ...]]:
    """Return (sum w f x x')^-1 by quantile, f as the covariance wants it, and notes.

    Raises
    ------
    UserError
        If there is no density to be had: the outcome is fitted without error.
    """
    x, w = problem.design.scaled, problem.weights
    if equation.vcov == bootstrap.NAME:  # needs none, and fits a thousand times
        return [np.eye(x.shape[1])] * len(taus), ()
    breads, notes = [], []
    for one, tau in zip(found, taus, strict=True):
        residuals = one.residuals / w
        if equation.vcov == "classical":
            density = np.full(len(w), 1.0 / sparsity(residuals, tau, x.shape[1]))
        elif equation.vcov == NID:
            density, crossed = difference_densities(*problem.weighted, tau)
            density = density * w
            if crossed:
                notes.append(f"{at_quantile(tau)}: no density at {crossed} rows (quantiles cross)")
        else:
            density = kernel_densities(residuals, tau)
        breads.append(_inverse((x * (w * density)[:, None]).T @ x, tau, equation))
    return breads, tuple(notes)


def _inverse(gram: Array, tau: float, equation: Equation) -> Array:
    spread = np.linalg.eigvalsh(gram) if np.isfinite(gram).all() else np.zeros(1)
    if spread[0] <= 1e-12 * max(spread[-1], 1e-300):
        raise needs(
            equation,
            f"an outcome with a density at {at_quantile(tau)} (too many rows lie exactly on the "
            'fitted plane, or too few near it; use vcov = "bootstrap")',
            f'在 {at_quantile(tau)} 处有密度的因变量（请用 vcov = "bootstrap"）',
        )
    return np.asarray(np.linalg.inv(gram), dtype=np.float64)


def _joint(problem: Problem, taus: Sequence[float], breads: Sequence[Array]) -> Array:
    """Return (min(t, u) - t u) A_t (X'W^2X) A_u for all quantiles t, u (Koenker 2005, p. 74)."""
    x, t = problem.weighted[0], np.array(taus)
    gram, back = x.T @ x, problem.design.back
    times = np.minimum.outer(t, t) - np.outer(t, t)
    stacked = np.vstack([back @ bread for bread in breads])
    return np.kron(times, np.ones_like(gram)) * (stacked @ gram @ stacked.T)


# --- what is said of the fit ------------------------------------------------------------------


def _goodness(problem: Problem, found: Sequence[Vertex], taus: Sequence[float]) -> dict[str, Any]:
    """Return R1(tau) = 1 - V / V_0, V_0 with a constant alone (Koenker and Machado 1999)."""
    y, w = problem.outcome, problem.weights
    numbers = {}
    for one, tau in zip(found, taus, strict=True):
        least = check_loss(w * (y - quantile_value(y, w, tau)), tau)
        if least > 0.0:
            value = 1.0 - check_loss(one.residuals, tau) / least
            numbers[f"koenker_machado_r1[{at_quantile(tau)}]"] = value
    return numbers


def _crossings(problem: Problem, found: Sequence[Vertex]) -> int:
    """Return how many rows have a fitted quantile below that of a lower tau."""
    fitted = problem.design.scaled @ np.column_stack([one.estimate for one in found])
    slack = 1e-10 * float(np.abs(fitted).max())
    return int((np.diff(fitted, axis=1) < -slack).any(axis=1).sum())


def _remarks(found: Sequence[Vertex], taus: Sequence[float], crossed: int) -> tuple[str, ...]:
    several = [at_quantile(t) for one, t in zip(found, taus, strict=True) if not one.unique]
    remarks = []
    if several:
        remarks.append(f"other coefficients attain the same minimum at {', '.join(several)}")
    if crossed:
        remarks.append(f"fitted quantiles cross at {crossed} rows")
    return tuple(remarks)
