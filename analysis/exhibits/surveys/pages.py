"""Codebook and description of a survey as Markdown, a table a wave."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from analysis.exhibits.about import Column
from analysis.exhibits.formats import as_markdown, cell
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

SIMULATED = Text("Simulated data: ", "模拟数据：")
TITLES = {
    "codebook": Text("{survey} {wave}: codebook", "{survey} {wave} 年：编码簿"),
    "description": Text("{survey} {wave}: description", "{survey} {wave} 年：描述统计"),
}
COLUMNS: Mapping[str, Sequence[Column]] = {
    "codebook": [
        Column("field", Text("Field", "字段")),
        Column("definition_en", Text("Definition", "定义"), key_zh="definition_zh"),
        Column("unit", Text("Unit", "单位")),
        Column("variables", Text("Variables of the file", "文件中的变量")),
        Column("label", Text("Label in the file", "文件中的标签")),
        Column("codes", Text("Codes", "编码")),
        Column("missing_codes", Text("Missing codes", "缺失码")),
        Column("evidence", Text("Evidence", "依据")),
        Column("n", Text("N", "样本量"), 0),
        Column("missing", Text("Missing", "缺失"), 0),
        Column("share", Text("Share of 1", "取1的比例"), 3),
        Column("absent_en", Text("Why there is none", "为何没有"), key_zh="absent_zh"),
    ],
    "description": [
        Column("field", Text("Field", "字段")),
        Column("code", Text("Code", "取值")),
        Column("n", Text("N", "样本量"), 0),
        Column("mean", Text("Mean", "均值"), 3),
        Column("sd", Text("SD", "标准差"), 3),
        Column("share", Text("Share", "比例"), 3),
    ],
}
FOOTS = {
    "real": Text(
        "Survey data; what fewer than 10 persons share is not shown.",
        "调查数据；不足10人的单元不予显示。",
    ),
    "simulated": Text(
        "Simulated data: nothing is inferred about any real place or person.",
        "模拟数据：不对任何真实的地区或个人作推断。",
    ),
}


def codebook_page(codebook: "pd.DataFrame", language: str) -> bytes:
    """Return the codebook (rows of ``sources.surveys.codebook``), a table a wave."""
    marked = codebook["simulated"].any()
    return _page("codebook", codebook, bool(marked), language)


def description_page(description: "pd.DataFrame", language: str, *, simulated: bool) -> bytes:
    """Return the description (rows of ``sources.surveys.description``), a table a wave."""
    return _page("description", description, simulated, language)


def _page(kind: str, table: "pd.DataFrame", simulated: bool, language: str) -> bytes:
    parts = [_of_wave(kind, part, simulated, language) for _, part in table.groupby("wave")]
    return b"\n".join(parts)


def _of_wave(kind: str, part: "pd.DataFrame", simulated: bool, language: str) -> bytes:
    first = part.iloc[0]
    title = TITLES[kind].in_language(language).format(
        survey=str(first["survey"]).upper(), wave=first["wave"]
    )  # fmt: skip
    before = SIMULATED.in_language(language) if simulated else ""
    columns = COLUMNS[kind]
    cells = [
        [cell(row[column.key_in(language)], column, language) for column in columns]
        for row in part.to_dict("records")
    ]
    return as_markdown(
        before + title,
        [column.heading.in_language(language) for column in columns],
        cells,
        [column.decimals is not None for column in columns],
        FOOTS["simulated" if simulated else "real"].in_language(language),
    )
