"""2008 against what 1996-2007 led one to expect: four paths, all shown, none chosen by result.

Annual national data cannot separate the two laws of 2008 from each other or from the crisis, and
accepted cases measure access to arbitration, not conflict.
"""

import warnings
from typing import Any

import numpy as np
import pandas as pd

from analysis.disputes.growth import arithmetic_mean
from analysis.sources import YearlySeries

FIRST, LAST, TARGET = 1996, 2007, 2008
HORIZON = 5
LEVEL = 0.95
COLUMNS = [
    "method",
    "year",
    "expected_cases",
    "low_95",
    "high_95",
    "actual_cases",
    "excess_percent",
    "inputs_status",
]
METHODS = ("log_linear_trend", "arithmetic_growth_path", "ets_a_ad_n", "arima_110_drift")


def counterfactual_table(series: YearlySeries) -> pd.DataFrame:
    """Return the expected cases of 2008 and the years after by each method (``COLUMNS``).

    Methods are fitted on 1996-2007 only. Intervals are 95 % prediction intervals; the two
    deterministic paths have none. ``excess_percent`` is actual over expected, less 1.
    """
    levels = series.levels(FIRST, LAST)
    years = list(range(TARGET, TARGET + HORIZON))
    paths = {
        "log_linear_trend": _log_linear(levels, years),
        "arithmetic_growth_path": _arithmetic_path(levels, years),
        "ets_a_ad_n": _ets(levels),
        "arima_110_drift": _arima(levels),
    }
    rows = []
    for method in METHODS:
        for year, (expected, low, high) in zip(years, paths[method], strict=True):
            actual = series.values[year]
            status = series.weakest_status([*levels.index, year])
            excess = 100.0 * (actual / expected - 1.0)
            rows.append((method, year, expected, low, high, actual, excess, status))
    return pd.DataFrame(rows, columns=COLUMNS)


def _log_linear(levels: pd.Series, years: list[int]) -> list[tuple[float, float, float]]:
    """ln x_t = a + b t by least squares; exp(a + b t) beyond the sample."""
    slope, intercept = np.polyfit(levels.index.to_numpy(float), np.log(levels.to_numpy()), 1)
    return [(float(np.exp(intercept + slope * year)), np.nan, np.nan) for year in years]


def _arithmetic_path(levels: pd.Series, years: list[int]) -> list[tuple[float, float, float]]:
    """x_T (1 + g)^h, g the arithmetic mean of the yearly rates."""
    growth = 1.0 + arithmetic_mean(levels.to_numpy())
    return [(float(levels[LAST] * growth ** (year - LAST)), np.nan, np.nan) for year in years]


def _log_series(levels: pd.Series) -> pd.Series:
    index = pd.PeriodIndex([str(year) for year in levels.index], freq="Y")
    return pd.Series(np.log(levels.to_numpy()), index=index)


def _ets(levels: pd.Series) -> list[tuple[float, float, float]]:
    """Additive errors, damped additive trend, no season, on log cases (Hyndman et al. 2008, ch. 2).

    Returned on the scale of cases: the exponentials of the mean and of the interval's ends.
    """
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    model = ETSModel(_log_series(levels), error="add", trend="add", damped_trend=True)
    with warnings.catch_warnings():
        # standard errors of parameters on their bounds are undefined; none is used here
        warnings.simplefilter("ignore")
        fitted = model.fit(disp=False)
    frame = fitted.get_prediction(start=len(levels), end=len(levels) + HORIZON - 1).summary_frame(
        alpha=1.0 - LEVEL
    )
    return _exponentials(frame[["mean", "pi_lower", "pi_upper"]])


def _arima(levels: pd.Series) -> list[tuple[float, float, float]]:
    """(1 - phi B)(ln x_t - ln x_{t-1} - mu) = e_t by exact maximum likelihood."""
    from statsmodels.tsa.arima.model import ARIMA

    # with one difference a linear trend in levels is the drift of the differences
    model = ARIMA(_log_series(levels), order=(1, 1, 0), trend="t")
    fitted = model.smooth(_where_the_score_is_zero(model, model.fit().params.to_numpy()))
    frame = fitted.get_forecast(HORIZON).summary_frame(alpha=1.0 - LEVEL)
    return _exponentials(frame[["mean", "mean_ci_lower", "mean_ci_upper"]])


def _where_the_score_is_zero(model: Any, start: np.ndarray) -> np.ndarray:
    """Return the maximum that the search stopped short of, to the last digits that doubles carry.

    A search by function values stops where they are flat, elsewhere on every processor: five
    years ahead that moved the interval's end by 1e-4 of itself.
    """
    from scipy.optimize import root

    found = root(model.score, start, tol=1e-13)
    if not np.abs(found.fun).max() < 1e-5:
        raise ArithmeticError(f"the likelihood's score is not zero: {found.message}")
    return found.x


def _exponentials(frame: pd.DataFrame) -> list[tuple[float, float, float]]:
    return [
        (float(mean), float(low), float(high)) for mean, low, high in np.exp(frame.to_numpy(float))
    ]
