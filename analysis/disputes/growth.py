"""Average yearly growth by every definition in use, for a run of yearly levels x_0 ... x_T.

The article says "average annual growth" and does not say which average. China's statistical office
has two official ones, 水平法 (compound) and 累计法 (cumulative); neither is the arithmetic mean.
All functions take levels in time order and return a share a year (0.2 is 20 %).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from analysis.messages import Text

Levels = NDArray[np.float64]


def yearly_rates(levels: Levels) -> Levels:
    """Return x_t / x_{t-1} - 1 for t = 1 ... T; one value fewer than there are levels."""
    return levels[1:] / levels[:-1] - 1.0


def arithmetic_mean(levels: Levels) -> float:
    """Return (1/T) * sum of the yearly rates."""
    return float(yearly_rates(levels).mean())


def compound(levels: Levels) -> float:
    """Return (x_T / x_0)^(1/T) - 1, the NBS's level method (水平法): the ends alone matter."""
    return compound_of_ends(float(levels[0]), float(levels[-1]), len(levels) - 1)


def nbs_cumulative(levels: Levels) -> float:
    """Return g with x_0 * sum_{t=1..T} (1+g)^t = sum_{t=1..T} x_t, the NBS's 累计法."""
    exponents = np.arange(1, len(levels))
    target = levels[1:].sum() / levels[0]
    return float(brentq(lambda g: ((1.0 + g) ** exponents).sum() - target, -0.99, 10.0, xtol=1e-14))


def mean_log(levels: Levels) -> float:
    """Return the mean of ln x_t - ln x_{t-1} (a log rate, not turned back into a share)."""
    return float(np.diff(np.log(levels)).mean())


def log_trend(levels: Levels) -> float:
    """Return exp(b) - 1, b the least-squares slope of ln x_t on t."""
    slope = np.polyfit(np.arange(len(levels)), np.log(levels), 1)[0]
    return float(np.exp(slope) - 1.0)


def median(levels: Levels) -> float:
    """Return the median of the yearly rates."""
    return float(np.median(yearly_rates(levels)))


def rounded_rates_mean(levels: Levels) -> float:
    """Return the mean of the yearly rates, each first rounded to 0.1 % as communiques print it."""
    return float(np.round(yearly_rates(levels), 3).mean())


def pooled_increments(levels: Levels) -> float:
    """Return (x_T - x_0) / (x_0 + ... + x_{T-1}): all increments over all bases."""
    return float((levels[-1] - levels[0]) / levels[:-1].sum())


@dataclass(frozen=True)
class Definition:
    """One definition of average growth: its function, its name, and which levels it uses."""

    rate: Callable[[Levels], float]
    label: Text
    uses_ends_only: bool = False


DEFINITIONS: dict[str, Definition] = {
    "arithmetic_mean": Definition(
        arithmetic_mean, Text("arithmetic mean of yearly rates", "各年增长率的算术平均")
    ),
    "compound": Definition(compound, Text("compound rate (水平法)", "水平法（几何平均）"), True),
    "nbs_cumulative": Definition(nbs_cumulative, Text("cumulative method (累计法)", "累计法")),
    "mean_log": Definition(mean_log, Text("mean log change", "对数差平均"), True),
    "log_trend": Definition(log_trend, Text("log-linear trend", "对数线性趋势")),
    "median": Definition(median, Text("median of yearly rates", "各年增长率的中位数")),
    "rounded_rates_mean": Definition(
        rounded_rates_mean, Text("mean of rates rounded to 0.1 %", "增长率取一位小数后平均")
    ),
    "pooled_increments": Definition(
        pooled_increments, Text("sum of increments over sum of bases", "增量之和除以基数之和")
    ),
}

ROUNDED_INPUTS = "rounded_inputs_compound"
ROUNDED_INPUTS_LABEL = Text(
    "compound rate from the rounded end points", "按文中取整的首尾数计算的水平法"
)


def label_of(definition: str) -> Text:
    """Return the name of a definition in both languages."""
    if definition == ROUNDED_INPUTS:
        return ROUNDED_INPUTS_LABEL
    return DEFINITIONS[definition].label


def without_step(levels: Levels, step: int) -> Levels:
    """Return the levels with the growth of one step taken out (the rest chained on).

    ``step`` counts from 1: step t goes from x_{t-1} to x_t. Every yearly rate but that one is
    kept, so every definition above stays defined.
    """
    factor = levels[step] / levels[step - 1]
    return np.concatenate([levels[:step], levels[step + 1 :] / factor])


def compound_of_ends(first: float, last: float, years: int) -> float:
    """Return (last / first)^(1/years) - 1; for end points as printed, rounded, as well."""
    return (last / first) ** (1.0 / years) - 1.0


def rates_by_definition(levels: Sequence[float]) -> dict[str, float]:
    """Return the average growth (share a year) of ``levels`` by each of ``DEFINITIONS``."""
    array = np.asarray(levels, dtype=float)
    return {name: definition.rate(array) for name, definition in DEFINITIONS.items()}
