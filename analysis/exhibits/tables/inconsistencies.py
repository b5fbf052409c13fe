"""Where the published figures do not fit together: reported, not mended."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import YEARBOOKS, About, Column
from analysis.exhibits.words import STATUS_SHORT
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    title=Text("Published figures that do not fit together", "公布数字之间的不一致"),
    note=Text(
        f"Every check that fails; all checks: reports/results/consistency.csv. {YEARBOOKS.en}",
        f"仅列不符者；全部检验见 reports/results/consistency.csv。{YEARBOOKS.zh}",
    ),
    inputs={"consistency": "consistency.csv"},
)
CHECKS = {
    "parts_settlement": Text("ways of settlement against cases settled", "结案方式合计与结案数"),
    "parts_outcome": Text("outcomes against cases settled", "处理结果合计与结案数"),
    "carry_over": Text("carry-over rolled forward against the printed one", "上期未结滚算与公布数"),
    "workers_per_individual_case": Text(
        "workers a case not collective, at most 2 by definition",
        "每件非集体案件涉及人数（按定义至多两人）",
    ),
}
COLUMNS = [
    Column("check", Text("Check", "检验"), words=CHECKS, width=0.4),
    Column("year", Text("Year", "年份")),
    Column("printed", Text("Printed or allowed", "公布数或限值"), 2),
    Column("implied", Text("Implied", "推算数"), 2),
    Column("difference", Text("Difference", "差额"), 2),
    Column("inputs_status", Text("Data", "数据状态"), words=STATUS_SHORT),
]


def rows(consistency: "pd.DataFrame") -> "pd.DataFrame":
    """Return the checks that fail."""
    failing = consistency[consistency["difference"] != 0]
    return failing[[column.key for column in COLUMNS]]
