"""A twin's description: the TOML of ``worlds/``, each number with its source."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PLACE = Path(__file__).with_name("worlds")
SECTIONS = ("moments", "effects", "selection", "instrument", "missing")
ASSUMPTION = "assumption"


@dataclass(frozen=True)
class World:
    """What a twin is drawn from; ``values`` by section and name, ``sources`` beside them."""

    name: str
    survey: str
    waves: tuple[int, ...]
    seed: int
    size: int
    values: Mapping[str, Mapping[str, Any]]
    sources: Mapping[str, Mapping[str, str]]

    def moment(self, name: str) -> Any:
        """Return a moment: a number, a list, or shares by code."""
        return self.values["moments"][name]

    def effect(self, outcome: str) -> float:
        """Return the true effect on the outcome (for 0/1 outcomes: on the latent index)."""
        return float(self.values["effects"][outcome])

    def selection(self, name: str) -> float:
        """Return a coefficient of the latent index of union membership."""
        return float(self.values["selection"][name])

    def missing(self, name: str) -> float:
        """Return the share of answers that are missing."""
        return float(self.values["missing"].get(name, 0.0))


@cache
def read_world(name: str) -> World:
    """Read ``worlds/NAME.toml``; every entry of its sections is a table of value and source."""
    document = tomllib.loads((PLACE / f"{name}.toml").read_text(encoding="utf-8"))
    about = document["twin"]
    return World(
        name=name,
        survey=about["survey"],
        waves=tuple(about["waves"]),
        seed=about["seed"],
        size=about["size"],
        values={part: _column(document.get(part, {}), "value") for part in SECTIONS},
        sources={part: _column(document.get(part, {}), "source") for part in SECTIONS},
    )


def _column(entries: Mapping[str, Mapping[str, Any]], what: str) -> dict[str, Any]:
    return {name: entry[what] for name, entry in entries.items()}


def shares(counts: Mapping[str, float]) -> tuple[list[str], Sequence[float]]:
    """Return codes and their shares, which sum to one, from counts by code."""
    total = sum(counts.values())
    return list(counts), [count / total for count in counts.values()]
