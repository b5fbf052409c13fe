"""What the article attributes to quantitative studies, against what was read of them."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import ARTICLE, About, Column
from analysis.exhibits.words import VERDICTS
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    title=Text(
        "What the article attributes to quantitative studies, and what their abstracts state",
        "文章归于各定量研究的结论与其摘要所载",
    ),
    note=Text(
        "The article attributes the outcomes to six studies as a group; here each study is asked "
        "for each. Under a definition: stated, but of firms where the article speaks of members. "
        "Not checkable: the part that was read does not state it; what is known from the article "
        f"alone decides nothing. These rows are not in the ledger's counts. {ARTICLE.en}",
        "文章将各项结果笼统归于六项研究；此处逐一核对。特定口径下相符：有载明，但对象是企业而非文章所"
        "说的会员。无法核对：所读部分未载明；仅见于本文转述者不作判断。本表不计入陈述核对表。"
        f"{ARTICLE.zh}",
    ),
    inputs={"attributions": "attributions.csv"},
)
PARTS = {
    "abstract": Text("abstract", "摘要"),
    "title": Text("title", "题名"),
    "nothing": Text("nothing", "无"),
}
STATED = {
    "sign": Text("direction stated", "载明方向"),
    "unit": Text("unit stated", "载明对象"),
    "no_direction": Text("named, direction not printed", "提及，未写明方向"),
    "silent": Text("not named", "未提及"),
    "not_read": Text("not read", "未读到"),
}
COLUMNS = [
    Column("statement_en", Text("Attributed", "文章所述"), width=0.36, key_zh="statement_zh"),
    Column("part_read", Text("Part read", "所读部分"), words=PARTS),
    Column("stated_there", Text("What it states", "所载"), words=STATED, width=0.2),
    Column("verdict", Text("Verdict", "结论"), words=VERDICTS, width=0.2),
]


def rows(attributions: "pd.DataFrame") -> "pd.DataFrame":
    """Return one row an attribution."""
    return attributions[["statement_zh", *(column.key for column in COLUMNS)]]
