"""What every estimator returns: estimates and the pieces that covariances are built from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Linear:
    """A least-squares problem as solved: (n, k) design and (n,) response, weighted, demeaned.

    Leave-one-cluster-out covariances and leverages need it; where it is None they are refused.
    """

    design: Array
    response: Array


@dataclass(frozen=True)
class Derived:
    """A number computed from the estimates: its value and (k,) gradient (delta method)."""

    term: str
    value: float
    gradient: Array
    quantity: str = "ame"
    component: str = ""


@dataclass(frozen=True)
class Fit:
    """A fitted equation.

    Attributes
    ----------
    terms, estimate
        k names and (k,) estimates.
    components, quantities
        What each of the k rows is beside its term (tau=0.25, explained, att(2004,2006)) and of
        which quantity (att, share, variance); empty: coefficients without component.
    bread
        (k, k): (X'X)^-1 for least squares, the inverse of minus the Hessian for likelihoods.
    scores
        (n, k): each row's contribution to the first-order condition (x_i e_i).
    classical
        (k, k) covariance under the model's own assumptions, its scale included.
    df_resid
        Residual degrees of freedom, absorbed effects counted.
    p_values
        By position, of rows whose p value is no function of estimate and error (a joint test's).
    own
        (k, k) covariances that only this estimator has, by the name that ``vcov`` calls them.
    material
        What ``effects/after`` may need of this fit and no row shows (weights, matched pairs).
    nested_levels
        Absorbed levels by cluster column: those nested in its clusters do not count in the
        small-sample factor of that column's covariance.
    """

    terms: tuple[str, ...]
    estimate: Array
    bread: Array
    scores: Array
    classical: Array
    df_resid: float
    linear: Linear | None = None
    distribution: Literal["t", "normal"] = "t"
    r2: float | None = None
    nested_levels: Mapping[str, int] = field(default_factory=dict)
    derived: tuple[Derived, ...] = ()
    dropped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    extras: Mapping[str, Any] = field(default_factory=dict)
    fixed_effects: str = ""
    components: tuple[str, ...] = ()
    quantities: tuple[str, ...] = ()
    p_values: Mapping[int, float] = field(default_factory=dict)
    own: Mapping[str, Array] = field(default_factory=dict)
    material: Mapping[str, Any] = field(default_factory=dict)
