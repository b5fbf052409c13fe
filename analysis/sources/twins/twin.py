"""``simulate``: a twin by its name, the same for the same seed and size."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.messages import UserError
from analysis.sources.twins.generators import (
    firms_in_cities,
    migrants_in_firms,
    province_panel,
    repeated_cross_section,
    selection_panel,
    worker_panel,
)
from analysis.sources.twins.world import World, read_world

Draw = Callable[[World, np.random.Generator, int], tuple[pd.DataFrame, pd.DataFrame]]
DRAWS: dict[str, Draw] = {
    "worker_panel": worker_panel.draw,
    "repeated_cross_section": repeated_cross_section.draw,
    "migrants_in_firms": migrants_in_firms.draw,
    "firms_in_cities": firms_in_cities.draw,
    "province_panel": province_panel.draw,
    "selection_panel": selection_panel.draw,
}
TRUTH = ("outcome", "contrast", "quantity", "effect")


@dataclass(frozen=True)
class Twin:
    """A simulated frame and the truth behind it (one row an outcome, columns ``TRUTH``)."""

    frame: pd.DataFrame
    truth: pd.DataFrame


def twin_names() -> list[str]:
    """Return the names that ``simulate`` knows."""
    return list(DRAWS)


def simulate(name: str, seed: int | None = None, size: int | None = None) -> Twin:
    """Return a twin in the harmonised columns, plus any of its own.

    ``size`` counts what the twin is made of: persons of a panel, persons a wave of a repeated
    cross-section, firms, or provinces; None takes the world's own, so does ``seed``.

    Raises
    ------
    UserError
        If there is no twin of that name, or the size is below 1.
    """
    if name not in DRAWS:
        raise UserError("unknown_twin", value=name, known=", ".join(DRAWS))
    world = read_world(name)
    size = world.size if size is None else size
    if size < 1:
        raise UserError("twin_size", value=size)
    rng = np.random.default_rng(world.seed if seed is None else seed)
    frame, truth = DRAWS[name](world, rng, size)
    return Twin(frame, truth)
