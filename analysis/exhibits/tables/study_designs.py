"""Designs of published studies of Chinese unions: what is established of each."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About, Column
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

FIELDS = 11
ABOUT = About(
    title=Text(
        "Studies of unions in China: what is established of their designs",
        "中国工会研究：各研究设计的已知内容",
    ),
    note=Text(
        "From abstracts, titles and catalogue records; no regression table was read. ? not "
        "verified; empty: not established. Read: fields of 11 with something read in a source. "
        "A sheet for each study with addresses: reports/designs.",
        "据摘要、题名与目录记录；未读到任何回归表。? 未核实；空格为未能确证。已读：11 个项目中有"
        "出处者。各研究的设计单及出处见 reports/designs。",
    ),
    inputs={"designs": "designs.csv"},
)
CITED = {"article": Text("article", "本文"), "beside": Text("beside", "其他")}
SHOWN = ("unit", "data", "outcomes", "treatment", "estimators")
COLUMNS = [
    Column("study_en", Text("Study", "研究"), width=0.12, key_zh="study_zh"),
    Column("cited", Text("Cited in", "引自"), words=CITED),
    Column("unit_en", Text("Unit", "单位"), width=0.09, key_zh="unit_zh"),
    Column("data_en", Text("Data", "数据"), width=0.17, key_zh="data_zh"),
    Column("outcomes_en", Text("Outcomes", "结果变量"), width=0.17, key_zh="outcomes_zh"),
    Column("treatment_en", Text("Treatment", "处理变量"), width=0.12, key_zh="treatment_zh"),
    Column("estimators_en", Text("Estimators", "估计方法"), width=0.17, key_zh="estimators_zh"),
    Column("read", Text("Read", "已读"), 0),
]


def rows(designs: "pd.DataFrame") -> "pd.DataFrame":
    """Return one row a study; what is not verified ends with a question mark."""
    import pandas as pd

    found = [_row(group) for _, group in designs.groupby("study", sort=False)]
    return pd.DataFrame(found)[
        [key for column in COLUMNS for key in dict.fromkeys((column.key, column.key_in("zh")))]
    ]


def _row(facts: "pd.DataFrame") -> dict[str, object]:
    first = facts.iloc[0]
    row = {"study_en": first["study_en"], "study_zh": first["study_zh"], "cited": first["cited"]}
    for name in SHOWN:
        of_field = facts[(facts["field"] == name) & (facts["position"] > 0)]
        for language, mark, gap in (("en", "?", "; "), ("zh", "？", "；")):
            texts = [
                str(text) + ("" if confidence == "read" else mark)
                for text, confidence in zip(
                    of_field[f"text_{language}"], of_field["confidence"], strict=True
                )
            ]
            row[f"{name}_{language}"] = gap.join(texts)
    return row | {"read": facts.loc[facts["confidence"] == "read", "field"].nunique()}
