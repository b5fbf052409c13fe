"""Variables of the data that nobody explains, in one language or the other."""

import csv
import io
from collections.abc import Iterator

from analysis.messages import Text
from analysis.sources.raw import table_names
from analysis.sources.variables import read_variables
from analysis.sources.vintages import EARLIER
from analysis.verification.preflight.finding import Finding, said
from analysis.verification.preflight.tree import Tree

ABOUT = Text("variables without a label", "没有标签的变量")
UNLABELLED = Text("{variable} has no label in {language}", "{variable} 缺少{language}标签")
UNKNOWN = Text("{variable} is not in the codebook", "{variable} 不在数据字典中")
LANGUAGES = {"label_en": Text("English", "英文"), "label_zh": Text("Chinese", "中文")}
CODEBOOK = "data/processed/codebook.csv"


def find(tree: Tree) -> Iterator[Finding]:
    """Yield variables of the codebook without a label, then columns that it does not know."""
    explained: set[tuple[str, str]] = set()
    for row in csv.DictReader(io.StringIO(tree.text(CODEBOOK), newline="")):
        explained.add((row["table"], row["variable"]))
        for column, language in LANGUAGES.items():
            if not row[column].strip():
                variable = f"{row['table']}.{row['variable']}"
                yield Finding(CODEBOOK, said(UNLABELLED, variable=variable, language=language))
    for table in table_names():
        for variable in read_variables(table):
            if (table, variable) not in explained and not variable.endswith(EARLIER):
                name = f"{table}.{variable}"
                yield Finding(CODEBOOK, said(UNKNOWN, variable=name))
