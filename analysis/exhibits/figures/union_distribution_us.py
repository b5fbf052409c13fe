"""Proof of estimators: the union effect along the wage distribution, conditional and not."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About
from analysis.exhibits.style import BLUE, FAINT, ORANGE, new_figure
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

ABOUT = About(
    title=Text(
        "United States, young men 1980-1987: union effect along the wage distribution",
        "美国青年男性，1980至1987年：工资分布各处的工会效应",
    ),
    note=Text(
        "Proof of estimators on teaching data (Vella and Verbeek 1998; 545 men, 8 years). Left: "
        "quantiles given the controls; right: quantiles of all wages (recentred influence "
        "functions). 95 % intervals, errors clustered by man; on the right the density is taken "
        "as known. Dashed: least squares. It can say where in the distribution members and others "
        "differ; it cannot say that joining moves a man there, for membership is chosen. Nothing "
        "of China follows.",
        "以教学数据（Vella 与 Verbeek 1998；545人、8年）检验估计方法。左：条件分位数；"
        "右：无条件分位数（再中心化影响函数）。阴影为95%置信区间，按个人聚类；右图视密度为已知。"
        "虚线为最小二乘。能够说明会员与非会员的差异位于分布何处；"
        "不能说明入会会使个人移到该处，因为入会是自选的。与中国无关。",
    ),
    inputs={"estimates": "estimates.csv"},
    data_kind="survey",
)
STUDY, TERM = "union_distribution", "union"
PANELS = {
    "conditional": (Text("quantile regression", "分位数回归"), BLUE),
    "unconditional": (Text("unconditional (RIF)", "无条件分位数（RIF）"), ORANGE),
}
QUANTILE = Text("quantile", "分位点")
EFFECT = Text("union effect, log points", "工会效应（对数点）")
FOUND = Text(
    "At the 10th and the 90th percentile: {low:.2f} and {high:.2f} given the controls, "
    "{rif_low:.2f} and {rif_high:.2f} of all wages.",
    "第10与第90百分位：给定控制变量为 {low:.2f} 与 {high:.2f}，"
    "就全部工资为 {rif_low:.2f} 与 {rif_high:.2f}。",
)


def rows(estimates: "pd.DataFrame") -> "pd.DataFrame":
    """Return equation, quantile, estimate, error and interval of the union's coefficient."""
    mine = estimates[(estimates["study"] == STUDY) & (estimates["term"] == TERM)]
    tau = mine["component"].str.extract(r"^tau=([\d.]+)$")[0].astype(float)
    kept = mine.assign(quantile=tau)[tau.notna() | (mine["equation"] == "mean")]
    return kept[["equation", "quantile", "estimate", "std_error", "ci_low", "ci_high", "n_obs"]]


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return the effects near both ends."""
    at = rows.set_index(["equation", "quantile"])["estimate"]
    return FOUND.in_language(language).format(
        low=at["conditional", 0.1], high=at["conditional", 0.9],
        rif_low=at["unconditional", 0.1], rif_high=at["unconditional", 0.9],
    )  # fmt: skip


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw one panel a kind of quantile on one scale, least squares as a line through both."""
    figure, panels = new_figure(3.9, columns=2)
    mean = rows.loc[rows["equation"] == "mean", "estimate"].iloc[0]
    for axes, (equation, (name, colour)) in zip(panels, PANELS.items(), strict=True):
        path = rows[rows["equation"] == equation].sort_values("quantile")
        axes.fill_between(
            path["quantile"], path["ci_low"], path["ci_high"], color=colour, alpha=0.18, linewidth=0
        )
        axes.plot(path["quantile"], path["estimate"], color=colour, marker="o", markersize=4)
        axes.axhline(mean, color=FAINT, linewidth=1, linestyle="--")
        axes.axhline(0, color=FAINT, linewidth=0.8)
        axes.set_title(name.in_language(language), fontsize=9, loc="left")
        axes.set_xlabel(QUANTILE.in_language(language))
        axes.set_ylim(rows["ci_low"].min() - 0.02, rows["ci_high"].max() + 0.02)
    panels[0].set_ylabel(EFFECT.in_language(language))
    return figure
