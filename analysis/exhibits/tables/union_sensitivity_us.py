"""Proof of estimators: what an omitted variable would have to be, for the pooled union effect."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About, Column
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    title=Text(
        "United States, young men 1980-1987: sensitivity of the pooled union effect",
        "美国青年男性，1980至1987年：混合回归中工会效应的敏感性",
    ),
    note=Text(
        "Proof of estimators on teaching data (Vella and Verbeek 1998). Oster 2019: R max is the "
        "smaller of 1 and 1.3 times R2. Where the controls barely move the estimate (compare the "
        "raw gap with the pooled estimate) delta is uninformative: a large one is no sign of "
        "robustness. Cinelli and Hazlett 2020: robustness values are partial R2 that a confounder "
        "would need with both union and wage; bounds are estimates with a confounder k times as "
        "strong as the one named. Placebo: whole membership histories given to other men. It can "
        "say how strong an omitted variable would have to be; it cannot say whether there is one: "
        "the within estimate, which holds all that lasts of a man, is the answer of the data. "
        "Nothing of China follows.",
        "以教学数据（Vella 与 Verbeek 1998）检验估计方法。Oster（2019）：R max 取 1 与 1.3 倍 R2 中"
        "较小者；若控制变量几乎不改变估计值（比较原始差距与混合回归估计值），delta 没有信息，"
        "再大也不是稳健的标志。Cinelli 与 Hazlett（2020）：稳健值为遗漏变量与会员身份及工资所需的"
        "偏 R2；界限为存在强度为所列变量 k 倍的混杂因素时的估计值。"
        "安慰剂：把会员经历整体分配给他人。能够说明遗漏变量须有多强；不能说明其是否存在：控制个人一切持久特征的组内估计才是数据的回答。"
        "与中国无关。",
    ),
    inputs={"estimates": "estimates.csv"},
    data_kind="survey",
)
TERM = "union"
# rows of other studies that stand beside, by their measure here
BESIDE = {
    "raw_gap": ("union_decomposition", "two_fold", "gap"),
    "pooled": ("union_sensitivity", "pooled", ""),
    "within": ("vella_verbeek", "fixed_effects_clustered", ""),
}
MEASURES = {
    "raw_gap": Text("raw gap", "原始差距"),
    "pooled": Text("pooled estimate", "混合回归估计值"),
    "oster:delta": Text("Oster: delta for an effect of zero", "Oster：效应为零所需的 delta"),
    "oster:beta": Text("Oster: beta* for delta = 1", "Oster：delta = 1 时的 beta*"),
    "cinelli_hazlett:partial_r2": Text(
        "partial R2 of union with the wage", "会员身份与工资的偏 R2"
    ),
    "cinelli_hazlett:rv": Text("robustness value, to zero", "稳健值（使效应为零）"),
    "cinelli_hazlett:rv_alpha": Text(
        "robustness value, to insignificance at 5 %", "稳健值（使其在5%水平不显著）"
    ),
    "cinelli_hazlett:1x educ": Text("bound: as strong as schooling", "界限：与教育同强"),
    "cinelli_hazlett:3x educ": Text("bound: three times schooling", "界限：教育的三倍"),
    "cinelli_hazlett:1x married": Text("bound: as strong as married", "界限：与婚姻同强"),
    "cinelli_hazlett:3x married": Text("bound: three times married", "界限：婚姻的三倍"),
    "placebo": Text("pooled estimate, p among placebos", "混合回归估计值，安慰剂 p 值"),
    "within": Text("within men", "组内估计"),
}
COLUMNS = [
    Column("measure", Text("Measure", "指标"), words=MEASURES),
    Column("estimate", Text("Value", "数值"), 4),
    Column("std_error", Text("Std. error", "标准误"), 4),
    Column("p_value", Text("p", "p值"), 4),
    Column("n_obs", Text("N", "样本量"), 0),
]


def rows(estimates: "pd.DataFrame") -> "pd.DataFrame":
    """Return one row a measure, in the order of ``MEASURES``."""
    named = estimates.assign(component=estimates["component"].fillna(""))
    named = named[(named["term"] == TERM) & (named["quantity"] != "ame")]
    keys = named[["study", "equation", "component"]].apply(tuple, axis=1)
    beside = keys.map({key: measure for measure, key in BESIDE.items()})
    own = named["component"].where(named["study"] == BESIDE["pooled"][0])
    mine = named.assign(measure=beside.fillna(own))
    order = {name: place for place, name in enumerate(MEASURES)}
    mine = mine[mine["measure"].isin(order)].drop_duplicates("measure")
    mine = mine.sort_values("measure", key=lambda names: names.map(order))
    return mine[[column.key for column in COLUMNS]]
