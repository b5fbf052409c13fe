"""Nothing is changed: what the machine itself changes, beside which the rest is read."""

from pathlib import Path

from analysis.messages import Text
from analysis.verification.determinism.condition import Plan
from analysis.verification.tree import empty_tree

ABOUT = Text("nothing (one thread, this machine)", "无（单线程，本机）")


def prepare(folder: Path) -> Plan:
    """Make an empty tree and leave it alone."""
    return Plan(empty_tree(folder))
