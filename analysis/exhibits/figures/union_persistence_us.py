"""Proof of estimators: how much membership persists by itself, by four estimators."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About
from analysis.exhibits.intervals import draw_intervals
from analysis.exhibits.style import GREY, ORANGE, new_figure
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

ABOUT = About(
    title=Text(
        "United States, young men 1980-1987: persistence of union membership",
        "美国青年男性，1980至1987年：工会会员身份的持续性",
    ),
    note=Text(
        "Proof of estimators on teaching data (Vella and Verbeek 1998; 545 men, 8 years): linear "
        "probability of membership on last year's, married and years. Pooled least squares takes "
        "lasting differences between men for persistence, the within estimator is biased down in "
        "short panels (Nickell 1981): both in grey, as bounds; the moment estimators lie between "
        "where their moments hold. 95 % intervals, by man. It can say how far membership outlives "
        "its causes of the year before; it cannot say why. Nothing of China follows.",
        "以教学数据（Vella 与 Verbeek 1998；545人、8年）检验估计方法：会员身份对上年会员身份、"
        "婚姻与年份的线性概率模型。混合回归把个体间的持久差异当作持续性，组内估计在短面板中偏低"
        "（Nickell 1981），两者以灰色作为上下界；矩条件成立时，矩估计介于其间。"
        "95%置信区间，按个人。能够说明会员身份在多大程度上延续，不能说明原因。与中国无关。",
    ),
    inputs={"estimates": "estimates.csv"},
    data_kind="survey",
)
STUDY = "union_dynamics"
TERMS = ("union_last_year", "lag(union)")
EQUATIONS = {
    "pooled": Text("pooled least squares", "混合回归"),
    "system_gmm": Text("system moments (Blundell-Bond)", "系统矩估计（Blundell-Bond）"),
    "difference_gmm": Text("differenced moments (Arellano-Bond)", "差分矩估计（Arellano-Bond）"),
    "within": Text("within men", "组内估计"),
}
BOUNDS = ("pooled", "within")
EFFECT = Text(
    "membership this year on membership last year", "本年会员身份对上年会员身份的系数"
)  # fmt: skip
FOUND = Text(
    "Between {low:.2f} within men and {high:.2f} pooled; {difference:.2f} by differenced, "
    "{system:.2f} by system moments.",
    "组内 {low:.2f} 与混合 {high:.2f} 之间；差分矩估计 {difference:.2f}，系统矩估计 {system:.2f}。",
)


def rows(estimates: "pd.DataFrame") -> "pd.DataFrame":
    """Return equation, estimate, error and interval of last year's membership."""
    mine = estimates[(estimates["study"] == STUDY) & estimates["term"].isin(TERMS)]
    mine = mine[mine["quantity"] == "coefficient"]
    return mine[["equation", "estimate", "std_error", "ci_low", "ci_high", "n_obs", "extras"]]


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return the four estimates."""
    at = rows.set_index("equation")["estimate"]
    return FOUND.in_language(language).format(
        low=at["within"], high=at["pooled"], difference=at["difference_gmm"],
        system=at["system_gmm"],
    )  # fmt: skip


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw one row an estimator, the two bounds in grey."""
    figure, (axes,) = new_figure(3.2)
    known = rows.set_index("equation")
    moments = dict.fromkeys(EQUATIONS, ORANGE)
    draw_intervals(axes, known, EQUATIONS, language, moments | dict.fromkeys(BOUNDS, GREY))
    axes.set_xlim(-0.02, 1.2 * known["ci_high"].max())
    axes.set_xlabel(EFFECT.in_language(language))
    return figure
