"""Breaks in regional series: of definition, of counting, gaps, and jumps that nobody announced.

What the definitions did is known from national rules; a jump is only where to look.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.disputes.breaks import chow_test
from analysis.disputes.regional.rows import NATION
from analysis.messages import Text
from analysis.sources.regions import DATES

COLUMNS = ["code", "variable", "kind", "year", "statistic", "p_value", "detail_en", "detail_zh",
           "private"]  # fmt: skip
RECOUNT = (1999, 2003)
# (variables, first year of the new regime, what changed)
DEFINITIONS = (
    (("disputes_accepted",), 2008,
     Text("since May 2008 arbitration is free and the time limit a year: more cases may enter",
          "2008年5月起仲裁免费、时效延至一年，更多争议可能进入仲裁")),
    (("collective_disputes",), 2008,
     Text("collective meant 3 or more workers before 2008, 10 or more after (unverified)",
          "集体争议2008年前为3人以上，此后为10人以上（未核实）")),
    (("union_members",), RECOUNT[0],
     Text("membership was recounted between 1999 and 2003", "1999至2003年会员数重新统计")),
    (("grassroots_unions",), RECOUNT[1],
     Text("grassroots unions were recounted in 2003", "2003年基层工会数重新统计")),
)  # fmt: skip
# a yearly change by more than this factor, and by five times what is usual in the series
FACTOR, TIMES, SMALLEST = 1.5, 5.0, 4
ENOUGH_FOR_CHOW = 6
JUMP = Text(
    "a change by the factor {factor:.2f} against the year before", "较上年变为 {factor:.2f} 倍"
)
ONE_YEAR = Text("no figure for {first}", "{first} 年无数据")
GAP = Text("no figure from {first} to {last}", "{first} 至 {last} 年无数据")
CHOW = Text("a trend in logarithms against two, before 2008 and from 2008 on: the p value is too "
            "small, as errors are taken as independent",
            "对数线性趋势：单一趋势对2008年前后两段；假定误差独立，p 值偏小")  # fmt: skip


def regional_breaks(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the breaks of every place's series (columns ``COLUMNS``), the nation left out.

    ``rows``: code, year, variable, value, private. Kinds: definition, gap, jump, trend_2008 (Chow,
    for an unbroken positive series with six years on either side).
    """
    chosen = rows[(rows["code"] != NATION) & ~rows["variable"].isin(list(DATES))]
    found: list[tuple] = []
    for (code, variable), series in chosen.groupby(["code", "variable"], sort=True):
        values = series.sort_values("year").set_index("year")["value"].astype(float)
        private = bool(series["private"].any())
        found += [
            (code, variable, *parts, private)
            for look in (_definitions, _gaps, _jumps, _trend)
            for parts in look(str(variable), values)
        ]
    return pd.DataFrame(found, columns=COLUMNS)


Found = Iterator[tuple[str, int, float, float, str, str]]


def _definitions(variable: str, values: pd.Series) -> Found:
    for variables, year, words in DEFINITIONS:
        if variable in variables and values.index[0] < year <= values.index[-1]:
            yield "definition", year, np.nan, np.nan, *words


def _gaps(variable: str, values: pd.Series) -> Found:
    years = values.index.to_numpy()
    for before, after in pairwise(years):
        if after - before > 1:
            words = ONE_YEAR if after - before == 2 else GAP
            fields = {"first": before + 1, "last": after - 1}
            yield "gap", int(before + 1), np.nan, np.nan, *_filled(words, fields)


def _jumps(variable: str, values: pd.Series) -> Found:
    """Yield years whose log change is unlike the series' own: beyond 1.5-fold and five MADs."""
    positive = values[values > 0.0]
    if len(positive) <= SMALLEST:
        return
    change = np.log(positive).diff()
    change = change[np.append(False, np.diff(positive.index.to_numpy()) == 1)]
    if len(change) < SMALLEST:
        return
    usual = float(np.median(np.abs(change - change.median())))
    unlike = (change - change.median()).abs()
    for year in change.index[(unlike > np.log(FACTOR)) & (unlike > TIMES * usual)]:
        factor = float(np.exp(change[year]))
        yield "jump", int(year), factor, np.nan, *_filled(JUMP, {"factor": factor})


def _filled(words: Text, fields: Mapping[str, object]) -> tuple[str, str]:
    return words.en.format(**fields), words.zh.format(**fields)


def _trend(variable: str, values: pd.Series) -> Found:
    years = values.index.to_numpy()
    unbroken = len(years) == years[-1] - years[0] + 1
    if variable != "disputes_accepted" or not unbroken or not (values > 0.0).all():
        return
    if min((years < 2008).sum(), (years >= 2008).sum()) < ENOUGH_FOR_CHOW:
        return
    test = chow_test(np.log(values.to_numpy()), years)
    yield "trend_2008", 2008, float(str(test["statistic"])), float(str(test["p_value"])), *CHOW
