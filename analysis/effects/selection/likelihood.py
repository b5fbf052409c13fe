"""The likelihood of normal selection models, whichever rows have an outcome.

A row with outcome y, q = 1 or -1 as it is selected or not, has (u, v) normal, Var v = 1, Var u =
sigma^2, correlation rho (Maddala 1983, sections 8.2 and 9.4; Lokshin and Sajaia 2004, Stata Journal
4: 282-289):

ln phi(e) - ln sigma + ln Phi(eta), e = (y - x'b) / sigma, eta = q (z'g + rho e) / sqrt(1 - rho^2).

A row without outcome has ln Phi(q z'g). Parameters are b, g, log sigma and athrho a = atanh(rho):
1 / sqrt(1 - rho^2) = cosh a and rho / sqrt(1 - rho^2) = sinh a. Gradient and Hessian are analytic.
"""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.effects.likelihoods.joint_probit import END
from analysis.effects.likelihoods.likelihood import Likelihood
from analysis.effects.selection.first_step import corrections, mills

Array = NDArray[np.float64]
HALF_LOG_TWO_PI = 0.5 * np.log(2.0 * np.pi)


class Seen(NamedTuple):
    """Rows with an outcome: which they are, their data, and where their parameters stand.

    ``outcome``, ``sign`` (m,), ``columns`` (m, k), ``selection`` (m, l); ``b``, ``g`` where the
    coefficients stand, ``log_sigma`` and ``athrho`` the positions of one parameter each.
    """

    rows: NDArray[np.bool_]
    outcome: Array
    sign: Array
    columns: Array
    selection: Array
    b: slice
    g: slice
    log_sigma: int
    athrho: int


class Unseen(NamedTuple):
    """Rows without outcome: the selection equation alone."""

    rows: NDArray[np.bool_]
    sign: Array
    selection: Array
    g: slice


class Parts(NamedTuple):
    """n rows that fall into parts, each row in one, and their k parameters."""

    seen: Sequence[Seen]
    unseen: Sequence[Unseen]
    n: int
    k: int


def likelihood_of_parts(parts: Parts) -> Likelihood:
    """Return the likelihood of all parts together."""
    return Likelihood(partial(_loglike, parts), partial(_scores, parts), partial(_hessian, parts))


def _loglike(parts: Parts, theta: Array) -> float:
    if any(abs(theta[part.athrho]) > END for part in parts.seen):
        return -np.inf
    values = [_value(part, theta) for part in parts.seen]
    return sum([*values, *(_value_unseen(part, theta) for part in parts.unseen)])


def _scores(parts: Parts, theta: Array) -> Array:
    found = np.zeros((parts.n, parts.k))
    for part in parts.seen:
        _put_scores(found, part, theta)
    for rest in parts.unseen:
        slope = corrections(rest.sign, rest.selection @ theta[rest.g])[0]
        found[rest.rows, rest.g] = rest.selection * slope[:, None]
    return found


def _hessian(parts: Parts, theta: Array) -> Array:
    found = np.zeros((parts.k, parts.k))
    for part in parts.seen:
        _add_hessian(found, part, theta)
    for rest in parts.unseen:
        delta = corrections(rest.sign, rest.selection @ theta[rest.g])[1]
        found[rest.g, rest.g] -= rest.selection.T @ (rest.selection * delta[:, None])
    return found


# --- rows with an outcome -----------------------------------------------------------------------


def _places(part: Seen) -> tuple[slice, ...]:
    sigma, rho = part.log_sigma, part.athrho
    return part.b, part.g, slice(sigma, sigma + 1), slice(rho, rho + 1)


def _columns(part: Seen) -> tuple[Array, ...]:
    ones = np.ones((len(part.outcome), 1))
    return part.columns, part.selection, ones, ones


class _At(NamedTuple):
    """What a part's derivatives are made of, at given parameters."""

    e: Array
    z: Array
    eta: Array
    over: float
    cosh: float
    sinh: float


def _at(part: Seen, theta: Array) -> _At:
    over, a = float(np.exp(-theta[part.log_sigma])), theta[part.athrho]
    e = (part.outcome - part.columns @ theta[part.b]) * over
    z, cosh, sinh = part.selection @ theta[part.g], float(np.cosh(a)), float(np.sinh(a))
    return _At(e, z, part.sign * (cosh * z + sinh * e), over, cosh, sinh)


def _value(part: Seen, theta: Array) -> float:
    from scipy.special import log_ndtr

    at = _at(part, theta)
    constant = HALF_LOG_TWO_PI + theta[part.log_sigma]
    return float((log_ndtr(at.eta) - 0.5 * at.e**2 - constant).sum())


def _value_unseen(part: Unseen, theta: Array) -> float:
    from scipy.special import log_ndtr

    return float(log_ndtr(part.sign * (part.selection @ theta[part.g])).sum())


def _slopes(part: Seen, at: _At) -> tuple[Array, ...]:
    """Return the derivatives of eta by x'b, z'g, log sigma and athrho, (m,) each."""
    q = part.sign
    return (
        -q * at.sinh * at.over, q * at.cosh, -q * at.sinh * at.e,
        q * (at.sinh * at.z + at.cosh * at.e),
    )  # fmt: skip


def _gradient(part: Seen, theta: Array) -> list[Array]:
    """Return the derivatives of the log likelihood by the four indices, (m,) each."""
    at = _at(part, theta)
    ratio = mills(at.eta)
    by_b, by_g, by_sigma, by_rho = (ratio * slope for slope in _slopes(part, at))
    return [by_b + at.e * at.over, by_g, by_sigma + at.e**2 - 1.0, by_rho]


def _bends(part: Seen, at: _At) -> dict[tuple[int, int], Array]:
    """Return the second derivatives by the four indices (0 x'b, 1 z'g, 2 log sigma, 3 athrho).

    k e_i e_j + m e_ij of eta's first and second derivatives, m = phi / Phi and k = -m (m + eta),
    plus those of -e^2 / 2.
    """
    q, m = part.sign, mills(at.eta)
    slopes, k = _slopes(part, at), -m * (m + at.eta)
    found = {(i, j): k * slopes[i] * slopes[j] for i in range(4) for j in range(i, 4)}
    found[0, 0] = found[0, 0] - at.over**2
    found[0, 2] = found[0, 2] + m * q * at.sinh * at.over - 2.0 * at.e * at.over
    found[0, 3] = found[0, 3] - m * q * at.cosh * at.over
    found[1, 3] = found[1, 3] + m * q * at.sinh
    found[2, 2] = found[2, 2] + m * q * at.sinh * at.e - 2.0 * at.e**2
    found[2, 3] = found[2, 3] - m * q * at.cosh * at.e
    found[3, 3] = found[3, 3] + m * at.eta
    return found


def _put_scores(found: Array, part: Seen, theta: Array) -> None:
    for at, columns, slope in zip(
        _places(part), _columns(part), _gradient(part, theta), strict=True
    ):
        found[part.rows, at] = columns * slope[:, None]


def _add_hessian(found: Array, part: Seen, theta: Array) -> None:
    places, columns = _places(part), _columns(part)
    for (i, j), bend in _bends(part, _at(part, theta)).items():
        block = columns[i].T @ (columns[j] * bend[:, None])
        found[places[i], places[j]] += block
        if i != j:
            found[places[j], places[i]] += block.T
