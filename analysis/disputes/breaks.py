"""Tests for a break in log cases accepted, 1994 on: at 2008, and at a date not known beforehand.

1992 and 1993 are missing, so the unbroken series begins in 1994; nothing is interpolated. Some 25
annual points date a break roughly at best, and cannot tell two laws four months apart from each
other or from the crisis of the same year.
"""

import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.sources import YearlySeries

FIRST, KNOWN_BREAK = 1994, 2008
# with more lags the auxiliary regression on some 25 points loses its rank
LAGS = 1
COLUMNS = ["test", "statistic", "p_value", "critical_5_percent", "break_year", "n_obs", "model",
           "reads_en", "reads_zh", "inputs_status"]  # fmt: skip
READS = {
    "chow_2008": (
        "tests a break at a date given beforehand; errors are taken as independent, which yearly "
        "levels are not, so the p value is too small",
        "检验事先给定年份的断点；假定误差独立，年度水平数据并不满足，故 p 值偏小",
    ),
    "zivot_andrews": (
        "unit root against a trend with one break of unknown date; the year is where the case for "
        "a break is strongest, with an error of some years on so few points",
        "单位根对带一个未知断点的趋势；所示年份为证据最强之处，样本少，误差可达数年",
    ),
    "cusum_ols": (
        "tests constancy of the trend without a date; low power with some 25 points",
        "不设日期地检验趋势稳定性；约二十五个观测值，功效低",
    ),
}


def breaks_table(series: YearlySeries) -> pd.DataFrame:
    """Return one row a test (columns ``COLUMNS``) on ln cases with a linear trend."""
    levels = series.levels(start=FIRST)
    _require_unbroken(levels)
    logs, years = np.log(levels.to_numpy()), levels.index.to_numpy()
    tests: list[Callable[[NDArray, NDArray], dict[str, object]]] = [
        chow_test,
        zivot_andrews_test,
        cusum_test,
    ]
    rows = [test(logs, years) for test in tests]
    table = pd.DataFrame(rows).assign(
        n_obs=len(logs), inputs_status=series.weakest_status(levels.index)
    )
    reads = table["test"].map(READS)
    return table.assign(reads_en=reads.str[0], reads_zh=reads.str[1])[COLUMNS]


def _require_unbroken(levels: pd.Series) -> None:
    if list(levels.index) != list(range(levels.index[0], levels.index[-1] + 1)):
        raise ValueError("the series has a missing year; nothing is interpolated")


def _residual_sum(logs: NDArray, years: NDArray) -> float:
    design = np.column_stack([np.ones(len(years)), years - years[0]])
    coefficients = np.linalg.lstsq(design, logs, rcond=None)[0]
    return float(((logs - design @ coefficients) ** 2).sum())


def chow_test(logs: NDArray, years: NDArray, at: int = KNOWN_BREAK) -> dict[str, object]:
    """Return the Chow test of one trend against two, before and from ``at`` on.

    F = ((S - S1 - S2) / k) / ((S1 + S2) / (n - 2k)), k = 2 (Chow 1960, Econometrica 28: 591-605).
    """
    from scipy.stats import f

    before, parameters = years < at, 2
    free = _residual_sum(logs[before], years[before]) + _residual_sum(logs[~before], years[~before])
    rest = len(logs) - 2 * parameters
    statistic = ((_residual_sum(logs, years) - free) / parameters) / (free / rest)
    return {
        "test": "chow_2008",
        "statistic": statistic,
        "p_value": float(f.sf(statistic, parameters, rest)),
        "critical_5_percent": float(f.isf(0.05, parameters, rest)),
        "break_year": at,
        "model": "ln cases = a + b t, both may change",
    }


def zivot_andrews_test(logs: NDArray, years: NDArray) -> dict[str, object]:
    """Return the Zivot-Andrews (1992) test: break in intercept and trend, up to one lag."""
    from statsmodels.tsa.stattools import zivot_andrews

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        statistic, p_value, critical, _, position = zivot_andrews(
            logs, maxlag=LAGS, regression="ct"
        )
    return {
        "test": "zivot_andrews",
        "statistic": float(statistic),
        "p_value": float(p_value),
        "critical_5_percent": float(critical["5%"]),
        # the position found is the last of the old regime; the break is the year after
        "break_year": int(years[position]) + 1,
        "model": "ln cases, break in intercept and trend",
    }


def cusum_test(logs: NDArray, years: NDArray) -> dict[str, object]:
    """Return the CUSUM test on least-squares residuals (Ploberger and Kraemer 1992)."""
    from statsmodels.regression.linear_model import OLS
    from statsmodels.stats.diagnostic import breaks_cusumolsresid
    from statsmodels.tools import add_constant

    residuals = OLS(logs, add_constant(years - years[0])).fit().resid
    statistic, p_value, critical = breaks_cusumolsresid(residuals, ddof=2)
    return {
        "test": "cusum_ols",
        "statistic": float(statistic),
        "p_value": float(p_value),
        "critical_5_percent": float(dict(critical)[5]),
        "break_year": "",
        "model": "ln cases = a + b t",
    }
