"""Union fee: who is due what."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import ARTICLE, About, Column
from analysis.exhibits.words import STATUS_SHORT
from analysis.institutions.fee_chain.words import ARTICLE_COUNTY, LEVELS, titled
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

SUBJECT = Text("union fee, who is due what", "工会经费应缴与分成")
NOTE = Text(
    "Payroll times the levy, shared between the levels of the union. Low and high: the range that "
    "the rounding of staff and wage allows. Through the tax office: at the base, exemption and "
    "quota given, if all that is assessed is paid; under proportional collection the grassroots "
    "part never passes it.",
    "工资总额乘以计提比例，按级分成。下限与上限：人数与工资取整所容许的范围。经税务代收：按所给基"
    "数、免缴与定额计算且足额缴纳时的数额；比例代收时基层部分不经税务部门。",
)
ABOUT = About(
    title=titled(ARTICLE_COUNTY, SUBJECT),
    note=Text(
        f"{NOTE.en} Organs only. The prefecture's share is what the named shares leave over. "
        f"{ARTICLE.en}",
        f"{NOTE.zh}仅含机关。地市级份额为所列分成之外的余额。{ARTICLE.zh}",
    ),
    inputs={"split": "fee_split.csv"},
)
COLUMNS = [
    Column("level", Text("Level", "层级"), words={"due": Text("levy due", "应缴经费"), **LEVELS}),
    Column("share_percent", Text("Share, %", "比例（%）"), 1),
    Column("amount_yuan", Text("Yuan", "元"), 0),
    Column("amount_10k", Text("10,000 yuan", "万元"), 1),
    Column("low_10k", Text("Low", "下限"), 1),
    Column("high_10k", Text("High", "上限"), 1),
    Column("collected_10k", Text("Through the tax office", "经税务代收"), 1),
    Column("inputs_status", Text("Data", "数据状态"), words=STATUS_SHORT),
]


def rows(split: "pd.DataFrame") -> "pd.DataFrame":
    """Return the levy and its parts."""
    return split[[column.key for column in COLUMNS]]
