"""Average growth 1996-2007 by every definition, for both printed values of 1996."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import YEARBOOKS, About, Column
from analysis.exhibits.formats import TRUE_FALSE
from analysis.exhibits.words import DEFINITION_NAMES, STATUS_SHORT
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    title=Text(
        "Average yearly growth of cases accepted by definition", "各种定义下受理案件数的年均增长"
    ),
    note=Text(
        "Compound (水平法) and cumulative (累计法) are the two official methods. Growth with each "
        f"year left out: reports/results/growth.csv. {YEARBOOKS.en}",
        "水平法与累计法为两种官方方法。逐年剔除的结果见 reports/results/growth.csv。"
        f"{YEARBOOKS.zh}",
    ),
    inputs={"growth": "growth.csv"},
)
COLUMNS = [
    Column("start_year", Text("From", "起始年")),
    Column("end_year", Text("To", "终止年")),
    Column("vintage", Text("Cases in 1996", "1996年案件数"), 0),
    Column("definition", Text("Definition", "定义"), words=DEFINITION_NAMES),
    Column("value_percent", Text("Percent a year", "年均增长（%）"), 3),
    Column("stated_percent", Text("Stated", "文中数值")),
    Column("rounds_to_stated", Text("Rounds to it", "是否相符"), words=TRUE_FALSE),
    Column("inputs_status", Text("Data", "数据状态"), words=STATUS_SHORT),
]


def rows(growth: "pd.DataFrame") -> "pd.DataFrame":
    """Return the averages over whole windows, no year left out."""
    whole = growth[growth["dropped_year"].isna()]
    return whole[[column.key for column in COLUMNS]]
