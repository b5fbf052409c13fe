"""The first step of every selection model: a probit of who is selected, and its correction terms.

d = 1[z'g + v > 0], v standard normal. With q = 2d - 1 the generalised residual is w = q phi(z'g) /
Phi(q z'g), which is E[v | z, d] (Gourieroux, Monfort, Renault and Trognon 1987, Journal of
Econometrics 34: 5-32): the inverse Mills ratio where d = 1. delta = w (w + z'g) = 1 - Var(v | z, d)
and dw / d(z'g) = -delta.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.inference.influence import influence_of
from analysis.effects.likelihoods.likelihood import (
    Design,
    Likelihood,
    mapped,
    maximise,
    require_maximum,
)
from analysis.effects.likelihoods.perfect_prediction import one_sided

Array = NDArray[np.float64]
SELECTION = "selection"


@dataclass(frozen=True)
class FirstStep:
    """A fitted probit of n rows and m terms.

    ``index`` z'g, ``correction`` w and ``delta`` are (n,); ``influence`` (n, m) is bread s_i.
    """

    terms: tuple[str, ...]
    columns: Array
    estimate: Array
    bread: Array
    influence: Array
    index: Array
    correction: Array
    delta: Array
    log_likelihood: float


def fit_first_step(chosen: NDArray[np.bool_], design: Design, estimator: str) -> FirstStep:
    """Fit the probit of (n,) ``chosen`` on the design.

    Raises
    ------
    UserError
        If terms predict perfectly who is chosen (they are named).
    """
    names = [f"{SELECTION}: {term}" for term in design.terms]
    scaled = require_maximum(
        maximise(probit_likelihood(chosen, design.scaled), np.zeros(len(names))),
        ["", *names[1:]], estimator, lambda: one_sided(design.scaled, ~chosen, chosen),
    )  # fmt: skip
    best = mapped(scaled, design.back)
    index = design.columns @ best.estimate
    correction, delta = corrections(np.where(chosen, 1.0, -1.0), index)
    return FirstStep(
        design.terms, design.columns, best.estimate, best.bread,
        influence_of(best.bread, best.scores), index, correction, delta, best.log_likelihood,
    )  # fmt: skip


def corrections(sign: Array, index: Array) -> tuple[Array, Array]:
    """Return w = q phi(z) / Phi(q z) and delta = w (w + z), (n,) each, right in both tails."""
    correction = sign * mills(sign * index)
    return correction, correction * (correction + index)


def mills(index: Array) -> Array:
    """Return phi(z) / Phi(z), (n,), by logarithms: it tends to -z in the lower tail."""
    from scipy.special import log_ndtr

    return np.exp(-0.5 * index**2 - 0.5 * np.log(2.0 * np.pi) - log_ndtr(index))


def probit_likelihood(chosen: NDArray[np.bool_], columns: Array) -> Likelihood:
    """Return sum ln Phi(q z'g), its scores w z and its Hessian -Z' diag(delta) Z."""
    from scipy.special import log_ndtr

    sign = np.where(chosen, 1.0, -1.0)

    def hessian(theta: Array) -> Array:
        delta = corrections(sign, columns @ theta)[1]
        return -(columns.T @ (columns * delta[:, None]))

    return Likelihood(
        lambda theta: float(log_ndtr(sign * (columns @ theta)).sum()),
        lambda theta: columns * corrections(sign, columns @ theta)[0][:, None],
        hessian,
    )


def exclusion_note(exclusions: Sequence[str]) -> tuple[str, ...]:
    """Return the note that a model without exclusion restrictions needs."""
    if exclusions:
        return ()
    return ("no exclusion restriction: identified by the functional form alone",)
