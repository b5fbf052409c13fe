"""Least squares of every specification, with what the draws under its null need.

Rows are passed once a sample: products of all columns by group of rows (a cluster, or rows put
together at random). From them any specification follows, its clustered or classical error and its
bootstrap; heteroskedastic errors need the rows again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.fit import Linear
from analysis.effects.multiplicity.wild_draws import (
    Hypothesis,
    restricted_and_own,
    robust_hypothesis,
)
from analysis.effects.specifications.choices import Choices, Specification

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
# an eigenvalue of the scaled gram below this share of the largest is collinearity
RANK = 1e-10
CONSTANT = "const"


@dataclass(frozen=True)
class Table:
    """One sample's columns, centred and scaled on all rows, and their products by group.

    ``columns`` (n, p) with ``names``; ``products`` (G, p, p); ``scale`` (p,);
    ``codes`` (n,) groups.
    """

    names: tuple[tuple[str, str], ...]
    columns: Array
    scale: Array
    codes: Codes
    products: Array

    def places(self, keys: list[tuple[str, str]]) -> list[int]:
        """Return the positions of (kind, name) columns."""
        return [self.names.index(key) for key in keys]


@dataclass(frozen=True)
class Solved:
    """One specification: estimate, error, degrees of freedom, rows and its null; units as given."""

    specification: Specification
    estimate: float
    error: float
    df_resid: int
    n_obs: int
    unit: float
    hypothesis: Hypothesis


def table_of(
    choices: Choices, controls: dict[str, Array], rows: NDArray[np.bool_], codes: Codes, groups: int
) -> Table:
    """Return the columns of one sample's rows; ``controls`` holds (n,) design columns by name."""
    keyed = {
        (CONSTANT, CONSTANT): np.ones(len(rows)),
        **{("treatment", name): values for name, values in choices.treatments.items()},
        **{("control", name): values for name, values in controls.items()},
        **{("outcome", name): values for name, values in choices.outcomes.items()},
    }
    columns = np.column_stack(list(keyed.values()))[rows]
    columns[:, 1:] -= columns[:, 1:].mean(axis=0)
    scale = np.sqrt((columns**2).mean(axis=0))
    scale[scale == 0.0] = 1.0
    columns = columns / scale
    return Table(tuple(keyed), columns, scale, codes[rows], _products(columns, codes[rows], groups))


def _products(columns: Array, codes: Codes, groups: int) -> Array:
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(groups + 1))
    result = np.zeros((groups, columns.shape[1], columns.shape[1]))
    for group in range(groups):
        part = columns[order[bounds[group] : bounds[group + 1]]]
        result[group] = part.T @ part
    return result


def solved(table: Table, choices: Choices, specification: Specification) -> Solved | None:
    """Return a specification solved; None where its treatment has no variation of its own."""
    controls = [name for term in specification.controls for name in choices.columns[term]]
    keys = [("treatment", specification.treatment), (CONSTANT, CONSTANT)]
    keys += [("control", name) for name in controls]
    at, y = table.places(keys), table.places([("outcome", specification.outcome)])[0]
    gram = table.products[:, at][:, :, at]
    inverse, rank = _inverse(gram.sum(axis=0))
    others, _ = _inverse(gram.sum(axis=0)[1:, 1:])
    beside = gram.sum(axis=0)[0, 1:]
    n = len(table.columns)
    left = gram.sum(axis=0)[0, 0] - beside @ others @ beside
    df = n - rank
    if not left > RANK * n or df < 1:
        return None
    hypothesis = _hypothesis(table, at, y, inverse, specification.vcov, df)
    unit = float(table.scale[y] / table.scale[at[0]])
    return Solved(
        specification, hypothesis.estimate * unit, hypothesis.error * unit, df, n, unit, hypothesis
    )


def _inverse(gram: Array) -> tuple[Array, int]:
    """Return the pseudo-inverse of a symmetric matrix and its rank."""
    sizes, vectors = np.linalg.eigh(gram)
    kept = sizes > RANK * sizes[-1]
    return (vectors[:, kept] / sizes[kept]) @ vectors[:, kept].T, int(kept.sum())


def _hypothesis(
    table: Table, at: list[int], y: int, inverse: Array, vcov: str, df: int
) -> Hypothesis:
    if vcov == "HC1":
        linear = Linear(table.columns[:, at], table.columns[:, y])
        return robust_hypothesis(linear, inverse, 0, table.codes, len(table.products), df)
    gram, cross = table.products[:, at][:, :, at], table.products[:, at, y]
    restricted, own = restricted_and_own(inverse, cross.sum(axis=0), 0)
    scores, own_scores = cross - gram @ restricted, cross - gram @ own
    if vcov == "classical":
        square = table.products[:, y, y]
        # u'u by group under the null and the residual sum of squares without it
        weight = square - 2.0 * cross @ restricted + (gram @ restricted) @ restricted
        rss = float(square.sum() - own @ cross.sum(axis=0))
        share = inverse[0, 0] / df
        return Hypothesis(
            0, float(own[0]), float(np.sqrt(share * rss)), scores, share * weight,
            share * scores, share * gram.sum(axis=0), inverse,
        )  # fmt: skip
    present = int((gram[:, 1, 1] > 0.0).sum())
    factor = present / (present - 1) * (len(table.columns) - 1) / df
    spread, weight = gram @ inverse[0], scores @ inverse[0]
    parts = own_scores @ inverse[0]
    return Hypothesis(
        0, float(own[0]), float(np.sqrt(factor * (parts @ parts))), scores, factor * weight**2,
        factor * spread * weight[:, None], factor * (spread.T @ spread), inverse,
    )  # fmt: skip


def drawn(specifications: list[Solved], blocks: Iterator[Array]) -> tuple[Array, Array]:
    """Return (B, m) estimates and t statistics under the null, the draws shared."""
    estimates, statistics = [], []
    for block in blocks:
        pairs = [one.hypothesis.drawn(block) for one in specifications]
        estimates.append(np.column_stack([b for b, _ in pairs]))
        statistics.append(np.column_stack([t for _, t in pairs]))
    units = np.array([one.unit for one in specifications])
    return np.concatenate(estimates) * units, np.concatenate(statistics)
