"""Proof of estimators, as a warning: selection into unions identified by functional form alone."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About
from analysis.exhibits.intervals import draw_intervals
from analysis.exhibits.style import GREY, VERMILION, new_figure
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

ABOUT = About(
    title=Text(
        "United States, young men 1987: union effect identified by functional form, a warning",
        "美国青年男性，1987年：仅靠函数形式识别的工会效应（警示）",
    ),
    note=Text(
        "Proof of estimators on teaching data (Vella and Verbeek 1998; 545 men). Membership as "
        "endogenous, no variable in its equation that is not in the wage's: only joint normality "
        "of the two errors identifies the effect. In grey: least squares of the same year, and "
        "fixed effects over all years. 95 % intervals, robust. It can say that such estimates move "
        "with assumptions that no data test; it cannot say what unions do. Nothing of China "
        "follows.",
        "以教学数据（Vella 与 Verbeek 1998；545人）检验估计方法。视会员身份为内生，"
        "但其方程没有工资方程之外的变量：效应仅由两个误差的联合正态性识别。灰色为同年最小二乘与各年"
        "固定效应。稳健95%置信区间。能够说明此类估计随无法检验的假定而变；不能说明工会的作用。"
        "与中国无关。",
    ),
    inputs={"estimates": "estimates.csv"},
    data_kind="survey",
)
EQUATIONS = {
    "vella_verbeek/fixed_effects_clustered": Text("fixed effects, all years", "固定效应（各年）"),
    "union_selection/least_squares": Text("least squares", "最小二乘"),
    "union_selection/maximum_likelihood": Text(
        "endogenous treatment, likelihood", "内生处理（极大似然）"
    ),
    "union_selection/control_function": Text(
        "endogenous treatment, two steps", "内生处理（两步法）"
    ),
}
WARNED = ("union_selection/maximum_likelihood", "union_selection/control_function")
EFFECT = Text("union member against non-member, log points", "会员与非会员之差（对数点）")
FOUND = Text(
    "Least squares {ols:.2f}; with normal errors {ml:.2f} by likelihood and {cf:.2f} in two steps "
    "(error {se:.2f}).",
    "最小二乘 {ols:.2f}；假定正态误差后，极大似然 {ml:.2f}，两步法 {cf:.2f}（标准误 {se:.2f}）。",
)


def rows(estimates: "pd.DataFrame") -> "pd.DataFrame":
    """Return equation (study/equation), estimate, error and interval of the term union."""
    named = estimates.assign(equation=estimates["study"] + "/" + estimates["equation"])
    mine = named[named["equation"].isin(EQUATIONS) & (named["term"] == "union")]
    mine = mine[mine["component"].isna() & (mine["quantity"] == "coefficient")]
    return mine[["equation", "estimate", "std_error", "ci_low", "ci_high", "n_obs", "note"]]


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return the three estimates of 1987."""
    at = rows.set_index("equation")
    step = at.loc["union_selection/control_function"]
    return FOUND.in_language(language).format(
        ols=at.loc["union_selection/least_squares", "estimate"],
        ml=at.loc["union_selection/maximum_likelihood", "estimate"],
        cf=step["estimate"], se=step["std_error"],
    )  # fmt: skip


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw one row an estimator, those without an exclusion in red."""
    figure, (axes,) = new_figure(3.2)
    known = rows.set_index("equation")
    grey = dict.fromkeys(EQUATIONS, GREY)
    draw_intervals(axes, known, EQUATIONS, language, grey | dict.fromkeys(WARNED, VERMILION))
    low, high = known["ci_low"].min(), known["ci_high"].max()
    axes.set_xlim(low - 0.1, high + 0.22 * (high - low))
    axes.set_xlabel(EFFECT.in_language(language))
    return figure
