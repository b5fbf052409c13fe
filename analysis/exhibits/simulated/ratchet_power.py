"""Simulated: how many counties and years it takes to see the ratchet."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About, Column
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    title=Text(
        "Simulated data: how many counties and years it takes to see the ratchet",
        "模拟数据：需要多少县、多少年才能看到棘轮",
    ),
    note=Text(
        "Simulated from the target game; no statement about any place. Percent of simulated panels "
        "in which the sign is seen (two-sided 5 % level, clustered by county). Bunching: an excess "
        "at the target; it cannot tell a penalty from a ratchet. Rule: targets that follow "
        "over-collection; it needs two years. First rows: false alarms.",
        "由任务博弈模拟，与任何地方无关。表中为模拟面板中能看到该迹象的百分比（双侧5%水平，按县聚"
        "类）。聚集：任务处的超额，无法区分惩罚与棘轮。规则：任务随超收上调，至少需两年。前几行为误"
        "报率。",
    ),
    inputs={"power": "ratchet_power.csv"},
    data_kind="simulated",
)
REGIMES = {
    "neither": Text("neither penalty nor ratchet", "无惩罚无棘轮"),
    "penalty_only": Text("penalty only", "仅有惩罚"),
    "penalty_and_ratchet": Text("penalty and ratchet", "惩罚与棘轮"),
}
COLUMNS = [
    Column("regime", Text("Simulated regime", "模拟情形"), words=REGIMES),
    Column("players_percent", Text("Counties that respond, %", "作出反应的县（%）"), 0),
    Column("counties", Text("Counties", "县数"), 0),
    Column("years", Text("Years", "年数"), 0),
    Column("bunching_percent", Text("Bunching seen, %", "看到聚集（%）"), 0),
    Column("rule_percent", Text("Rule seen, %", "看到规则（%）"), 0),
    Column("replications", Text("Replications", "重复次数"), 0),
    Column("seed", Text("Seed", "随机种子")),
    Column("simulated_on", Text("Simulated on", "模拟日期")),
]


def rows(power: "pd.DataFrame") -> "pd.DataFrame":
    """Return one row a cell."""
    return power[[column.key for column in COLUMNS]]
