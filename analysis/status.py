"""How far a figure can be trusted, strongest first, and the weakest of several."""

from collections.abc import Iterable

from analysis.messages import Text

# article: the article's own input, taken as printed; the verdict is then on its arithmetic only
STATUSES = (
    "article",
    "verified",
    "verified_secondary",
    "corroborated",
    "derived",
    "adds_up",
    "unverified",
)
LABELS = {
    "article": Text("the article's own input", "文章自身的数字"),
    "verified": Text("verified in the primary table", "已核对原表"),
    "verified_secondary": Text("read in a text that quotes the yearbook", "见于转引年鉴的文献"),
    "corroborated": Text("agrees with a rounded figure elsewhere", "与他处约数相符"),
    "derived": Text("computed from such figures", "由上述数字推算"),
    "adds_up": Text("read nowhere, parts sum to the total", "未见原文，分项与合计相符"),
    "unverified": Text("unverified, to be checked in the yearbook", "未核实，待查年鉴"),
}
SETTLED_DOWN_TO = "corroborated"


def weakest(statuses: Iterable[str]) -> str:
    """Return the weakest of the statuses; empty when there is none.

    Raises
    ------
    ValueError
        If a status is not one of ``STATUSES``.
    """
    return max(statuses, key=STATUSES.index, default="")


def strongest(statuses: Iterable[str]) -> str:
    """Return the strongest of the statuses; empty when there is none."""
    return min(statuses, key=STATUSES.index, default="")


def is_provisional(status: str) -> bool:
    """Tell whether what rests on a figure of this status may still change: below corroborated."""
    return status != "" and STATUSES.index(status) > STATUSES.index(SETTLED_DOWN_TO)
