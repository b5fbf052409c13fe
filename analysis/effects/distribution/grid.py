"""The quantiles that an equation asks for, and how their rows are named."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.effects.refusals import needs
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]
QUANTILES = "quantiles"
DEFAULT = (0.1, 0.25, 0.5, 0.75, 0.9)


def quantiles_of(equation: Equation, default: Sequence[float] = DEFAULT) -> tuple[float, ...]:
    """Return the option ``quantiles``, in order.

    Raises
    ------
    UserError
        If it is no list of different numbers strictly between 0 and 1.
    """
    values = numbers_of(equation, QUANTILES, default)
    outside = [value for value in values if not 0.0 < value < 1.0]
    if outside:
        raise needs(
            equation, f"quantiles between 0 and 1 (not {outside[0]:g})",
            f"介于 0 与 1 之间的 quantiles（不含 {outside[0]:g}）",
        )  # fmt: skip
    return values


def numbers_of(equation: Equation, option: str, default: Any = None) -> tuple[float, ...]:
    """Return an option that lists numbers, in order.

    Raises
    ------
    UserError
        If it is no list of different finite numbers.
    """
    given = equation.options.get(option, default)
    values = given if isinstance(given, list | tuple) else [given]
    plain = all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
    if not values or not plain or not np.isfinite(values).all() or len(set(values)) < len(values):
        raise needs(
            equation, f"{option} = a list of different numbers (not {given})",
            f"{option} 为互不相同的数的列表（不是 {given}）",
        )  # fmt: skip
    return tuple(sorted(float(value) for value in values))


def flag_of(equation: Equation, option: str) -> bool:
    """Return an option that is true or false, false without it.

    Raises
    ------
    UserError
        If it is neither.
    """
    value = equation.options.get(option, False)
    if not isinstance(value, bool):
        raise needs(equation, f"{option} = true or false", f"{option} 为 true 或 false")
    return value


def at_quantile(tau: float) -> str:
    """Return the component of a row at a quantile."""
    return f"tau={tau:g}"


def require_tails(equation: Equation, n: int, k: int, quantiles: Sequence[float]) -> None:
    """Refuse a quantile with fewer rows beyond it than there are terms.

    Raises
    ------
    UserError
        Naming the first such quantile.
    """
    for tau in quantiles:
        beyond = n * min(tau, 1.0 - tau)
        if beyond < k:
            raise needs(
                equation,
                f"at least {k} rows, one a term, beyond each quantile "
                f"({at_quantile(tau)} of {n} rows leaves {beyond:.1f})",
                f"每个分位点之外至少 {k} 个观测"
                f"（{n} 个观测的 {at_quantile(tau)} 仅余 {beyond:.1f} 个）",
            )


def weights_of(sample: Sample, equation: Equation) -> Array:
    """Return the (n,) weights, mean one; ones without any.

    Raises
    ------
    UserError
        If one is not positive.
    """
    if sample.weights is None:
        return np.ones(sample.n_obs)
    if sample.weights.min() <= 0.0:
        raise needs(equation, "weights above zero", "取正值的权重")
    return sample.weights / sample.weights.mean()
