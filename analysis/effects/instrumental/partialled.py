"""An instrumented equation with its exogenous terms taken out: what its diagnostics share."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import linalg

from analysis.effects.fit import Fit
from analysis.effects.inference.covariance import Covariance, covariance
from analysis.effects.instrumental.instruments import Instrumented
from analysis.effects.instrumental.moments import basis, root_of

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Partialled:
    """Outcome (n,), endogenous (n, p), orthonormal instruments (n, q), and the way back.

    ``back`` (q, q) takes coefficients on the basis to those on the instruments as they are.
    """

    y: Array
    x: Array
    q: Array
    back: Array
    df_resid: int
    nested_levels: Mapping[str, int]
    vcov: str
    clusters: pd.DataFrame

    @property
    def n_instruments(self) -> int:
        """Excluded instruments."""
        return self.q.shape[1]


def partialled(asked: Instrumented, vcov: str, clusters: pd.DataFrame) -> Partialled:
    """Take the included exogenous columns out of outcome, endogenous terms and instruments."""
    own = basis(asked.included)

    def rest(columns: Array) -> Array:
        once = columns - own @ (own.T @ columns)
        return once - own @ (own.T @ once)

    z = rest(asked.z[:, asked.included.shape[1] :])
    size = np.sqrt((z**2).sum(axis=0))
    q, r = linalg.qr(z / size, mode="economic")
    return Partialled(
        y=rest(asked.y),
        x=rest(asked.x[:, list(asked.endogenous)]),
        q=q,
        back=linalg.solve_triangular(r, np.eye(len(r))) / size[:, None],
        df_resid=len(asked.y) - asked.z.shape[1] - asked.absorbed_levels,
        nested_levels=asked.nested_levels,
        vcov=vcov,
        clusters=clusters,
    )


def regression_on_instruments(part: Partialled, target: Array) -> tuple[Array, Covariance]:
    """Return the (q,) coefficients of ``target`` on Q, and their covariance."""
    estimate = part.q.T @ target
    residuals = target - part.q @ estimate
    unit = np.eye(part.n_instruments)
    fit = Fit(
        terms=tuple(f"q{j}" for j in range(part.n_instruments)),
        estimate=estimate,
        bread=unit,
        scores=part.q * residuals[:, None],
        classical=unit * float(residuals @ residuals) / part.df_resid,
        df_resid=part.df_resid,
        nested_levels=part.nested_levels,
    )
    return estimate, covariance(fit, part.vcov, part.clusters)


def wald(estimate: Array, matrix: Array) -> float:
    """Return b'V^-1 b; NaN where V is not positive definite."""
    root = root_of(matrix)
    if root is None:
        return float("nan")
    scaled = linalg.solve_triangular(root, estimate, lower=True)
    return float(scaled @ scaled)
