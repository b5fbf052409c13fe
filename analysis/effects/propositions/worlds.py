"""Simulated worlds in which each proposition is true or false by construction; nothing of China.

Workers join a union by education; wages are log-normal, the minimum wage has two tiers. A floor
lifts some wages below the higher minimum to it; a shift raises every wage alike.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.propositions.plan import Plan

Array = NDArray[np.float64]
LOG_MINIMUM, TIER_GAP = 7.15, 0.10
CONTROLS_PAY, PAY_SPREAD = 7.45, 0.30
COVERED_SHARE = 0.35


@dataclass(frozen=True)
class World:
    """True effects of the union: log points on all wages, share of wages below the floor that are
    lifted, points of probability of insurance and of no violation.
    """

    shift: float = 0.0
    floor: float = 0.0
    insurance: float = 0.0
    no_violation: float = 0.0


WORLDS = {
    "no_effect": World(),
    "bottom_line_only": World(floor=0.5, insurance=0.10, no_violation=0.06),
    "wage_shift_only": World(shift=0.08),
    "both": World(shift=0.08, floor=0.5, insurance=0.10, no_violation=0.06),
}
PLAN = Plan(
    id="simulated",
    data="",
    treatment="union_member",
    controls=("education_years",),
    outcomes={
        "ln_wage": "log(wage_month_yuan)",
        "minimum_wage_compliance": "wage_month_yuan >= minimum_lowest",
        "social_insurance": "insured",
        "no_rights_violation": "not_violated",
    },
    classifications=("sun_he_2012",),
    wage="wage_month_yuan",
    minimum_lowest="minimum_lowest",
    minimum_highest="minimum_highest",
    status="union_status",
    draws=99,
)


def simulated_workers(world: World, n: int, generator: np.random.Generator) -> pd.DataFrame:
    """Return ``n`` workers of a world in the columns that ``PLAN`` names."""
    member, potential, education = _potential(world, n, generator)
    seen = {
        name: np.where(member > 0.0, values[1], values[0]) for name, values in potential.items()
    }
    covered = (member == 0.0) & (generator.random(n) < COVERED_SHARE)
    status = np.where(member > 0.0, "member", np.where(covered, "covered_non_member", "uncovered"))
    return pd.DataFrame(
        {
            "union_member": member,
            "union_status": status,
            "education_years": education,
            "wage_month_yuan": np.exp(seen["ln_wage"]),
            "minimum_lowest": np.exp(LOG_MINIMUM - TIER_GAP),
            "minimum_highest": np.exp(LOG_MINIMUM),
            "insured": seen["social_insurance"],
            "not_violated": seen["no_rights_violation"],
            "simulated": True,
        }
    )


def _potential(
    world: World, n: int, generator: np.random.Generator
) -> tuple[Array, dict[str, tuple[Array, Array]], Array]:
    """Return (n,) membership, both potential outcomes by generic name, and (n,) education."""
    education = generator.normal(10.0, 2.5, n)
    member = (generator.normal(0.0, 1.0, n) + 0.15 * (education - 10.0) > 0.3).astype(np.float64)
    pay = CONTROLS_PAY + 0.04 * (education - 10.0) + generator.normal(0.0, PAY_SPREAD, n)
    moved = pay + world.shift
    lifted = (moved < LOG_MINIMUM) & (generator.random(n) < world.floor)
    luck, safety = generator.random(n), generator.random(n)
    chance = 0.5 + 0.02 * (education - 10.0)
    return (
        member,
        {
            "ln_wage": (pay, np.where(lifted, LOG_MINIMUM, moved)),
            "social_insurance": (_below(luck, chance), _below(luck, chance + world.insurance)),
            "no_rights_violation": (_below(safety, 0.8), _below(safety, 0.8 + world.no_violation)),
        },
        education,
    )


def _below(draw: Array, chance: Array | float) -> Array:
    return (draw < chance).astype(np.float64)


def true_effects(world: World, n: int, seed: int) -> dict[str, float]:
    """Return the true value behind each statement, from both potential outcomes of ``n`` workers.

    Keys as the statements of ``rights`` (classification sun_he_2012) and ``compliance``.
    """
    _, potential, _ = _potential(world, n, np.random.default_rng(seed))
    wage = potential["ln_wage"]
    potential["minimum_wage_compliance"] = _paid(wage[0], 0.0), _paid(wage[1], 0.0)
    effect = {
        name: float(np.mean(treated - plain) / np.std(plain))
        for name, (plain, treated) in potential.items()
    }
    bottom = np.mean([effect[name] for name in effect if name != "ln_wage"])
    tau = float(np.mean(wage[1] - wage[0]))
    return {
        "bottom_above_zero": float(bottom),
        "growth_inside_margin": effect["ln_wage"],
        "difference_above_zero": float(bottom - effect["ln_wage"]),
        "compliance_observed": float(np.mean(_paid(wage[1], 0.0) - _paid(wage[0], 0.0))),
        "beyond_shift": float(np.mean(_paid(wage[1], 0.0) - _paid(wage[0], tau))),
    }


def _paid(log_wage: Array, more: float) -> Array:
    """Return 1 where a log wage, and so much ``more``, reaches the lowest tier's minimum."""
    return (log_wage + more >= LOG_MINIMUM - TIER_GAP).astype(np.float64)
