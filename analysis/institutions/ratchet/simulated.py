"""Simulated counties for one question only: how many it takes to see the ratchet.

Counties differ in cost and in their first target. A share of them plays the target game, the others
collect as if there were no target; what is collected misses its plan by a little, and the next
target follows the regime's rule with noise. Nothing here is data; nothing follows about any real
county.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd

from analysis.institutions.ratchet.bunching import (
    Setting,
    estimate_bunching,
    excess_z,
)
from analysis.institutions.ratchet.target_game import TOP, Game, Solution, solve

COSTS = (0.8, 0.9, 1.0, 1.1, 1.2)
POINTS = 121
STEP = TOP / POINTS
# first targets over capacity: log-normal with this median and spread
MEDIAN_TARGET, SPREAD = 0.6, 0.3
# how far collection misses the plan, and a target its rule (standard deviations)
SLIP, OVERSHOOT, TARGET_NOISE = 0.05, 0.01, 0.15
CRITICAL = 1.959964
REGIMES = {
    "neither": {"penalty": 0.0, "ratchet": 0.0},
    "penalty_only": {"penalty": 0.05, "ratchet": 0.0},
    "penalty_and_ratchet": {"penalty": 0.05, "ratchet": 0.3},
}


@dataclass(frozen=True)
class Panel:
    """Ratios (n counties x t years) and target growth (n x t-1)."""

    ratio: np.ndarray
    growth: np.ndarray


@cache
def _policies(regime: str) -> tuple[Solution, ...]:
    return tuple(solve(replace(Game(), kappa=kappa, **REGIMES[regime]), POINTS) for kappa in COSTS)


def simulate(
    regime: str, counties: int, years: int, players: float, rng: np.random.Generator
) -> Panel:
    """Return one simulated panel; ``regime`` is a key of REGIMES, ``players`` the share that plays.

    The rule of the target holds for all counties alike.
    """
    policies = _policies(regime)
    game = policies[0].game
    kind = rng.integers(0, len(policies), counties)
    plays = (rng.random(counties) < players) & (game.penalty > 0.0)
    # collection over target at the nearest grid target: fast, and true to the jumps
    planned = np.array([policy.collection / policy.targets for policy in policies])
    free = np.array([policy.game.without_targets for policy in policies])[kind]
    target = MEDIAN_TARGET * np.exp(SPREAD * rng.standard_normal(counties))
    ratios, growths = [], []
    for _ in range(years):
        at = np.clip(np.round(target / STEP).astype(int) - 1, 0, POINTS - 1)
        plan = np.where(plays, planned[kind, at], free / target)
        ratio = plan + _miss(plan, plays, rng)
        rule = game.growth + game.ratchet * np.maximum(0.0, ratio - 1.0)
        growth = rule + TARGET_NOISE * rng.standard_normal(counties)
        shock = np.exp(game.shock * rng.standard_normal(counties) - 0.5 * game.shock**2)
        target = np.clip(
            target * (1.0 + growth) / ((1.0 + game.capacity_growth) * shock), 0.05, 2.4
        )
        ratios.append(ratio)
        growths.append(growth)
    return Panel(np.column_stack(ratios), np.column_stack(growths)[:, : years - 1])


def _miss(plan: np.ndarray, plays: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return how far collection misses its plan: a plan that is the target is just exceeded."""
    noise = rng.standard_normal(len(plan))
    on_target = plays & (np.abs(plan - 1.0) < 1e-9)
    return np.where(on_target, OVERSHOOT * np.abs(noise), SLIP * noise)


def sees_bunching(panel: Panel) -> bool:
    """Tell whether the excess at 1 is above 0 at the 5 % level, two-sided, clustered by county."""
    n, years = panel.ratio.shape
    codes = np.repeat(np.arange(n), years)
    return excess_z(codes, panel.ratio.ravel(), n, Setting()) > CRITICAL


def sees_ratchet(panel: Panel) -> bool:
    """Tell whether target growth rises with over-collection: OLS slope, clustered by county."""
    growth = panel.growth
    if growth.shape[1] == 0:
        return False
    over = np.maximum(0.0, panel.ratio[:, : growth.shape[1]] - 1.0)
    over = over - over.mean()
    spread = float((over**2).sum())
    if spread == 0.0:
        return False
    slope = float((over * growth).sum()) / spread
    residual = growth - growth.mean() - slope * over
    scores = (over * residual).sum(axis=1)
    return bool(slope / (np.sqrt((scores**2).sum()) / spread) > CRITICAL)


def power_table(
    counties: Sequence[int],
    years: Sequence[int],
    players: Sequence[float],
    replications: int,
    seed: int,
) -> pd.DataFrame:
    """Return regime, players, counties, years, the shares that see each sign, replications, seed.

    bunching_percent: an excess at the target; rule_percent: targets that follow over-collection
    (needs two years). The rows of ``neither`` are false alarms.
    """
    cells = [
        (regime, share, n, t)
        for regime in REGIMES
        for share in (players if regime != "neither" else (0.0,))
        for n in counties
        for t in years
    ]
    return pd.DataFrame([_cell(*cell, replications, seed) for cell in cells])


def _cell(
    regime: str, players: float, n: int, years: int, replications: int, seed: int
) -> dict[str, object]:
    key = [seed, list(REGIMES).index(regime), round(1000 * players), n, years]
    rng = np.random.default_rng(key)
    panels = [simulate(regime, n, years, players, rng) for _ in range(replications)]
    bunched = [sees_bunching(panel) for panel in panels]
    followed = [sees_ratchet(panel) for panel in panels]
    return {
        "regime": regime,
        "players_percent": 100.0 * players,
        "counties": n,
        "years": years,
        "bunching_percent": 100.0 * float(np.mean(bunched)),
        "rule_percent": 100.0 * float(np.mean(followed)) if years > 1 else None,
        "replications": replications,
        "seed": seed,
    }


def demonstration(counties: int, years: int, players: float, seed: int) -> pd.DataFrame:
    """Return ratio_middle, counts, counterfactual by regime, with each regime's excess mass.

    One simulated panel a regime.
    """
    parts = []
    for number, regime in enumerate(REGIMES):
        rng = np.random.default_rng([seed, number])
        panel = simulate(regime, counties, years, players, rng)
        codes = np.repeat(np.arange(counties), years)
        found = estimate_bunching(codes, panel.ratio.ravel(), seed=seed, draws=199)
        parts.append(
            pd.DataFrame(
                {
                    "regime": regime,
                    "ratio_middle": found.setting.middles,
                    "counts": found.counts,
                    "counterfactual": found.counterfactual,
                    "excess_mass": found.excess_mass,
                    "ci_low": found.ci_low,
                    "ci_high": found.ci_high,
                    "counties": counties,
                    "years": years,
                    "players_percent": 100.0 * players,
                    "seed": seed,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
