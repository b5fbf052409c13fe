"""The ledger: every statement of the article, recomputed where it can be, with its verdict."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import ARTICLE, About, Column
from analysis.exhibits.formats import TRUE_FALSE
from analysis.exhibits.statement_words import STATED, UNITS
from analysis.exhibits.words import STATUS_SHORT, VERDICTS
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    title=Text("The article's statements, recomputed", "文章陈述核对表"),
    note=Text(
        "Statements are in our own words. A verdict is provisional when an input is below "
        f"corroborated; derivations: python -m analysis claims --show ID. {ARTICLE.en}",
        "陈述均为转述。任一投入数的状态低于“有佐证”时结论为暂定；"
        f"推导见 python -m analysis claims --show ID。{ARTICLE.zh}",
    ),
    inputs={"claims": "claims.csv"},
)
COLUMNS = [
    Column("section", Text("Section", "章节")),
    Column("statement_en", Text("Statement", "陈述"), width=0.34, key_zh="statement_zh"),
    Column("stated", Text("Stated", "文中数值"), words=STATED, width=0.10),
    Column("unit", Text("Unit", "单位"), words=UNITS, width=0.10),
    Column("recomputed", Text("Recomputed", "复算"), width=0.09),
    Column("verdict", Text("Verdict", "结论"), words=VERDICTS, width=0.12),
    Column("provisional", Text("Provisional", "暂定"), words=TRUE_FALSE),
    Column("inputs_status", Text("Data", "数据状态"), words=STATUS_SHORT),
    Column("claim_id", Text("Key", "编号"), width=0.14),
]


def rows(claims: "pd.DataFrame") -> "pd.DataFrame":
    """Return the author's statements in the order of sections; derived numbers are left out."""
    own = claims[claims["verdict"].notna()].sort_values("section", kind="stable")
    keys = [column.key for column in COLUMNS]
    return own[[*keys, "statement_zh"]]
