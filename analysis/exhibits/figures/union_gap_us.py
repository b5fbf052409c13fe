"""Proof of estimators: the raw union wage gap taken apart (Oaxaca-Blinder)."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About
from analysis.exhibits.intervals import draw_intervals
from analysis.exhibits.style import BLUE, INK, ORANGE, SKY, new_figure
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

ABOUT = About(
    title=Text(
        "United States, young men 1980-1987: the union wage gap taken apart",
        "美国青年男性，1980至1987年：工会工资差距的分解",
    ),
    note=Text(
        "Proof of estimators on teaching data (Vella and Verbeek 1998; 545 men, 8 years). "
        "Two-fold decomposition with pooled coefficients and a group dummy (Jann 2008); dummies "
        "of years normalised, so that no base category decides; 95 % intervals, clustered by man. "
        "Explained: differences in schooling, experience and so on, at pooled returns. It can "
        "say how much of the gap goes with measured "
        "differences; the rest is no effect of unions but all that was not measured. Nothing of "
        "China follows.",
        "以教学数据（Vella 与 Verbeek 1998；545人、8年）检验估计方法。"
        "采用含组别虚拟变量的合并系数作二重分解（Jann 2008）；年份虚拟变量经标准化，"
        "与基准类别的选择无关；95%置信区间，按个人聚类。能够说明差距中有多少与可测差异相伴；"
        "其余部分并非工会的效应，而是一切未测因素。与中国无关。",
    ),
    inputs={"estimates": "estimates.csv"},
    data_kind="survey",
)
STUDY, EQUATION, TREATMENT = "union_decomposition", "two_fold", "union"
PARTS = {
    "union gap": Text("raw gap", "原始差距"),
    "union explained": Text("explained by differences", "可由特征差异解释"),
    "educ explained": Text("  schooling", "  教育"),
    "exper explained": Text("  experience", "  经验"),
    "expersq explained": Text("  experience squared", "  经验平方"),
    "black explained": Text("  black", "  黑人"),
    "hisp explained": Text("  Hispanic", "  西班牙裔"),
    "married explained": Text("  married", "  已婚"),
    "C(year) explained": Text("  year", "  年份"),
    "union unexplained": Text("unexplained", "不可解释"),
}
COLOURS = {"union gap": INK, "union explained": BLUE, "union unexplained": ORANGE}
EFFECT = Text("log points, members less others", "对数点（会员减非会员）")
FOUND = Text(
    "Of a raw gap of {gap:.3f} measured differences explain {explained:.3f}; {rest:.3f} stay "
    "unexplained.",
    "原始差距 {gap:.3f}，可测差异解释 {explained:.3f}，其余 {rest:.3f} 不可解释。",
)


def rows(estimates: "pd.DataFrame") -> "pd.DataFrame":
    """Return part, estimate, error and interval of the gap, its parts, and the explained one's."""
    mine = estimates[(estimates["study"] == STUDY) & (estimates["equation"] == EQUATION)]
    mine = mine.assign(part=mine["term"] + " " + mine["component"].fillna(""))
    mine = mine[mine["part"].isin(PARTS)].drop_duplicates("part")
    return mine[["part", "estimate", "std_error", "ci_low", "ci_high", "n_obs"]]


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return the gap and its two parts."""
    at = rows.set_index("part")["estimate"]
    return FOUND.in_language(language).format(
        gap=at["union gap"], explained=at["union explained"], rest=at["union unexplained"]
    )


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw the gap, what explains it part by part, and the rest."""
    figure, (axes,) = new_figure(4.4)
    known = rows.set_index("part")
    draw_intervals(axes, known, PARTS, language, dict.fromkeys(PARTS, SKY) | COLOURS)
    low, high = known["ci_low"].min(), known["ci_high"].max()
    axes.set_xlim(low - 0.02, high + 0.25 * (high - low))
    axes.set_xlabel(EFFECT.in_language(language))
    return figure
