"""What a fault says of itself, and how an attempt can end."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from analysis.messages import Text


class Ending(Enum):
    """How the project stood after a fault."""

    UNHARMED = Text("ran through with the right results", "照常完成，结果正确")
    RECOVERED = Text("the next run ended with the right results", "再次运行后结果正确")
    REFUSED = Text(
        "stopped with a clear message, every file whole; right once the cause was gone",
        "给出明确提示后停止，文件均完整；原因消除后结果正确",
    )
    LOST = Text("not survived", "未能恢复")


@dataclass(frozen=True)
class Outcome:
    """The ending of one attempt; ``detail`` says what went wrong where something did."""

    ending: Ending
    detail: str = ""

    @property
    def survived(self) -> bool:
        """Say whether results were right in the end and nothing of the user's was lost."""
        return self.ending is not Ending.LOST


def _always() -> Text | None:
    return None


@dataclass(frozen=True)
class About:
    """A fault's title, how often it is tried, and why it cannot be tried here (None: it can)."""

    title: Text
    tries: int
    hindrance: Callable[[], Text | None] = _always
