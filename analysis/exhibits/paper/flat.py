"""Tables 1, 2 and 5: headings and cells in one language."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import Column
from analysis.exhibits.formats import cell
from analysis.exhibits.paper.facts import Facts
from analysis.exhibits.paper.words import ROLES
from analysis.exhibits.regression_table import p_text
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

NAME = Column("label_en", Text("Variable", "变量"), key_zh="label_zh")
ENDS = {
    "min": Text("Min", "最小值"), "max": Text("Max", "最大值"),
    "p1": Text("1st pct.", "第1百分位"), "p99": Text("99th pct.", "第99百分位"),
}  # fmt: skip
DEFINITIONS = [
    Column("role", Text("Role", "类型"), words=ROLES), NAME,
    Column("definition_en", Text("Definition", "定义"), key_zh="definition_zh", width=0.35),
    Column("expression", Text("Expression", "计算式")),
]  # fmt: skip
DESCRIPTION = [
    NAME,
    Column("n", Text("N", "样本量"), 0),
    Column("mean", Text("Mean", "均值"), 3),
    Column("sd", Text("SD", "标准差"), 3),
    *(Column(key, heading, 3) for key, heading in ENDS.items()),
    Column("mean_treated", Text("Mean, treated", "处理组均值"), 3),
    Column("mean_untreated", Text("Mean, untreated", "对照组均值"), 3),
    Column("difference", Text("Difference", "差异"), 3),
    Column("std_error", Text("(SE)", "（标准误）"), 3),
    Column("p_value", Text("p", "p值"), 3),
]
BALANCE = [
    NAME,
    Column("mean_treated_before", Text("Treated, before", "处理组（匹配前）"), 3),
    Column("mean_untreated_before", Text("Untreated, before", "对照组（匹配前）"), 3),
    Column("bias_before", Text("Std. diff. before, %", "标准化差异（匹配前，%）"), 1),
    Column("variance_ratio_before", Text("Var. ratio before", "方差比（匹配前）"), 2),
    Column("mean_treated_after", Text("Treated, after", "处理组（匹配后）"), 3),
    Column("mean_untreated_after", Text("Untreated, after", "对照组（匹配后）"), 3),
    Column("bias_after", Text("Std. diff. after, %", "标准化差异（匹配后，%）"), 1),
    Column("variance_ratio_after", Text("Var. ratio after", "方差比（匹配后）"), 2),
]
EFFECT = [
    Column("estimate", Text("Effect", "效应"), 3),
    Column("std_error", Text("(SE)", "（标准误）"), 3),
    Column("p_value", Text("p", "p值"), 3),
    Column("n_obs", Text("N", "样本量"), 0),
]
FLAT = {
    "table1_definitions": DEFINITIONS,
    "table2_description": DESCRIPTION,
    "table5_matching": [*BALANCE, *EFFECT],
}
BRACKETED = "std_error"


def flat_cells(
    name: str, rows: "pd.DataFrame", facts: Facts, language: str
) -> tuple[list[str], list[list[str]]]:
    """Return headings and rows of text; without p values where none may be printed."""
    kept = flat_columns(name, rows, facts)
    cells = [
        [_text(row.get(one.key_in(language)), one, language) for one in kept]
        for row in rows.to_dict("records")
    ]
    return [one.heading.in_language(language) for one in kept], cells


def flat_columns(name: str, rows: "pd.DataFrame", facts: Facts) -> list[Column]:
    """Return the columns to print: no p values where none may be, the ends that the rows have."""
    left_out = {end for end in ENDS if end not in rows}
    left_out |= set() if facts.shows_p else {"p_value"}
    return [one for one in FLAT[name] if one.key not in left_out]


def _text(value: object, column: Column, language: str) -> str:
    if isinstance(value, float) and abs(value) < 1e-9:
        value = 0.0  # no minus sign before a zero
    if column.key == "p_value" and isinstance(value, float) and value == value:
        return p_text(value)
    text = cell(value, column, language)
    return f"({text})" if text and column.key == BRACKETED else text
