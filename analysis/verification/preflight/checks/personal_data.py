"""Columns that look like data on persons: names, numbers, addresses."""

import re
from collections.abc import Iterator

from analysis.messages import Text
from analysis.verification.preflight.finding import Finding, said
from analysis.verification.preflight.tables import Table, tables
from analysis.verification.preflight.tree import Tree

ABOUT = Text("columns that look like personal data", "疑似个人信息的列")
NAMED = Text("column {column} is named like personal data", "列名 {column} 疑似个人信息")
HELD = Text(
    "row {row}, column {column} holds what looks like {kind}",
    "第 {row} 行、{column} 列疑似{kind}",
)
NAMES = re.compile(
    r"(?i)^(?:(?:first|last|full|given|family|person|respondent|interviewer)_?name|surname|"
    r"e_?mail|phone|mobile|telephone|(?:home|street|postal)_?address|birth_?(?:day|date)|date_of_birth|dob|"
    r"passport|id_?card|id_?number|ssn|bank_?account|gps|latitude|longitude|ip_?address|wechat|qq|"
    r".*(?:姓名|身份证|手机|电话|住址|地址|邮箱|出生日期|银行卡|微信).*)$"
)
KINDS = {
    Text("a citizen's number", "公民身份号码"): re.compile(
        r"(?<!\w)[1-9]\d{5}(?:19|20)\d{9}[\dXx](?!\w)"
    ),
    Text("a mobile number", "手机号码"): re.compile(r"(?<![\w.-])1[3-9]\d{9}(?![\w.])"),
    Text("an e-mail address", "电子邮箱"): re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}"),
}


def find(tree: Tree) -> Iterator[Finding]:
    """Yield the columns of every table that are named so, then those that hold such values."""
    for table in tables(tree):
        for column in filter(NAMES.match, table.header):
            yield Finding(table.name, said(NAMED, column=column))
        for column in table.header:
            yield from _held(table, column)


def _held(table: Table, column: str) -> Iterator[Finding]:
    """Yield each kind of value that a column seems to hold, at its first place."""
    cells = table.column(column)
    for kind, pattern in KINDS.items():
        row = next((i for i, cell in enumerate(cells, start=2) if pattern.search(cell)), None)
        if row is not None:
            yield Finding(table.name, said(HELD, row=row, column=column, kind=kind))
