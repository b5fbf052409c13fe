"""Another order of sets: Python's hash seed fixed, where it is otherwise random."""

from pathlib import Path

from analysis.messages import Text
from analysis.verification.determinism.condition import Plan
from analysis.verification.tree import empty_tree

ABOUT = Text("hash seed 1 (order of sets)", "散列种子 1（集合的次序）")


def prepare(folder: Path) -> Plan:
    """Fix the seed of hashing."""
    return Plan(empty_tree(folder), environment={"PYTHONHASHSEED": "1"})
