"""From a least-squares solution to a Fit: shared by every linear estimator."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.effects.fit import Fit, Linear
from analysis.effects.linear_models.least_squares import CONSTANT, columns_at, solve
from analysis.effects.sample import Sample
from analysis.messages import UserError

Array = NDArray[np.float64]


def require_variation(sample: Sample) -> None:
    """Refuse a treatment that never varies.

    Raises
    ------
    UserError
        If the first treatment has one value only.
    """
    for term in sample.treatments:
        if term in sample.regressors and sample.regressors[term].nunique() < 2:
            raise UserError("never_varies", term=term, n=sample.n_obs)


def fit_linear(
    terms: Sequence[str],
    design: Array,
    response: Array,
    *,
    constant: bool,
    weights: Array | None = None,
    absorbed_levels: int = 0,
    nested_levels: Mapping[str, int] | None = None,
    equation: str = "",
    **more: object,
) -> Fit:
    """Fit y = X b + e by (weighted) least squares, a constant put first where ``constant``.

    Classical covariance s^2 (X'WX)^-1, s^2 = e'We / (n - k - absorbed).

    Raises
    ------
    UserError
        If there are no more rows than parameters.
    """
    names = [*([CONSTANT] if constant else []), *terms]
    # a column lies in one piece: sums by column and by group read it once
    full = np.vstack([np.ones(len(response)), design.T]).T if constant else design
    root = None if weights is None else np.sqrt(weights)
    x, y = (full, response) if root is None else (full * root[:, None], response * root)
    at = 0 if constant and root is None else None
    solution = solve(x, y, at)
    kept = list(solution.kept)
    df_resid = len(y) - len(kept) - absorbed_levels
    if df_resid <= 0:
        raise UserError("too_few_rows", equation=equation, n=len(y), k=len(y) - df_resid)
    rss = float(solution.residuals @ solution.residuals)
    total = _total(y, full, root, constant)
    return Fit(
        terms=tuple(names[j] for j in kept),
        estimate=solution.estimate,
        bread=solution.bread,
        scores=columns_at(x, kept) * solution.residuals[:, None],
        classical=solution.bread * rss / df_resid,
        df_resid=df_resid,
        linear=Linear(columns_at(x, kept), y),
        # an outcome that never varies has no share to explain
        r2=1.0 - rss / total if total > 0.0 else None,
        nested_levels=dict(nested_levels or {}),
        dropped=tuple(name for j, name in enumerate(names) if j not in kept),
        **more,  # type: ignore[arg-type]
    )


def _total(y: Array, full: Array, root: Array | None, constant: bool) -> float:
    """Return the total sum of squares, around the (weighted) mean where there is a constant."""
    if not constant:
        return float(y @ y)
    ones = np.ones(len(y)) if root is None else root
    rest = y - ones * float(ones @ y) / float(ones @ ones)
    return float(rest @ rest)
