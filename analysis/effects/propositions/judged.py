"""How often each statement is upheld in worlds where it is true, and where it is not."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.effects.inference.resampling import replicate
from analysis.effects.propositions.compliance import compliance
from analysis.effects.propositions.rights import rights
from analysis.effects.propositions.worlds import (
    PLAN,
    WORLDS,
    World,
    simulated_workers,
    true_effects,
)

COLUMNS = ["world", "statement", "tier", "truth", "estimate", "is_true", "upheld_percent",
           "margin", "workers", "replications", "seed"]  # fmt: skip
TRUTH_WORKERS = 400_000
# a simulated truth of an effect that is nil by construction is off by its own error
NIL = 0.004
SUN_HE = "sun_he_2012"
LOWEST = "minimum_lowest"
Key = tuple[str, str]


def judged(workers: int, replications: int, seed: int) -> pd.DataFrame:
    """Return one row a world and statement (columns ``COLUMNS``): truth, mean estimate, frequency.

    Statements of classification sun_he_2012; compliance at the lowest tier (``tier``), and the one
    statement that asks both tiers.
    """
    rows = [
        {"world": name, "workers": workers, "replications": replications, "seed": seed, **found}
        for name, world in WORLDS.items()
        for found in _in_world(world, workers, replications, seed)
    ]
    return pd.DataFrame(rows)[COLUMNS]


def _in_world(world: World, workers: int, replications: int, seed: int) -> list[dict[str, Any]]:
    truth = true_effects(world, TRUTH_WORKERS, seed)
    draws = replicate(lambda random: _once(world, workers, random), replications, seed, "judging")
    return [
        {
            "statement": statement, "tier": tier, "truth": truth[statement],
            "estimate": float(np.mean([draw[statement, tier][0] for draw in draws])),
            "is_true": str(_is_true(statement, truth)).lower(),
            "upheld_percent": 100.0 * float(np.mean([draw[statement, tier][1] for draw in draws])),
            "margin": PLAN.margin if statement == "growth_inside_margin" else None,
        }
        for statement, tier in draws[0]
    ]  # fmt: skip


def _once(world: World, workers: int, random: np.random.Generator) -> Mapping[Key, tuple]:
    """Return (estimate, holds) by statement and tier for one simulated sample."""
    frame = simulated_workers(world, workers, random)
    under = [row for row in rights(PLAN, frame) if row["classification"] == SUN_HE]
    found: dict[Key, tuple] = {}
    for row in (*under, *compliance(PLAN, frame)):
        key = (row["statement"], row["outcome"] if row["outcome"] == LOWEST else "")
        shown = row["outcome"] == LOWEST or row["statement"] in STATEMENTS
        if shown and row["statement"] in SHOWN:
            found[key] = (row.get("estimate", np.nan), row["holds"])
    bottom = [row["estimate"] for row in under if row["statement"] == "difference_above_zero"]
    growth = found["growth_inside_margin", ""][0]
    # the mean bottom-line effect is the difference plus the growth-type one
    found["bottom_above_zero", ""] = (bottom[0] + growth, found["bottom_above_zero", ""][1])
    return found


STATEMENTS = ("bottom_above_zero", "growth_inside_margin", "difference_above_zero")
SHOWN = (*STATEMENTS, "compliance_observed", "beyond_shift")


def _is_true(statement: str, truth: Mapping[str, float]) -> bool:
    if statement == "growth_inside_margin":
        return abs(truth[statement]) < PLAN.margin
    return truth[statement] > NIL
