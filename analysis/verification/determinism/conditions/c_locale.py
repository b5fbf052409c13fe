"""The poorest locale: ASCII for files and console wherever the code does not say UTF-8."""

from pathlib import Path

from analysis.messages import Text
from analysis.verification.determinism.condition import Plan
from analysis.verification.tree import empty_tree

ABOUT = Text("locale C without UTF-8", "区域设置 C（非 UTF-8）")
POOR = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def prepare(folder: Path) -> Plan:
    """Take every hint at UTF-8 away."""
    return Plan(empty_tree(folder), environment=POOR)
