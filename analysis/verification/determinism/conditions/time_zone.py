"""The far side of the date line: another hour, and for half of each day another date."""

from pathlib import Path

from analysis.messages import Text
from analysis.verification.determinism.condition import Plan
from analysis.verification.tree import empty_tree

ABOUT = Text("time zone UTC+14", "时区 UTC+14")


def prepare(folder: Path) -> Plan:
    """Set the clock's zone."""
    return Plan(empty_tree(folder), environment={"TZ": "Pacific/Kiritimati"})
