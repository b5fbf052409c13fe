"""Union fee: the handling fee's caps, on what is collected and per yuan of payroll."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import ARTICLE, About, Column
from analysis.exhibits.words import STATUS_SHORT
from analysis.institutions.fee_chain.words import ARTICLE_COUNTY, COLLECTIONS, titled
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

SUBJECT = Text("caps on the tax office's handling fee", "税务代收手续费上限")
NOTE = Text(
    "The cap on payroll is the cap on what is collected times what is collected of payroll: the "
    "cap that is nominally higher need not be the higher one. Amounts in 10,000 yuan, for the way "
    "of collection in force.",
    "占工资总额的上限等于占代收额的上限乘以代收额占工资总额的比例：名义上较高的上限未必更高。金额单"
    "位为万元，仅列现行代收方式。",
)
ABOUT = About(
    title=titled(ARTICLE_COUNTY, SUBJECT),
    note=Text(
        f"{NOTE.en} The fee paid is stated as a floor. {ARTICLE.en}",
        f"{NOTE.zh}实付手续费在文中为下限。{ARTICLE.zh}",
    ),
    inputs={"caps": "fee_caps.csv"},
)
YES_NO = {"true": Text("yes", "是"), "false": Text("no", "否")}
COLUMNS = [
    Column("collection", Text("Collection", "代收方式"), words=COLLECTIONS, width=0.3),
    Column("in_force", Text("In force", "现行"), words=YES_NO),
    Column("cap_on_collected_percent", Text("Cap, % of collected", "占代收额（%）"), 1),
    Column("collected_on_payroll_percent", Text("Collected, % of payroll", "代收占工资（%）"), 2),
    Column("cap_on_payroll_percent", Text("Cap, % of payroll", "上限占工资（%）"), 3),
    Column("cap_10k", Text("Cap, amount", "上限金额"), 1),
    Column("cap_low_10k", Text("Low", "下限"), 1),
    Column("cap_high_10k", Text("High", "上限"), 1),
    Column("fee_paid_10k", Text("Fee paid", "实付手续费"), 1),
    Column("inputs_status", Text("Data", "数据状态"), words=STATUS_SHORT),
]


def rows(caps: "pd.DataFrame") -> "pd.DataFrame":
    """Return one row a way of collection."""
    return caps[[column.key for column in COLUMNS]]
