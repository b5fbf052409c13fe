"""Average marginal effects on E[y | x] = P(x'a) M(x'b): a chance times a conditional mean.

The effects, discrete and derivative, are those of marginal_effects.py with a product in place of
one curve; gradients run over (a, b, M's own parameters).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.fit import Derived
from analysis.effects.likelihoods.marginal_effects import (
    CHOICES,
    OPTION,
    Curve,
    Regressors,
    average_effects,
    move_terms,
    set_to,
    take_apart,
)
from analysis.effects.linear_models.least_squares import CONSTANT
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]


class Part(NamedTuple):
    """A factor of the mean: its terms, (n, k) design of all rows, (k,) coefficients, curve."""

    columns: pd.DataFrame
    coefficients: Array
    curve: Callable[[Array], Curve]


class At(NamedTuple):
    """A part at some values of the regressors: design, its derivative, the curve there."""

    design: Array
    slopes: Array
    curve: Curve


def part_of(
    sample: Sample,
    terms: Sequence[str],
    coefficients: Array,
    curve: Callable[[Array], Curve],
) -> Part:
    """Return a part whose design holds these terms for every row of the sample."""
    whole = sample.regressors.assign(**{CONSTANT: 1.0})[list(terms)]
    return Part(whole, coefficients, curve)


def effects_of_parts(
    sample: Sample, equation: Equation, first: Part, second: Part, names: tuple[str, str, str]
) -> tuple[tuple[Derived, ...], tuple[str, ...]]:
    """Return the effects on P, on M and on their product, each averaged over all rows; notes.

    ``names`` are the components of the three.
    """
    sizes = [len(p.coefficients) + p.curve(np.zeros(1)).tail.shape[1] for p in (first, second)]
    alone = [
        average_effects(
            sample, equation, list(p.columns), p.columns.to_numpy(float), p.coefficients, p.curve,
            component=name,
        )
        for p, name in zip((first, second), names[:2], strict=True)
    ]  # fmt: skip
    padded = [
        *(_padded(one, 0, sizes[1]) for one in alone[0][0]),
        *(_padded(one, sizes[0], 0) for one in alone[1][0]),
    ]
    notes = tuple(dict.fromkeys([*alone[0][1], *alone[1][1]]))
    return (*padded, *_of_product(sample, equation, first, second, names[2])), notes


def _padded(derived: Derived, before: int, behind: int) -> Derived:
    return replace(derived, gradient=np.pad(derived.gradient, (before, behind)))


def _of_product(
    sample: Sample, equation: Equation, first: Part, second: Part, component: str
) -> list[Derived]:
    taken = take_apart(sample, equation)
    discrete = equation.options.get(OPTION, CHOICES[0]) == CHOICES[0]
    rows = []
    for name, values in taken.movers.items():
        switch = discrete and set(np.unique(values)) <= {0.0, 1.0}
        value, gradient = (_switched if switch else _slope)(taken, name, values, first, second)
        if gradient.any():
            rows.append(Derived(name, value, gradient, component=component))
    return rows


# --- one regressor ----------------------------------------------------------------------------


def _switched(
    taken: Regressors, name: str, values: Array, first: Part, second: Part
) -> tuple[float, Array]:
    """Return the mean of PM at 1 less that at 0, and its gradient."""
    means, gradients = [], []
    for level in (1.0, 0.0):
        p, m = (_at(part, set_to(taken, name, level, part.columns)) for part in (first, second))
        means.append(float((p.curve.value * m.curve.value).mean()))
        gradients.append(np.concatenate([
            p.design.T @ (p.curve.slope * m.curve.value),
            m.design.T @ (p.curve.value * m.curve.slope), m.curve.tail.T @ p.curve.value,
        ]) / len(values))  # fmt: skip
    return means[0] - means[1], gradients[0] - gradients[1]


def _at(part: Part, design: Array, slopes: Array | None = None) -> At:
    nothing = np.zeros((0, 0)) if slopes is None else slopes
    return At(design, nothing, part.curve(design @ part.coefficients))


def _slope(
    taken: Regressors, name: str, values: Array, first: Part, second: Part
) -> tuple[float, Array]:
    """Return the mean of P' M x'a + P M' x'b, primes on x'a, x'b for their derivatives."""
    moved = {name: (values, np.ones(len(values)))}
    p, m = (_at(part, *move_terms(taken, moved, part.columns)) for part in (first, second))
    dp, dm = p.slopes @ first.coefficients, m.slopes @ second.coefficients
    p_, m_ = p.curve, m.curve
    value = float((p_.slope * m_.value * dp + p_.value * m_.slope * dm).mean())
    both = p_.slope * m_.slope
    gradient = np.concatenate([
        p.design.T @ (p_.curvature * m_.value * dp + both * dm)
        + p.slopes.T @ (p_.slope * m_.value),
        m.design.T @ (both * dp + p_.value * m_.curvature * dm)
        + m.slopes.T @ (p_.value * m_.slope),
        m_.tail.T @ (p_.slope * dp) + m_.slope_tail.T @ (p_.value * dm),
    ])  # fmt: skip
    return value, gradient / len(values)
