"""Borrowed power: what it inherits from attention, and the article's own tension."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import ARTICLE, About, Column
from analysis.exhibits.tables.borrowed_power import VERDICTS
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    title=Text(
        "Borrowed power: what it inherits from attention, and its reach to growth demands",
        "所借之力：从重视程度承袭了什么，能否及于增长型诉求",
    ),
    note=Text(
        "Enumeration of scores and of agencies' reach. The last two rows are the article's "
        "tension: it says that agencies can protect only bottom-line interests, then presents "
        "power borrowed from agencies as the unions' way to act, without saying whether the limit "
        "is passed on. If it is, growth demands get no power whatever their score; if not, they "
        "can. Shown as a "
        f"tension, not scored. {ARTICLE.en}",
        "对得分与部门可及程度逐一枚举。末两行为文章自身的张力：文中既称政府部门只能保护底线利益，又"
        "把向部门借力作为工会的行动方式，而未说明这一限制是否随之传递。若传递，则增长型诉求无论"
        f"得分如何均得不到力量；若不传递，则可以得到。此处只呈现张力，不作评判。{ARTICLE.zh}",
    ),
    inputs={"reach": "borrowed_power_reach.csv"},
)
STATEMENTS = {
    "power_follows_score:same_reach": Text(
        "power is ranked as scores are, if agencies help all tasks alike",
        "若部门对各任务的助力相同，力量的排序与得分一致",
    ),
    "power_follows_score:own_reach": Text(
        "power is ranked as scores are, if each task has its own agencies",
        "若各任务各有其部门，力量的排序与得分一致",
    ),
    "growth_demand_gets_power:limit_passed_on": Text(
        "growth demands get power, if agencies' limit is passed on",
        "若部门的限制随之传递，增长型诉求可得到力量",
    ),
    "growth_demand_gets_power:limit_lifted": Text(
        "growth demands get power, if borrowing lifts the limit",
        "若借力解除该限制，增长型诉求可得到力量",
    ),
}
COLUMNS = [
    Column("statement", Text("Statement", "陈述"), words=STATEMENTS, width=0.6),
    Column("verdict", Text("Verdict", "结论"), words=VERDICTS),
    Column("cases", Text("Cases", "枚举数"), 0),
]


def rows(reach: "pd.DataFrame") -> "pd.DataFrame":
    """Return one row a statement."""
    return reach[[column.key for column in COLUMNS]]
