"""Estimated vectors, with their derivatives by what was estimated first: the delta method.

What was estimated first (means, coefficients) has an influence function; sums and products of it
carry small matrices of derivatives along, and the (n, m) influence is worked out once, at the end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Influence:
    """f_i of a (k,) estimate for the rows that have one; the others have none."""

    rows: Rows
    values: Array


@dataclass(frozen=True)
class Estimated:
    """(k,) values and their (k, m) derivatives by each (m,) first estimate, by its name."""

    value: Array
    slopes: Mapping[str, Array]

    def __add__(self, other: "Estimated") -> "Estimated":
        return Estimated(self.value + other.value, _added(self.slopes, other.slopes))

    def __sub__(self, other: "Estimated") -> "Estimated":
        return self + other.scaled(-1.0)

    def __mul__(self, other: "Estimated") -> "Estimated":
        """Element by element; d(ab) = a db + b da."""
        one = {name: other.value[:, None] * slope for name, slope in self.slopes.items()}
        two = {name: self.value[:, None] * slope for name, slope in other.slopes.items()}
        return Estimated(self.value * other.value, _added(one, two))

    def scaled(self, by: float) -> "Estimated":
        """Return a known multiple."""
        return Estimated(self.value * by, {name: s * by for name, s in self.slopes.items()})

    def combined(self, matrix: Array) -> "Estimated":
        """Return A b for a known (m, k) matrix A."""
        return Estimated(matrix @ self.value, {n: matrix @ s for n, s in self.slopes.items()})


def first(name: str, value: Array) -> Estimated:
    """Return a first estimate, under the name of its influence."""
    return Estimated(value, {name: np.eye(len(value))})


def fixed(estimated: Estimated) -> Estimated:
    """Return the values as known: without sampling error."""
    return Estimated(estimated.value, {})


def beside(parts: Sequence[Estimated]) -> Estimated:
    """Return several one after the other."""
    names = {name: slope.shape[1] for part in parts for name, slope in part.slopes.items()}
    return Estimated(
        np.concatenate([part.value for part in parts]),
        {
            name: np.vstack(
                [part.slopes.get(name, np.zeros((len(part.value), k))) for part in parts]
            )
            for name, k in names.items()
        },
    )


def influence_of(estimated: Estimated, firsts: Mapping[str, Influence], n: int) -> Array:
    """Return the (n, k) influence: sum over first estimates of f_i times the derivative."""
    total = np.zeros((n, len(estimated.value)))
    for name, slope in estimated.slopes.items():
        total[firsts[name].rows] += firsts[name].values @ slope.T
    return total


def _added(one: Mapping[str, Array], two: Mapping[str, Array]) -> dict[str, Array]:
    return {
        name: sum((s[name] for s in (one, two) if name in s), start=np.zeros(1))
        for name in dict.fromkeys([*one, *two])
    }
