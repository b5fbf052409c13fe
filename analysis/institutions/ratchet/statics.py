"""Comparative statics of the target game, each with the assumption it needs.

A sign is what finite differences give at every point of a grid of games: + or - where no difference
goes the other way and some are not nil, 0 where all are nil, mixed otherwise. The same differences
are taken again with the assumption dropped. Nothing is typed in.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

import numpy as np
import pandas as pd

from analysis.institutions.ratchet.target_game import (
    Game,
    Solution,
    bunching_share,
    over_collection,
    solve,
)
from analysis.institutions.signs import sign_of

KAPPAS, PENALTIES, SHOCKS = (0.9, 1.1), (0.04, 0.08), (0.1, 0.2)
# targets over capacity at which a county may find itself, spread evenly
TARGETS = np.linspace(0.3, 1.0, 141)
POINTS, FINE_POINTS = 121, 401
NIL = 1e-6
OUTCOMES: dict[str, Callable[[Solution, np.ndarray], float]] = {
    "over_collection": over_collection,
    "bunching": bunching_share,
}
STEPS = {"ratchet": 0.3, "discount": -0.2, "growth": 0.03, "penalty": 0.04}


@dataclass(frozen=True)
class Question:
    """How an outcome answers to a parameter, and the assumption whose loss is tried."""

    outcome: str
    parameter: str
    assumption: str


QUESTIONS = (
    Question("over_collection", "ratchet", "penalty"),
    Question("over_collection", "ratchet", "targets_may_bind"),
    Question("over_collection", "discount", "ratchet"),
    Question("over_collection", "growth", "penalty"),
    Question("over_collection", "penalty", "ratchet"),
    Question("bunching", "ratchet", "penalty"),
    Question("bunching", "discount", "ratchet"),
    Question("bunching", "penalty", "hard_targets"),
)


def dropped(game: Game, assumption: str) -> Game:
    """Return the game without the assumption.

    penalty: missing the target costs something. targets_may_bind: capacity is uncertain (shocks)
    or lags behind targets, so a target that is easy today may bind later. ratchet: targets follow
    over-collection. hard_targets concerns the targets, not the game.
    """
    if assumption == "penalty":
        return replace(game, penalty=0.0)
    if assumption == "targets_may_bind":
        return replace(game, shock=0.0, growth=game.capacity_growth)
    # without hard targets the ratchet alone would still bunch: both sources must go
    return replace(game, ratchet=0.0)


def targets_of(game: Game, assumption: str) -> np.ndarray:
    """Return the targets that counties face; without hard ones only what they would collect."""
    if assumption == "hard_targets":
        return TARGETS[0.95 * game.without_targets > TARGETS]
    return TARGETS


def grid_of_games() -> list[Game]:
    """Return the games at which every sign is taken."""
    return [
        Game(kappa=kappa, penalty=penalty, shock=shock)
        for kappa, penalty, shock in product(KAPPAS, PENALTIES, SHOCKS)
    ]


@cache
def _solved(game: Game) -> Solution:
    return solve(game, POINTS)


def difference(game: Game, question: Question, without: bool) -> float:
    """Return the outcome's change when the parameter moves by its step, per unit step."""
    if without:
        game = dropped(game, question.assumption)
    name = question.parameter
    step = STEPS[name]
    moved = replace(game, **{name: getattr(game, name) + step})
    targets = targets_of(game, question.assumption if without else "")
    outcome = OUTCOMES[question.outcome]
    change = outcome(_solved(moved), targets) - outcome(_solved(game), targets)
    return change / abs(step) * np.sign(step)


def statics_table() -> pd.DataFrame:
    """Return outcome, parameter, sign, smallest and largest slope, games, assumption, without.

    ``strict`` counts the games at which the difference is not nil.
    """
    games = grid_of_games()
    rows = []
    for question in QUESTIONS:
        kept = [difference(game, question, without=False) for game in games]
        lost = [difference(game, question, without=True) for game in games]
        rows.append(
            {
                "outcome": question.outcome,
                "parameter": question.parameter,
                "sign": sign_of(kept, NIL),
                "smallest": min(kept),
                "largest": max(kept),
                "games": len(games),
                "strict": sum(abs(value) > NIL for value in kept),
                "assumption": question.assumption,
                "sign_without": sign_of(lost, NIL),
            }
        )
    return pd.DataFrame(rows)


def policy_table() -> pd.DataFrame:
    """Return ratchet, target, collection and ratio: optimal collection for three strengths.

    Targets are those of the solution's own grid, so nothing is interpolated.
    """
    parts = []
    for ratchet in (0.0, 0.5, 1.0):
        solution = solve(replace(Game(), ratchet=ratchet), FINE_POINTS)
        shown = (solution.targets >= TARGETS[0]) & (solution.targets <= TARGETS[-1])
        target, collected = solution.targets[shown], solution.collection[shown]
        parts.append(
            pd.DataFrame(
                {
                    "ratchet": ratchet,
                    "target": target,
                    "collection": collected,
                    "ratio": collected / target,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
