"""Proof of estimators: the union wage effect on the Vella-Verbeek panel by six estimators."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About
from analysis.exhibits.intervals import draw_intervals
from analysis.exhibits.style import ORANGE, new_figure
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

ABOUT = About(
    title=Text(
        "United States, young men 1980-1987: the union wage effect by estimator",
        "美国青年男性，1980至1987年：各估计方法下的工会工资效应",
    ),
    note=Text(
        "Proof of estimators on teaching data (Vella and Verbeek 1998; 545 men, 8 years): what "
        "selection into unions does to an estimate. It says nothing of unions in China. Points "
        "with 95 % intervals; covariances as named in reports/results/estimates.csv.",
        "以教学数据（Vella 与 Verbeek 1998；545人、8年）检验估计方法：显示入会选择如何影响估计值，"
        "与中国工会无关。点为估计值，横线为95%置信区间；标准误类型见 "
        "reports/results/estimates.csv。",
    ),
    inputs={"estimates": "estimates.csv"},
)
EQUATIONS = {
    "pooled": Text("pooled OLS", "混合OLS"),
    "between": Text("between persons", "组间"),
    "random_effects": Text("random effects", "随机效应"),
    "first_difference": Text("first differences, clustered", "一阶差分（聚类）"),
    "fixed_effects": Text("fixed effects", "固定效应"),
    "fixed_effects_clustered": Text("fixed effects, clustered", "固定效应（聚类）"),
    "mundlak": Text("Mundlak", "Mundlak"),
}
WITHIN = ("first_difference", "fixed_effects", "fixed_effects_clustered", "mundlak")
EFFECT = Text("Union member against non-member, log points", "会员与非会员之差（对数点）")
FOUND = Text(
    "{high:.3f} pooled, {low:.3f} within persons over time.",
    "混合回归 {high:.3f}，个体内部随时间变化 {low:.3f}。",
)


def rows(estimates: "pd.DataFrame") -> "pd.DataFrame":
    """Return equation, estimate, std_error, ci_low, ci_high of the term union."""
    mine = estimates[(estimates["study"] == "vella_verbeek") & (estimates["term"] == "union")]
    return mine[["equation", "estimate", "std_error", "ci_low", "ci_high", "n_obs"]]


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return the pooled and the within estimate."""
    estimate = rows.set_index("equation")["estimate"]
    return FOUND.in_language(language).format(
        high=estimate["pooled"], low=estimate["fixed_effects"]
    )


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw one row an estimator; those that use changes within persons in another colour."""
    figure, (axes,) = new_figure(3.6)
    known = rows.set_index("equation")
    draw_intervals(axes, known, EQUATIONS, language, dict.fromkeys(WITHIN, ORANGE))
    axes.set_xlim(-0.02, max(0.4, 1.25 * known["ci_high"].max()))
    axes.set_xlabel(EFFECT.in_language(language))
    return figure
