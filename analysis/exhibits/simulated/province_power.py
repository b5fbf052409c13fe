"""Simulated: macro against micro as a design, and the smallest effect that provinces can show."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About, Column
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    title=Text(
        "Simulated data: macro against micro, the smallest effect that provinces can show",
        "模拟数据：宏观对微观，以省为单位可识别的最小效应",
    ),
    note=Text(
        "A design, not an estimate: no known data measure what local unions build apart from its "
        "results, and union density is a context of membership, not that. A measure that varies "
        "between provinces only; effect and outcome in standard deviations; 5 % two-sided, 80 % "
        "power (Bloom 1995, 2005). Last columns: share of simulated samples that reject at that "
        "effect, and at none. Unequal provinces or cluster-robust errors from so few see less.",
        "研究设计而非估计：尚无已知数据能把地方工会的制度建设与其结果分开测量，工会密度只是会员身份的"
        "环境。所测变量仅在省际变动；效应与结果均以标准差计；双侧5%，功效80%（Bloom 1995、2005）。"
        "末列为模拟样本在该效应及无效应时的拒绝比例。各省样本不等或聚类数过少时所能识别者更少。",
    ),
    inputs={"power": "province_power.csv"},
    data_kind="simulated",
)
LEVELS = {
    "person": Text("a person's outcome", "个人结果"),
    "province": Text("a province's outcome", "省级结果"),
}
COLUMNS = [
    Column("level", Text("Outcome", "结果变量"), words=LEVELS),
    Column("provinces", Text("Provinces", "省份数"), 0),
    Column("persons", Text("Persons a province", "每省人数"), 0),
    Column("intra_class", Text("Intra-class correlation", "组内相关"), 2),
    Column("smallest_effect", Text("Smallest effect, sd", "最小效应（标准差）"), 3),
    Column("power_percent", Text("Simulated power, %", "模拟功效（%）"), 1),
    Column("false_alarm_percent", Text("False alarms, %", "误报（%）"), 1),
    Column("replications", Text("Replications", "重复次数"), 0),
    Column("seed", Text("Seed", "随机种子")),
]


def rows(power: "pd.DataFrame") -> "pd.DataFrame":
    """Return one row a case."""
    return power[[column.key for column in COLUMNS]]
