"""Tests for a break in log cases accepted."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import YEARBOOKS, About, Column
from analysis.exhibits.words import STATUS_SHORT
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    title=Text(
        "Tests for a break in log cases accepted, 1994-2019",
        "受理案件数（对数）的断点检验，1994至2019年",
    ),
    note=Text(
        "1992 and 1993 are missing, so the unbroken series begins in 1994; nothing is "
        f"interpolated. {YEARBOOKS.en}",
        f"1992、1993年缺，连续序列自1994年起，不作插补。{YEARBOOKS.zh}",
    ),
    inputs={"breaks": "breaks.csv"},
)
TESTS = {
    "chow_2008": Text("Chow, at 2008", "Chow 检验（2008年）"),
    "zivot_andrews": Text("Zivot-Andrews, unknown date", "Zivot-Andrews 检验（未知断点）"),
    "cusum_ols": Text("CUSUM of OLS residuals", "CUSUM 检验（OLS残差）"),
}
COLUMNS = [
    Column("test", Text("Test", "检验"), words=TESTS),
    Column("statistic", Text("Statistic", "统计量"), 3),
    Column("critical_5_percent", Text("5 % critical value", "5%临界值"), 3),
    Column("p_value", Text("p", "p值"), 3),
    Column("break_year", Text("New regime from", "新阶段始于")),
    Column("n_obs", Text("N", "样本量"), 0),
    Column("reads_en", Text("What it can tell", "能说明什么"), width=0.4, key_zh="reads_zh"),
    Column("inputs_status", Text("Data", "数据状态"), words=STATUS_SHORT),
]


def rows(breaks: "pd.DataFrame") -> "pd.DataFrame":
    """Return one row a test."""
    table = breaks.assign(break_year=breaks["break_year"].astype("Int64"))
    return table[[*(column.key for column in COLUMNS), "reads_zh"]]
