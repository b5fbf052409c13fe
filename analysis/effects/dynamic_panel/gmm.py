"""One- and two-step GMM of panel moments, Windmeijer's correction, tests of overidentification."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.dynamic_panel.moments import Moments

Array = NDArray[np.float64]
# eigenvalues of a scaled moment covariance below this share of the largest count as 0
SINGULAR = 1e-10
# columns that add less than this share of their length to those before them add nothing
COLLINEAR = 1e-9


class NotIdentifiedError(ValueError):
    """The weighted moments do not tell the coefficients apart."""


@dataclass(frozen=True)
class Step:
    """One step of GMM.

    Attributes
    ----------
    estimate, inner
        (K,) coefficients; (K, K) (X'Z A Z'X)^-1.
    gain
        (K, L) inner X'Z A: coefficients are gain times Z'y.
    root
        (L, .) F with F F' = A.
    by_entity
        (N, L) Z_i'e_i.
    singular
        Was the weights' inverse a generalised one?
    """

    estimate: Array
    inner: Array
    gain: Array
    root: Array
    by_entity: Array
    singular: bool

    @property
    def moments(self) -> Array:
        """(L,) Z'e."""
        return np.asarray(self.by_entity.sum(axis=0))

    @property
    def criterion(self) -> float:
        """(Z'e)'A(Z'e)."""
        return float(((self.root.T @ self.moments) ** 2).sum())

    @property
    def covariance(self) -> Array:
        """(L, L) sum of Z_i'e_i e_i'Z_i."""
        return self.by_entity.T @ self.by_entity

    @property
    def influence(self) -> Array:
        """(N, K) an entity's part in the coefficients."""
        return self.by_entity @ self.gain.T


def step(moments: Moments, weights: Array) -> Step:
    """Return the GMM step whose weights are the inverse of ``weights`` (L, L).

    Raises
    ------
    NotIdentifiedError
        If the coefficients cannot be told apart: weights made of N entities have rank N at most.
    """
    root, singular = inverse_root(weights)
    estimate, inner, gain = _solved(root, moments.cross)
    by_entity = np.empty((moments.n_entities, len(weights)))
    for block, part in moments.by_entity():
        by_entity[block] = part[:, :, 0] - part[:, :, 1:] @ estimate
    return Step(estimate, inner, gain, root, by_entity, singular)


def _solved(root: Array, cross: Array) -> tuple[Array, Array, Array]:
    moved = root.T @ cross
    size = np.sqrt((moved[:, 1:] ** 2).sum(axis=0))
    q, r = np.linalg.qr(moved[:, 1:] / size)
    if r.shape[0] < r.shape[1] or np.abs(np.diag(r)).min(initial=1.0) < COLLINEAR:
        raise NotIdentifiedError
    back = np.linalg.inv(r) / size[:, None]
    gain = back @ (root @ q).T
    return back @ (q.T @ moved[:, 0]), back @ back.T, gain


def inverse_root(matrix: Array) -> tuple[Array, bool]:
    """Return (L, r) F with F F' the (generalised) inverse, and whether it is a generalised one."""
    size = np.sqrt(np.clip(np.diag(matrix), 0.0, None))
    size[size == 0.0] = 1.0
    values, vectors = np.linalg.eigh(matrix / np.outer(size, size))
    kept = values > SINGULAR * values[-1]
    root = vectors[:, kept] / np.sqrt(values[kept]) / size[:, None]
    return root, not bool(kept.all())


def robust_one_step(first: Step) -> Array:
    """Return (K, K) gain S gain', S the covariance of the moments at the step's own residuals."""
    return first.influence.T @ first.influence


def windmeijer(moments: Moments, first: Step, second: Step) -> Array:
    """Return the (K, K) covariance of two-step coefficients corrected for estimated weights.

    V2 + D V2 + V2 D' + D V1 D', D the derivative of the second step's coefficients by the first's
    through the weights: column k -V2 X'Z S^-1 (dS/db_k) S^-1 Z'e2, dS/db_k = -sum of
    Z_i'x_ik e1_i'Z_i and its transpose (Windmeijer 2005, Journal of Econometrics 126: 25-51,
    equations 3.2 and 3.3).
    """
    weighted = second.root @ (second.root.T @ second.moments)
    # S^-1 Z'e2 applied before summing over entities: vectors instead of matrices
    fitted = first.by_entity @ weighted
    change = np.zeros((len(weighted), len(second.estimate)))
    for block, part in moments.by_entity():
        x = part[:, :, 1:]
        change += np.einsum("nlk,n->lk", x, fitted[block])
        change += first.by_entity[block].T @ np.einsum("nlk,l->nk", x, weighted)
    d = second.gain @ change
    v1, v2 = robust_one_step(first), second.inner
    return v2 + d @ v2 + v2 @ d.T + d @ v1 @ d.T


# --- tests ------------------------------------------------------------------------------------


def hansen(moments: Moments, first: Step, rows: list[int]) -> float:
    """Return the smallest criterion of the moments ``rows`` under the first step's covariance.

    The same covariance for all moments and for some keeps the difference of two of them from
    being negative (Hayashi 2000, Econometrics, section 3.6).

    Raises
    ------
    NotIdentifiedError
        If these moments do not tell the coefficients apart.
    """
    root, _ = inverse_root(first.covariance[np.ix_(rows, rows)])
    cross = moments.cross[rows]
    estimate, _, _ = _solved(root, cross)
    rest = root.T @ (cross[:, 0] - cross[:, 1:] @ estimate)
    return float(rest @ rest)
