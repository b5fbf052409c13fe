"""Names of the comparisons and of the machine, in both languages."""

from typing import TYPE_CHECKING

from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

SHORT = {
    "decomposition": Text("Oaxaca-Blinder with errors", "Oaxaca-Blinder 分解及标准误"),
    "fixed_effects": Text("person and year effects", "个体与年份固定效应"),
    "fixest": Text("person and year effects, from CSV", "个体与年份固定效应（读取 CSV）"),
    "instruments": Text("two-stage least squares", "两阶段最小二乘"),
    "joint_inference": Text("joint test of 4,096 specifications", "4,096 个设定的联合检验"),
    "large_file": Text("one regression on a Parquet file", "对 Parquet 文件的一次回归"),
    "least_squares": Text("least squares, clustered", "最小二乘，聚类标准误"),
    "levels": Text("multilevel, REML", "多层模型（REML）"),
    "many_outcomes": Text("Romano-Wolf through a study file", "研究文件中的 Romano-Wolf 检验"),
    "panel_effects": Text("person and year effects", "个体与年份固定效应"),
    "quantile": Text("quantile regression, five quantiles", "五个分位数的分位数回归"),
    "romano_wolf": Text(
        "Romano-Wolf, 12 outcomes, 9,999 draws", "Romano-Wolf：12 个结果，9,999 次抽样"
    ),
    "specifications": Text("4,096 specifications", "4,096 个设定"),
    "specifications_multiple": Text(
        "4,096 specifications, against csw0", "4,096 个设定（对照 csw0）"
    ),
    "staggered_adoption": Text("group-time effects", "分组时间效应（错时采纳）"),
    "weighting": Text("inverse probability weighting, AIPW", "逆概率加权与 AIPW"),
    "wild_bootstrap": Text("wild cluster bootstrap, 9,999 draws", "wild 聚类自助法，9,999 次抽样"),
}
MACHINE = Text("{machine}, Python {python}, {date}.", "{machine}，Python {python}，{date}。")


def machine_of(rows: "pd.DataFrame", language: str) -> str:
    """Return the machine, the version of Python and the day of a run."""
    first = rows.iloc[0]
    return MACHINE.in_language(language).format(
        machine=first["machine"], python=first["python"], date=first["date"]
    )
