"""A journal's style, read from styles.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analysis.messages import Text

FILE = Path(__file__).with_name("styles.toml")
PLAIN = "plain"


@dataclass(frozen=True)
class Style:
    """How a journal prints a table.

    Attributes
    ----------
    stars, brackets
        Its own convention, where the user asks for none.
    decimals
        Of estimates and of what stands beneath.
    observations
        What the row with the number of observations is called.
    points
        Sizes of title, body and note.
    caption_zh
        The font of the Chinese title.
    caption
        Where the title stands: left or center.
    """

    id: str
    name: Text
    stars: str
    brackets: str
    decimals: int
    observations: Text
    points: tuple[float, float, float]
    caption_zh: str
    caption: str


@cache
def styles() -> dict[str, Style]:
    """Return the styles by name, in the order of the file."""
    document = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {key: _style(key, entry) for key, entry in document.items()}


def style(name: str = PLAIN) -> Style:
    """Return the style of that name.

    Raises
    ------
    KeyError
        If there is none.
    """
    return styles()[name]


def _style(key: str, entry: Mapping[str, Any]) -> Style:
    title, body, note = entry["points"]
    return Style(
        id=key,
        name=Text(**entry["name"]),
        stars=entry["stars"],
        brackets=entry["brackets"],
        decimals=entry["decimals"],
        observations=Text(**entry["observations"]),
        points=(title, body, note),
        caption_zh=entry["caption_zh"],
        caption=entry["caption"],
    )
