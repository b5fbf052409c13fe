"""A Chinese user's locale: messages in Chinese, results as ever."""

from pathlib import Path

from analysis.messages import Text
from analysis.verification.determinism.condition import Plan
from analysis.verification.tree import empty_tree

ABOUT = Text("Chinese locale and messages", "中文区域设置与提示语")
CHINESE = {"LC_ALL": "zh_CN.UTF-8", "LANG": "zh_CN.UTF-8", "JIELI_LANG": "zh"}


def prepare(folder: Path) -> Plan:
    """Speak Chinese."""
    return Plan(empty_tree(folder), environment=CHINESE)
