"""What every exhibit says of itself: its title, note and the results that it shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from analysis.messages import Text

YEARBOOKS = Text(
    "Source: National Bureau of Statistics of China, yearbooks; each figure's source and status: "
    "data/raw/national_disputes.csv.",
    "资料来源：国家统计局各年鉴；每个数字的出处与状态见 data/raw/national_disputes.csv。",
)
ARTICLE = Text(
    "Source: Wu Jianping 2017 (Sociological Studies); recomputed by this package.",
    "资料来源：吴建平（2017，社会学研究）；由本软件包复算。",
)


@dataclass(frozen=True)
class About:
    """An exhibit's title, note and inputs.

    Attributes
    ----------
    title
        One line that stays true whatever the data say.
    note
        Where the numbers come from and how to read them; printed beneath.
    inputs
        Files of reports/results by the name under which ``rows`` receives them.
    data_kind
        published, survey, regional or simulated.
    """

    title: Text
    note: Text
    inputs: Mapping[str, str]
    data_kind: Literal["published", "survey", "regional", "simulated"] = "published"


@dataclass(frozen=True)
class Column:
    """A table's column: its key in the rows, its heading, how its cells are written.

    ``key_zh`` names another key for the Chinese table; ``decimals`` None writes the cell as it
    is; ``words`` translates it; ``width`` is the share of the line that a column of running text
    takes in LaTeX.
    """

    key: str
    heading: Text
    decimals: int | None = None
    words: Mapping[str, Text] | None = None
    width: float | None = None
    key_zh: str = ""

    def key_in(self, language: str) -> str:
        """Return the key of the rows that this column shows in ``language``."""
        return self.key_zh if language == "zh" and self.key_zh else self.key
