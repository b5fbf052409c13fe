"""Attention: which rankings the article's ordinal statements imply, exclude and leave open."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import ARTICLE, About, Column
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    title=Text(
        "Attention to union tasks: rankings that the article's statements imply and do not imply",
        "对工会各项任务的重视：文章的次序陈述蕴含与未蕴含的排序",
    ),
    note=Text(
        "Implied: holds for all goal weights and loadings that satisfy the statements (linear "
        "programs). Stated: arrears above the other tasks; bargaining very low; founding "
        "obstructed before the party appraisal counted it and high after. Very low is read as "
        "lowest of the supported tasks, or as low only; high as above nothing and above what it "
        "was. Last column: the same without the statements, that is, what the scoring model brings "
        f"by itself. {ARTICLE.en}",
        "蕴含：在满足文中陈述的一切目标权重与载荷下均成立（线性规划）。所用陈述：治欠高于其他任务；"
        "集体协商很低；建会在纳入党委考核前受阻、之后较高。“很低”分别读作受支持任务中最低、或仅为"
        "低；“较高”读作有支持且高于从前。末列不加任何陈述，即评分模型本身所带来的结论。"
        f"{ARTICLE.zh}",
    ),
    inputs={"rankings": "borrowed_power.csv"},
)
NAMES = {
    "arrears": Text("arrears", "治欠"),
    "fees": Text("fees", "经费"),
    "bargaining": Text("bargaining", "集体协商"),
    "founding_before": Text("founding, before", "建会（考核前）"),
    "founding_after": Text("founding, after", "建会（考核后）"),
    "nothing": Text("no support", "无支持"),
}
GOALS = {
    "growth": Text("growth", "增长"),
    "revenue": Text("revenue", "财政收入"),
    "employment": Text("employment", "就业"),
    "stability": Text("stability", "稳定"),
    "career": Text("career and appraisal", "仕途与考核"),
}


def _statements() -> dict[str, Text]:
    pairs = {
        f"{a}>{b}": Text(f"{NAMES[a].en} above {NAMES[b].en}", f"{NAMES[a].zh}高于{NAMES[b].zh}")
        for a in NAMES
        for b in NAMES
        if a != b
    }
    weights = {
        f"weight:{goal}": Text(f"{name.en} has some weight", f"{name.zh}有一定权重")
        for goal, name in GOALS.items()
    }
    return pairs | weights


STATEMENTS = _statements()
VERDICTS = {
    "implied": Text("implied", "蕴含"),
    "excluded": Text("excluded", "排除"),
    "open": Text("left open", "未定"),
}
COLUMNS = [
    Column("statement", Text("Statement", "陈述"), words=STATEMENTS, width=0.34),
    Column("lowest", Text("Very low = lowest", "很低＝最低"), words=VERDICTS),
    Column("low_only", Text("Very low = low only", "很低＝仅为低"), words=VERDICTS),
    Column("without_statements", Text("Model alone", "仅模型"), words=VERDICTS),
]


def rows(rankings: "pd.DataFrame") -> "pd.DataFrame":
    """Return one row a comparison."""
    return rankings[[column.key for column in COLUMNS]]
