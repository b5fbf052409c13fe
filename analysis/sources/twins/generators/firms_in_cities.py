"""Firms in cities: union firms are larger, older in state hands, and better managed unseen."""

import numpy as np
import pandas as pd

from analysis.sources.twins.draws import above, category
from analysis.sources.twins.world import World

# what management, which nobody records, is worth in log wage
MANAGEMENT = 0.08


def draw(world: World, rng: np.random.Generator, size: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ``size`` firms (own columns: the unit is no person) and the truth."""
    city = rng.integers(0, world.moment("cities"), size)
    state, foreign = world.moment("state_share"), world.moment("foreign_share")
    owners = {"state_enterprise": state, "foreign": foreign, "private": 1.0 - state - foreign}
    ownership = category(rng, owners, size)
    firms = pd.DataFrame({
        "firm_id": (1 + np.arange(size)).astype(str),
        "city": [f"city {c + 1}" for c in city],
        "ownership": ownership,
        "ln_size": 5.0 + 1.3 * rng.normal(size=size),
        "ln_capital_a_worker": 4.0 + 1.0 * rng.normal(size=size),
        "age_years": 1.0 + rng.integers(0, 30, size),
        "campaign": rng.random(size),
    })  # fmt: skip
    management = rng.normal(size=size)
    firms["union"] = _union(world, rng, firms, management)
    firms = _outcomes(world, rng, firms, management, rng.normal(size=12)[city % 12])
    truth = pd.DataFrame({
        "outcome": ["ln_hourly_wage", "monthly_hours"],
        "contrast": "firm_union",
        "quantity": "ATE",
        "effect": [world.effect("ln_hourly_wage"), world.effect("monthly_hours")],
    })  # fmt: skip
    share = {"outcome": "pension_share", "contrast": "firm_union", "quantity": "ATE",
             "effect": float((firms.pop("with_union") - firms.pop("without")).mean())}  # fmt: skip
    return firms.assign(simulated=True), pd.concat(
        [truth, pd.DataFrame([share])], ignore_index=True
    )


def _union(
    world: World, rng: np.random.Generator, firms: pd.DataFrame, management: np.ndarray
) -> np.ndarray:
    index = (
        world.selection("ln_size") * (firms["ln_size"] - 5.0)
        + world.selection("state") * (firms["ownership"] == "state_enterprise")
        + world.selection("management") * management
        + world.selection("founded_union_city") * (firms["campaign"] - 0.5)
        + rng.normal(size=len(firms))
    )
    return above(index.to_numpy(), world.moment("union_share"))


def _outcomes(
    world: World,
    rng: np.random.Generator,
    firms: pd.DataFrame,
    management: np.ndarray,
    city: np.ndarray,
) -> pd.DataFrame:
    n, union = len(firms), firms["union"].to_numpy()
    size, state = firms["ln_size"] - 5.0, firms["ownership"] == "state_enterprise"
    wage = (
        world.moment("ln_wage_mean") + 0.08 * size + 0.10 * state + 0.1 * city
        + MANAGEMENT * management + 0.05 * (firms["ln_capital_a_worker"] - 4.0)
        + world.effect("ln_hourly_wage") * union
        + world.moment("wage_noise_sd") * rng.normal(size=n)
    )  # fmt: skip
    hours = world.moment("hours_mean") + world.effect("monthly_hours") * union
    share = world.moment("pension_mean") + 0.05 * size + 0.1 * state + 0.2 * rng.normal(size=n)
    share = (share - world.effect("pension_share") * world.moment("union_share")).to_numpy()
    without = np.clip(share, 0.0, 1.0)
    with_union = np.clip(share + world.effect("pension_share"), 0.0, 1.0)
    return firms.assign(
        ln_hourly_wage=wage,
        monthly_hours=hours + world.moment("hours_sd") * rng.normal(size=n),
        pension_share=np.where(union == 1, with_union, without),
        individual_contract=above(0.2 * size + 0.3 * union + rng.normal(size=n),
                                  world.moment("individual_contract")),
        collective_contract=above(1.2 * union + rng.normal(size=n),
                                  world.moment("collective_contract")),
        with_union=with_union,
        without=without,
    )  # fmt: skip
