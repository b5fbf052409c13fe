"""The nearest change of each input that alters a verdict."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import ARTICLE, About, Column
from analysis.exhibits.words import STATUS_SHORT, VERDICTS
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    title=Text("Flip distances of all inputs", "全部投入数的翻转距离"),
    note=Text(
        "The smallest change of one input, the others held, that alters the verdict or the "
        "definition it names; in the input's own unit. Inputs that no change up to their own size "
        f"can flip are left out. {ARTICLE.en}",
        "其余不变时，改变结论或其所依口径所需的单个投入数的最小变动，以该数自身单位计；"
        f"变动至其自身大小仍不能翻转者未列入。{ARTICLE.zh}",
    ),
    inputs={"flips": "flip_distances.csv"},
)
COLUMNS = [
    Column("claim_id", Text("Statement", "陈述编号")),
    Column("input_en", Text("Input", "投入数"), width=0.35, key_zh="input_zh"),
    Column("value", Text("Value", "数值"), 2),
    Column("flip", Text("Smallest change", "最小变动"), 2),
    Column("flip_percent", Text("Percent", "百分比"), 3),
    Column("verdict", Text("Verdict", "结论"), words=VERDICTS),
    Column("new_verdict", Text("Becomes", "变为"), words=VERDICTS),
    Column("inputs_status", Text("Data", "数据状态"), words=STATUS_SHORT),
]


def rows(flips: "pd.DataFrame") -> "pd.DataFrame":
    """Return the inputs that can flip a verdict, the statement's nearest first."""
    able = flips[flips["flip"].notna()].rename(columns={"status": "inputs_status"})
    able = able.assign(distance=able["flip_percent"].abs())
    able = able.sort_values(["claim_id", "distance"], kind="stable")
    return able[[*(column.key for column in COLUMNS), "input_zh"]]
