"""Stars of significance: which levels, and the sentence that explains them."""

from collections.abc import Mapping
from types import MappingProxyType

from analysis.messages import Text

OFF = "off"
# stars and the level under which a p value earns them, most stars first
LEVELS: Mapping[str, tuple[tuple[str, float], ...]] = MappingProxyType(
    {
        "off": (),
        "econ": (("***", 0.01), ("**", 0.05), ("*", 0.10)),
        "soc": (("***", 0.001), ("**", 0.01), ("*", 0.05)),
    }
)
CONVENTIONS = tuple(LEVELS)
EXPLAINED = {
    "econ": Text(
        "*, **, ***: p < 0.10, 0.05, 0.01.", "*、**、***分别表示在10%、5%、1%的水平上显著。"
    ),
    "soc": Text(
        "*, **, ***: p < 0.05, 0.01, 0.001.", "*、**、***分别表示在5%、1%、0.1%的水平上显著。"
    ),
}


def marks(p_value: float | None, convention: str) -> str:
    """Return the stars of a p value; none without a p value.

    Raises
    ------
    KeyError
        If the convention is not one of ``CONVENTIONS``.
    """
    levels = LEVELS[convention]
    if p_value is None or p_value != p_value:
        return ""
    return next((stars for stars, level in levels if p_value < level), "")


def legend(convention: str, language: str) -> str:
    """Return the sentence that explains the stars; empty where none are printed."""
    return EXPLAINED[convention].in_language(language) if convention in EXPLAINED else ""
