"""The cells of the study, the methods judged in each, and a simulated panel of a cell.

Worlds are those of the twin ``selection_panel``, methods those of judging.toml.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.sources.twins import draw_cell, read_world

METHODS: Mapping[str, Mapping[str, Any]] = tomllib.loads(
    Path(__file__).with_name("judging.toml").read_text(encoding="utf-8")
)["method"]
WORLD = read_world("selection_panel")
EFFECT = WORLD.effect("ln_wage")
SELECTIONS, INSTRUMENTS = WORLD.values["selection"], WORLD.values["instrument"]
NO_INSTRUMENT = "none"


@dataclass(frozen=True)
class Cell:
    """A selection into unions and a state of the instrument, by their names in the world."""

    selection: str
    instrument: str

    @property
    def methods(self) -> list[str]:
        """Return the methods judged in this cell: those with an instrument where there is one."""
        with_one = self.instrument != NO_INSTRUMENT
        return [
            name for name, method in METHODS.items()
            if method.get("instrument", False) is with_one
        ]  # fmt: skip


def cells() -> list[Cell]:
    """Return every selection with every state of the instrument."""
    return [Cell(selection, state) for selection in SELECTIONS for state in INSTRUMENTS]


def panel(cell: Cell, rng: np.random.Generator) -> pd.DataFrame:
    """Return the twin's columns and ``without``: the log wage if nobody were a member."""
    frame = draw_cell(WORLD, rng, WORLD.size, cell.selection, cell.instrument)
    return frame.assign(without=frame["ln_wage"] - EFFECT * frame["union_member"])
