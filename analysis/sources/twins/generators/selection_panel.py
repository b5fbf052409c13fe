"""Workers in waves who are in unions for one reason or another, with an instrument or without."""

import numpy as np
import pandas as pd

from analysis.sources.twins.world import World

OUTCOME = "ln_wage"


def draw(world: World, rng: np.random.Generator, size: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ``size`` workers in every wave (own columns), selected as the world says, and truth.

    Columns: person, wave, x1, x2, z, union_member, ln_wage.
    """
    frame = draw_cell(world, rng, size, world.moment("selection"), world.moment("instrument"))
    truth = pd.DataFrame({
        "outcome": [OUTCOME], "contrast": ["member_vs_not"], "quantity": ["ATE"],
        "effect": [world.effect(OUTCOME)],
    })  # fmt: skip
    return frame.assign(simulated=True), truth


def draw_cell(
    world: World, rng: np.random.Generator, size: int, selection: str, instrument: str
) -> pd.DataFrame:
    """Return a panel of one selection and one state of the instrument; nothing unobserved in it.

    The shocks of a generator are the same in every cell, so that cells differ by design alone.
    """
    waves = len(world.waves)
    chosen = world.values["selection"][selection]
    state = world.values["instrument"][instrument]
    person = np.repeat(rng.normal(size=size), waves)
    x1, x2, z, v, taste, noise = rng.normal(size=(6, size * waves))
    index = (
        chosen["observables"] * (x1 + x2)
        + chosen["person"] * person
        + chosen["time_varying"] * v
        + state["strength"] * z
        + taste
    )
    member = (index > 0).astype(float)
    wage = (
        world.effect(OUTCOME) * member
        + world.moment("returns") * (x1 + x2)
        + world.moment("person") * person
        + world.moment("time_varying") * v
        + state["invalidity"] * z
        + world.moment("noise") * noise
    )
    return pd.DataFrame({
        "person": np.repeat(np.arange(size), waves), "wave": np.tile(world.waves, size),
        "x1": x1, "x2": x2, "z": z, "union_member": member, OUTCOME: wage,
    })  # fmt: skip
