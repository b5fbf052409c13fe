"""Proof of estimators: the union wage effect on the Vella-Verbeek panel, with its tests."""

import json
from typing import TYPE_CHECKING

from analysis.exhibits.about import About, Column
from analysis.exhibits.figures.union_wage_us import EQUATIONS
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    title=Text(
        "United States, young men 1980-1987: union wage effect, Hausman and Mundlak tests",
        "美国青年男性，1980至1987年：工会工资效应、Hausman 检验与 Mundlak 检验",
    ),
    note=Text(
        "Proof of estimators on teaching data (Vella and Verbeek 1998); nothing of China follows. "
        "Switchers: men whose membership changes. Hausman: fixed against random effects, classical "
        "covariances. Wald: the means of Mundlak's equation. No covariance is clustered unless the "
        "row says so.",
        "以教学数据（Vella 与 Verbeek 1998）检验估计方法，与中国无关。转换者：会员身份有变化的人。"
        "Hausman：固定效应对随机效应，常规协方差。Wald：Mundlak 方程中的均值项。除注明外均未聚类。",
    ),
    inputs={"estimates": "estimates.csv"},
)
# what each equation reports beside its coefficients, by the key of its extras
EXTRAS = ("n_switchers", "hausman", "hausman_df", "hausman_p", "wald_chi2", "wald_df", "wald_p")
COLUMNS = [
    Column("equation", Text("Estimator", "估计方法"), words=EQUATIONS),
    Column("estimate", Text("Union", "工会"), 5),
    Column("std_error", Text("Std. error", "标准误"), 5),
    Column("n_obs", Text("N", "样本量"), 0),
    Column("n_switchers", Text("Switchers", "转换者"), 0),
    Column("hausman", Text("Hausman chi2", "Hausman χ²"), 2),
    Column("hausman_df", Text("df", "自由度"), 0),
    Column("hausman_p", Text("p", "p值"), 4),
    Column("wald_chi2", Text("Wald chi2", "Wald χ²"), 2),
    Column("wald_df", Text("df", "自由度"), 0),
    Column("wald_p", Text("p", "p值"), 4),
]


def rows(estimates: "pd.DataFrame") -> "pd.DataFrame":
    """Return one row an equation: the term union and what the equation's extras say."""
    mine = estimates[(estimates["study"] == "vella_verbeek") & (estimates["term"] == "union")]
    extras = [json.loads(text) if isinstance(text, str) else {} for text in mine["extras"]]
    found = {key: [entry.get(key) for entry in extras] for key in EXTRAS}
    return mine.assign(**found)[[column.key for column in COLUMNS]]
