"""Mantel-Haenszel pooled odds ratio over strata: sum(a d / n) / sum(b c / n).

a, b: treated rows with and without the outcome, c, d: untreated ones, n = a + b + c + d, by
stratum (Mantel and Haenszel 1959, J. Natl. Cancer Inst. 22: 719-748).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.effects.about import About
from analysis.effects.expressions import unknown
from analysis.effects.fit import Derived, Fit
from analysis.effects.inference.covariance import KINDS
from analysis.effects.linear_models.linear import require_variation
from analysis.effects.refusals import needs
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]
NAME = "mantel_haenszel"
LEVEL = 0.95
USES = ("absorb",)
ABOUT = About(
    fits="Mantel-Haenszel pooled odds ratio over strata; frequency weights if named",
    needs="outcome 0/1, one treatment 0/1, absorb (the strata), vcov classical",
    reports="log odds ratio, odds ratio, Breslow-Day and Cochran-Mantel-Haenszel tests",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it: the log odds ratio with the Robins-Breslow-Greenland variance (1986, Biometrics 42:
    311-323), the odds ratio by the delta method; the interval of the ratio, from its log, is in
    the extras.

    Raises
    ------
    UserError
        If outcome or treatment are not 0/1, controls or no strata are named, weights are not
        whole, another vcov is asked for, or one of the two sums is zero.
    """  # fmt: skip
    _require_asked(sample, equation)
    tables, uninformative = tables_of(sample)
    if not tables.shape[2] or not all(_sums(tables)):
        raise needs(
            NAME, "strata with both outcomes, treated and untreated", "含两类结果与两组的层"
        )
    from statsmodels.stats.contingency_tables import StratifiedTable

    pooled = StratifiedTable(tables)
    log_ratio, error = float(pooled.logodds_pooled), float(pooled.logodds_pooled_se)
    ratio, term = float(np.exp(log_ratio)), str(sample.regressors.columns[0])
    variance = np.array([[error**2]])
    return Fit(
        terms=(term,),
        estimate=np.array([log_ratio]),
        bread=variance,
        scores=np.zeros((sample.n_obs, 1)),
        classical=variance,
        df_resid=sample.n_obs - 1,
        distribution="normal",
        derived=(Derived(term, ratio, np.array([ratio]), quantity="odds_ratio"),),
        notes=_notes(uninformative),
        extras=_extras(tables, pooled, log_ratio, error),
    )


def _require_asked(sample: Sample, equation: Equation) -> None:
    for key in equation.options:
        raise unknown("option", key, [])
    if equation.vcov not in KINDS:
        raise unknown("vcov", equation.vcov, ["classical"])
    if equation.vcov != "classical":
        what = "vcov = classical (the Robins-Breslow-Greenland variance)"
        raise needs(NAME, what, "vcov = classical（Robins-Breslow-Greenland 方差）")
    if sample.regressors.shape[1] != 1:
        raise needs(NAME, "one treatment and no controls", "一个处理变量，不含控制变量")
    if sample.absorbed.shape[1] == 0:
        raise needs(NAME, "absorb = [...] (the strata)", "absorb = [...]（分层变量）")
    require_variation(sample)
    columns = (sample.outcome, sample.regressors.iloc[:, 0].to_numpy())
    if not all(set(np.unique(column)) <= {0.0, 1.0} for column in columns):
        raise needs(NAME, "an outcome and a treatment of 0 and 1", "取值为 0 或 1 的结果与处理变量")
    weights = sample.weights
    if weights is not None and ((weights < 0) | (weights != np.round(weights))).any():
        raise needs(NAME, "whole frequency weights", "整数频数权数")


def tables_of(sample: Sample) -> tuple[Array, int]:
    """Return the (2, 2, strata) counts, treated and outcome 1 first, and the strata left out.

    Strata in which treatment or outcome do not vary tell nothing of the odds ratio.
    """
    strata = sample.absorbed.groupby(list(sample.absorbed), sort=True).ngroup().to_numpy()
    weights = np.ones(sample.n_obs) if sample.weights is None else sample.weights
    treated = sample.regressors.iloc[:, 0].to_numpy(int)
    counts = np.zeros((2, 2, strata.max() + 1))
    np.add.at(counts, (1 - treated, 1 - sample.outcome.astype(int), strata), weights)
    varies = (counts.sum(axis=0) > 0).all(axis=0) & (counts.sum(axis=1) > 0).all(axis=0)
    return counts[:, :, varies], int((~varies).sum())


def _sums(tables: Array) -> tuple[float, float]:
    n = tables.sum(axis=(0, 1))
    one, other = tables[0, 0] * tables[1, 1], tables[0, 1] * tables[1, 0]
    return float((one / n).sum()), float((other / n).sum())


def _notes(uninformative: int) -> tuple[str, ...]:
    if not uninformative:
        return ()
    return (f"{uninformative} strata without variation in treatment or outcome tell nothing",)


def _extras(tables: Array, pooled: Any, log_ratio: float, error: float) -> dict[str, Any]:
    reach = float(stats.norm.ppf(0.5 + LEVEL / 2.0)) * error
    cmh, strata = pooled.test_null_odds(), tables.shape[2]
    found: dict[str, Any] = {
        "strata": strata,
        "observations": float(tables.sum()),
        "odds_ratio_low": float(np.exp(log_ratio - reach)),
        "odds_ratio_high": float(np.exp(log_ratio + reach)),
        "cmh": float(cmh.statistic),
        "cmh_p": float(stats.chi2.sf(cmh.statistic, 1)),
    }
    if strata > 1:
        value = breslow_day(tables, float(np.exp(log_ratio)))
        p = float(stats.chi2.sf(value, strata - 1))
        found |= {"breslow_day": value, "breslow_day_df": strata - 1, "breslow_day_p": p}
    return found


def breslow_day(tables: Array, ratio: float) -> float:
    """Return sum (a - E a)^2 / Var a at the pooled odds ratio, without Tarone's adjustment.

    Breslow and Day 1980 (Statistical Methods in Cancer Research 1, sec. 4.4). E a solves a
    quadratic whose leading term vanishes at a ratio of one, where statsmodels returns NaN: taken
    here as the root of a form that does not divide by it.
    """
    a, treated, cases = tables[0, 0], tables[0].sum(axis=0), tables[:, 0].sum(axis=0)
    rest = tables[1, 1] - a
    linear = ratio * (treated + cases) + rest
    root = np.sqrt(linear**2 + 4.0 * (1.0 - ratio) * ratio * treated * cases)
    expected = 2.0 * ratio * treated * cases / (linear + root)
    cells = (expected, treated - expected, cases - expected, rest + expected)
    spread = 1.0 / sum(1.0 / cell for cell in cells)
    return float(((a - expected) ** 2 / spread).sum())
