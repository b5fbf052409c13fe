"""Cases accepted in 2008 against the four paths."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import YEARBOOKS, About, Column
from analysis.exhibits.words import NOT_CONFLICT, STATUS_SHORT
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    title=Text("2008 against four paths fitted on 1996-2007", "2008年与四条反事实路径"),
    note=Text(
        "Annual national data cannot separate the two laws of 2008 from each other or from the "
        f"crisis. {NOT_CONFLICT.en} {YEARBOOKS.en}",
        f"全国年度数据无法区分2008年两部法律与金融危机的作用。{NOT_CONFLICT.zh}{YEARBOOKS.zh}",
    ),
    inputs={"counterfactual": "counterfactual.csv"},
)
METHODS = {
    "log_linear_trend": Text("log-linear trend", "对数线性趋势"),
    "arithmetic_growth_path": Text("path at the mean growth rate", "按平均增速外推"),
    "ets_a_ad_n": Text("ETS(A,Ad,N) on log cases", "ETS(A,Ad,N)（对数）"),
    "arima_110_drift": Text("ARIMA(1,1,0) with drift on log cases", "ARIMA(1,1,0)带漂移（对数）"),
}
COLUMNS = [
    Column("method", Text("Path", "路径"), words=METHODS),
    Column("expected_cases", Text("Expected cases", "预期案件数"), 0),
    Column("low_95", Text("95 % low", "95%下限"), 0),
    Column("high_95", Text("95 % high", "95%上限"), 0),
    Column("actual_cases", Text("Actual cases", "实际案件数"), 0),
    Column("excess_percent", Text("Excess, %", "超出（%）"), 1),
    Column("inputs_status", Text("Data", "数据状态"), words=STATUS_SHORT),
]


def rows(counterfactual: "pd.DataFrame") -> "pd.DataFrame":
    """Return the year 2008."""
    return counterfactual[counterfactual["year"] == 2008][[column.key for column in COLUMNS]]
