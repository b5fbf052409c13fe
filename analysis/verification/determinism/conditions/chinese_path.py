"""The project in a folder whose name holds spaces and Chinese characters."""

from pathlib import Path

from analysis.messages import Text
from analysis.verification.determinism.condition import Plan
from analysis.verification.tree import empty_tree

ABOUT = Text("a path with spaces and Chinese characters", "路径含空格与汉字")


def prepare(folder: Path) -> Plan:
    """Make the tree in such a folder."""
    return Plan(empty_tree(folder / "我的 文档" / "地方工会 借力"))
