"""Started from a folder that is not the project's."""

from pathlib import Path

from analysis.messages import Text
from analysis.verification.determinism.condition import Plan
from analysis.verification.tree import empty_tree

ABOUT = Text("another working folder", "另一工作目录")


def prepare(folder: Path) -> Plan:
    """Start the build in a folder beside the tree."""
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    return Plan(empty_tree(folder), folder=elsewhere)
