"""Simulated: how often each proposition's test upholds it where it is true, and where it is not."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About, Column
from analysis.exhibits.formats import TRUE_FALSE
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    title=Text(
        "Simulated data: how often the tests uphold each proposition, where true and where not",
        "模拟数据：各命题为真与不为真时，检验予以支持的频率",
    ),
    note=Text(
        "Simulated workers; no statement about any place. Effects in standard deviations of the "
        "control group, compliance in shares. Truth from both potential outcomes. Upheld where not "
        "true: false alarms (nominal 5 %); where true: power. A shift of all wages raises "
        "compliance, so the bottom-line statement is true there too: only the line beyond the "
        "shift tells the two apart. Least squares weights workers, the truth does not.",
        "模拟职工，与任何地方无关。效应以对照组标准差计，达标以比例计。真值由两种潜在结果得出。不为真"
        "而予以支持者为误报（名义5%），为真而支持者为功效。工资整体上移也会提高达标率，故底线型命题在"
        "该情形下亦为真；只有“超出上移部分”一行能区分二者。最小二乘法对职工加权，真值则不加权。",
    ),
    inputs={"judged": "propositions.csv"},
    data_kind="simulated",
)
WORLDS = {
    "no_effect": Text("no effect", "无效应"),
    "bottom_line_only": Text("bottom-line only", "仅底线型"),
    "wage_shift_only": Text("all wages shifted only", "仅工资整体上移"),
    "both": Text("both", "二者兼有"),
}
STATEMENTS = {
    "bottom_above_zero": Text("bottom-line effect above zero", "底线型效应大于零"),
    "growth_inside_margin": Text("growth effect inside the margin", "增长型效应在界限内"),
    "difference_above_zero": Text("bottom-line above growth", "底线型大于增长型"),
    "compliance_observed": Text("compliance changes", "达标率变化"),
    "beyond_shift": Text("compliance beyond the wage shift", "达标率超出工资上移部分"),
}
COLUMNS = [
    Column("world", Text("Simulated world", "模拟情形"), words=WORLDS),
    Column("statement", Text("Statement", "命题"), words=STATEMENTS, width=0.3),
    Column("truth", Text("Truth", "真值"), 3),
    Column("estimate", Text("Mean estimate", "平均估计值"), 3),
    Column("is_true", Text("True", "为真"), words=TRUE_FALSE),
    Column("upheld_percent", Text("Upheld, %", "予以支持（%）"), 0),
    Column("workers", Text("Workers", "职工数"), 0),
    Column("replications", Text("Replications", "重复次数"), 0),
    Column("seed", Text("Seed", "随机种子")),
]


def rows(judged: "pd.DataFrame") -> "pd.DataFrame":
    """Return one row a world and statement."""
    judged = judged.assign(is_true=judged["is_true"].astype("str").str.lower())
    return judged[[column.key for column in COLUMNS]]
