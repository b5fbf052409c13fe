"""Proof of estimators: the union effect under every set of controls, a dashboard of choices."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About
from analysis.exhibits.curves import curve_rows, draw_curve
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

ABOUT = About(
    title=Text(
        "United States, young men 1980-1987: union effect under every set of controls",
        "美国青年男性，1980至1987年：各种控制变量组合下的工会效应",
    ),
    note=Text(
        "Proof of estimators on teaching data (Vella and Verbeek 1998; 545 men, 8 years). Least "
        "squares with years, in order of size; band: 95 % intervals, clustered by man; below: "
        "which controls each has; grey: where 95 % of curves lie when no specification has an "
        "effect. Joint p: how often the curve is as extreme when no specification "
        "has an effect (restricted wild cluster bootstrap; after Simonsohn, Simmons and Nelson "
        "2020). It can say that no choice among these controls makes the difference vanish; it "
        "cannot say that it is an effect, for none of them measures why men join. Nothing of China "
        "follows.",
        "以教学数据（Vella 与 Verbeek 1998；545人、8年）检验估计方法。含年份的最小二乘，"
        "按大小排列；阴影为95%置信区间，按个人聚类；下方为各设定所含控制变量；灰色："
        "所有设定均无效应时95%的曲线所在范围。联合 p 值："
        "当所有设定均无效应时曲线同样极端的频率（受限 wild 聚类自助法；"
        "参照 Simonsohn、Simmons 与 Nelson 2020）。能够说明在这些控制变量中如何取舍"
        "都不会使差异消失；不能说明这是工会的效应，因为其中没有一个测量入会的原因。与中国无关。",
    ),
    inputs={"estimates": "estimates.csv"},
    data_kind="survey",
)
STUDY = "union_specifications"
CONTROLS = {
    "educ": Text("schooling", "教育"),
    "black": Text("black", "黑人"),
    "hisp": Text("Hispanic", "西班牙裔"),
    "exper": Text("experience", "经验"),
    "expersq": Text("experience squared", "经验平方"),
    "married": Text("married", "已婚"),
    "hours": Text("hours", "工时"),
    "C(occupation)": Text("occupation", "职业"),
}
EFFECT = Text("union effect, log points", "工会效应（对数点）")
FOUND = Text(
    "{n} specifications: {low:.2f} to {high:.2f}, median {median:.2f} (joint p {p:.3f}); "
    "{share:.0f} % significant at 5 %.",
    "{n} 个设定：{low:.2f} 至 {high:.2f}，中位数 {median:.2f}（联合 p = {p:.3f}）；"
    "{share:.0f}% 在5%水平上显著。",
)


def rows(estimates: "pd.DataFrame") -> "pd.DataFrame":
    """Return place, estimate, interval, controls and null's band of each; the joint p value."""
    mine = estimates[estimates["study"] == STUDY]
    joint = mine.loc[mine["component"] == "median", "p_value"].iloc[0]
    return curve_rows(mine).assign(joint_p=joint)


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return the range, the median and how many are significant."""
    return FOUND.in_language(language).format(
        n=len(rows), low=rows["estimate"].min(), high=rows["estimate"].max(),
        median=rows["estimate"].median(), p=rows["joint_p"].iloc[0],
        share=100.0 * (rows["p_value"] < 0.05).mean(),
    )  # fmt: skip


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw the curve above and, in the same order, the choices beneath."""
    labels = {name: text.in_language(language) for name, text in CONTROLS.items()}
    return draw_curve(rows, labels, EFFECT.in_language(language), language)
