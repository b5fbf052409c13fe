"""The worlds of the study and its methods, read from judging.toml; a simulated panel of each."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

PLACE = Path(__file__).with_name("judging.toml")
DOCUMENT: Mapping[str, Any] = tomllib.loads(PLACE.read_text(encoding="utf-8"))
EFFECT = float(DOCUMENT["world"]["effect"])
NO_INSTRUMENT = "none"


@dataclass(frozen=True)
class Cell:
    """A selection into unions and a state of the instrument, by their names in judging.toml."""

    selection: str
    instrument: str

    @property
    def methods(self) -> list[str]:
        """Return the methods judged in this cell: those with an instrument where there is one."""
        with_one = self.instrument != NO_INSTRUMENT
        return [
            name for name, method in DOCUMENT["method"].items()
            if method.get("instrument", False) is with_one
        ]  # fmt: skip


def cells() -> list[Cell]:
    """Return every selection with every state of the instrument."""
    return [Cell(s, i) for s in DOCUMENT["selection"] for i in DOCUMENT["instrument"]]


def panel(cell: Cell, rng: np.random.Generator) -> pd.DataFrame:
    """Return a panel (columns person, wave, x1, x2, z, d, y); its unobservables stay behind.

    The shocks of a generator are the same in every cell, so that cells differ by design alone.
    """
    world = DOCUMENT["world"]
    n, waves = world["persons"], world["waves"]
    person = np.repeat(rng.normal(size=n), waves)
    x1, x2, z, v, taste, noise = rng.normal(size=(6, n * waves))
    chosen, instrument = (
        DOCUMENT[part][name]
        for part, name in (("selection", cell.selection), ("instrument", cell.instrument))
    )
    index = (
        chosen["observables"] * (x1 + x2)
        + chosen["person"] * person
        + chosen["time_varying"] * v
        + instrument["strength"] * z
        + taste
    )
    d = (index > 0).astype(float)
    y = (
        EFFECT * d
        + world["returns"] * (x1 + x2)
        + world["person"] * person
        + world["time_varying"] * v
        + instrument["invalidity"] * z
        + world["noise"] * noise
    )
    return pd.DataFrame({
        "person": np.repeat(np.arange(n), waves), "wave": np.tile(np.arange(waves), n),
        "x1": x1, "x2": x2, "z": z, "d": d, "y": y, "y_without": y - EFFECT * d,
    })  # fmt: skip
