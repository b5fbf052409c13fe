"""Tables of the README that were generated once and no longer say what the files say."""

import re
from collections.abc import Iterator

from analysis.exhibits.readme import filled
from analysis.messages import Text
from analysis.verification.preflight.finding import Finding, said
from analysis.verification.preflight.tree import Tree

ABOUT = Text("README: its parts, and its generated tables", "README：各部分与自动生成的表")
BEHIND = Text("generated tables are behind the files", "自动生成的表已过期")
LACKING = Text("has no section on {part}", "缺少章节：{part}")
# the parts that data editors of economics and sociology ask for, by what their headings say
PARTS = (
    "Overview", "Data availability and provenance", "Dataset list", "Computational requirements",
    "Description of programs", "Instructions to replicators", "List of tables and programs",
    "References",
)  # fmt: skip
README = "README.md"


def find(tree: Tree) -> Iterator[Finding]:
    """Yield parts that the README lacks, and whether a generated block is out of date."""
    text = tree.text(README)
    headings = " ".join(re.findall(r"^#+ (.+)$", text, re.MULTILINE)).lower()
    for part in PARTS:
        if part.lower() not in headings:
            yield Finding(README, said(LACKING, part=part))
    if filled(text, tree.root) != text:
        yield Finding(README, BEHIND)
