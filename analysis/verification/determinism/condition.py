"""What a condition's file offers: ``ABOUT``, and ``prepare(folder)`` that returns a ``Plan``."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analysis.messages import Text

BUILD = (sys.executable, "-m", "analysis", "reproduce")


@dataclass(frozen=True)
class Plan:
    """How to build under a condition: where, with which command, environment and folder."""

    tree: Path
    command: tuple[str, ...] = BUILD
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None


class NotHereError(Exception):
    """The condition cannot be tried on this machine; ``reason`` says why."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(reason.en)
