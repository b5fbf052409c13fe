"""Proof of estimators: published numbers on teaching data beside those measured here."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About, Column
from analysis.exhibits.formats import TRUE_FALSE
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    title=Text(
        "Proof of estimators: published and measured, United States and textbook data",
        "估计方法的检验：已发表数值与复算值（美国及教科书数据）",
    ),
    note=Text(
        "These data prove the estimators and say nothing of China. A number agrees when the "
        "measured one rounds to the printed digits. Last column: would the nearest wrong "
        "covariance have agreed as well.",
        "此类数据只用于检验估计方法，与中国无关。复算值按所载位数取整后相同即为相符。"
        "末列：若误用最接近的另一种协方差是否也相符。",
    ),
    inputs={"benchmarks": "benchmarks.csv"},
)
COLUMNS = [
    Column("source", Text("Published in", "出处"), width=0.34),
    Column("benchmark", Text("Table", "编号")),
    Column("quantity", Text("Quantity", "数量")),
    Column("published", Text("Published", "已发表")),
    Column("measured", Text("Measured", "复算"), 5),
    Column("agrees", Text("Agrees", "相符"), words=TRUE_FALSE),
    Column("agrees_otherwise", Text("Wrong covariance", "误用协方差"), words=TRUE_FALSE),
]


def rows(benchmarks: "pd.DataFrame") -> "pd.DataFrame":
    """Return the numbers that an estimator of this version serves."""
    served = benchmarks[benchmarks["agrees"].notna()]
    flags = {
        name: served[name].astype("str").str.lower() for name in ("agrees", "agrees_otherwise")
    }
    served = served.assign(**flags).replace({"agrees_otherwise": {"nan": ""}})
    return served[[column.key for column in COLUMNS]]
