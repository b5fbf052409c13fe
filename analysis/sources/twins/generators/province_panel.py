"""Provinces by year: density moves with what is fixed of a province, which also moves outcomes."""

import numpy as np
import pandas as pd

from analysis.sources.twins.people import PROVINCES
from analysis.sources.twins.world import World

OUTCOMES = ("ln_wage", "ln_productivity", "ln_employment")


def draw(world: World, rng: np.random.Generator, size: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ``size`` provinces in every year (own columns) and the truth."""
    years = np.array(world.waves)
    fixed = rng.normal(size=size)
    code = [f"{c}0000" if i < len(PROVINCES) else f"extra {i}"
            for i, c in enumerate(np.resize(PROVINCES, size))]  # fmt: skip
    density = (
        world.moment("density_mean")
        + world.moment("density_sd") * rng.normal(size=size)[:, None]
        + world.selection("province") * world.moment("province_sd") * fixed[:, None]
        + _noise(world, rng, size, len(years), world.moment("density_noise_sd"))
    )
    density = np.clip(density, 0.01, 0.95)
    frame = pd.DataFrame({
        "province": np.repeat(code, len(years)),
        "year": np.tile(years, size),
        "union_density": density.ravel(),
    })  # fmt: skip
    for outcome in OUTCOMES:
        level = (
            world.moment("province_sd") * fixed[:, None]
            + world.moment("growth") * (years - years[0])[None, :]
            + world.effect(outcome) * density
            + _noise(world, rng, size, len(years), world.moment("noise_sd"))
        )
        frame[outcome] = level.ravel()
    truth = pd.DataFrame({
        "outcome": OUTCOMES,
        "contrast": "union_density",
        "quantity": "slope",
        "effect": [world.effect(outcome) for outcome in OUTCOMES],
    })  # fmt: skip
    return frame.assign(simulated=True), truth


def _noise(
    world: World, rng: np.random.Generator, provinces: int, years: int, sd: float
) -> np.ndarray:
    """Return (provinces, years) noise that persists, with the same variance every year."""
    rho = world.moment("persistence")
    noise = np.empty((provinces, years))
    noise[:, 0] = rng.normal(size=provinces)
    for year in range(1, years):
        fresh = rng.normal(size=provinces)
        noise[:, year] = rho * noise[:, year - 1] + np.sqrt(1 - rho**2) * fresh
    return sd * noise
