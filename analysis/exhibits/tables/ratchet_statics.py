"""The target game: signs of its comparative statics, each with the assumption it needs."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About, Column
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    title=Text(
        "Target game: signs of the comparative statics and the assumption each needs",
        "任务博弈：比较静态的符号及其所需假设",
    ),
    note=Text(
        "A model, not data. Signs come from finite differences of the solved game at every point "
        "of a grid of parameters; + or - where none goes the other way, mixed otherwise. Last "
        "column: the same differences with the assumption dropped. The article states one year's "
        "target only, so none of these signs is tested by it.",
        "模型而非数据。符号由在参数网格各点上求解后的有限差分得出：无反向者记 + 或 -，否则记不定。"
        "末列为放弃该假设后的同一差分。文章只有一个年份的任务数，因而无法检验这些符号。",
    ),
    inputs={"statics": "ratchet_statics.csv"},
)
OUTCOMES = {
    "over_collection": Text("collection beyond the target", "超出任务的收缴"),
    "bunching": Text("share at the target", "恰在任务处的比重"),
}
PARAMETERS = {
    "ratchet": Text("share of over-collection added to later targets", "超收计入以后任务的比例"),
    "discount": Text("weight of later years", "对以后年度的重视"),
    "growth": Text("growth of the target", "任务的增长率"),
    "penalty": Text("penalty for missing the target", "未完成任务的惩罚"),
}
ASSUMPTIONS = {
    "penalty": Text("missing the target costs something", "未完成任务须付出代价"),
    "targets_may_bind": Text(
        "capacity is uncertain, so an easy target may bind later",
        "能力不确定，今日易完成的任务日后可能吃紧",
    ),
    "ratchet": Text("targets follow over-collection", "任务随超收上调"),
    "hard_targets": Text(
        "some targets lie above what would be collected without one (no ratchet)",
        "部分任务高于无任务时的收缴（无棘轮）",
    ),
}
SIGNS = {"mixed": Text("mixed", "不定")}
COLUMNS = [
    Column("outcome", Text("Outcome", "结果"), words=OUTCOMES, width=0.16),
    Column("parameter", Text("When this rises", "何者上升"), words=PARAMETERS, width=0.2),
    Column("sign", Text("Sign", "符号"), words=SIGNS),
    Column("strict", Text("Not nil in", "非零次数"), 0),
    Column("games", Text("of games", "共"), 0),
    Column("assumption", Text("Assumption", "所需假设"), words=ASSUMPTIONS, width=0.28),
    Column("sign_without", Text("Sign without it", "放弃后符号"), words=SIGNS),
]


def rows(statics: "pd.DataFrame") -> "pd.DataFrame":
    """Return one row an outcome, parameter and assumption."""
    return statics[[column.key for column in COLUMNS]]
