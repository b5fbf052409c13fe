"""What the article's ordinal statements imply for the scores of the four tasks, by linear programs.

A local government with goals k (weights w_k >= 0, sum 1) scores task j

    S_j = sum_k w_k m_jk - theta w_growth c_j,   0 <= m_jk <= 1,   0 <= theta c_j <= 1,

m_jk how far the task serves the goal, c_j what it costs firms. Nothing but the article's order is
imposed: arrears above every other task; fees below arrears (which that contains); collective
bargaining very low; union founding obstructed (below 0) before the party appraisal counted it and
high after. Before that, founding does not serve the career goal.

With z_jk = w_k m_jk and y_j = w_growth theta c_j all of it is linear in (w, z, y), so "S_a > S_b in
every admissible case" is one linear program: the smallest S_a - S_b. "Very low" can be read as the
lowest of the tasks that are supported, or as low only; both readings are tried. Weights and
loadings are the same before and after. Source: the article, sections 4.1 and 4.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

GOALS = ("growth", "revenue", "employment", "stability", "career")
TASKS = ("arrears", "fees", "bargaining", "founding")
# founding is scored twice: before and after the party appraisal counted it
SCORES = ("arrears", "fees", "bargaining", "founding_before", "founding_after")
READINGS = ("lowest", "low_only")
# what counts as above: half a point on a scale from 0 to 100
MARGIN = 0.005
NIL = 1e-9
N_GOALS, N_TASKS = len(GOALS), len(TASKS)
UNKNOWNS = N_GOALS + N_TASKS * N_GOALS + N_TASKS


@dataclass(frozen=True)
class Program:
    """Rows a.x <= b on (w, z, y), with sum(w) = 1 and everything in [0, 1]."""

    rows: np.ndarray
    bounds: np.ndarray


def _weight(goal: str) -> np.ndarray:
    row = np.zeros(UNKNOWNS)
    row[GOALS.index(goal)] = 1.0
    return row


def _served(task: str, goal: str) -> np.ndarray:
    row = np.zeros(UNKNOWNS)
    row[N_GOALS + TASKS.index(task) * N_GOALS + GOALS.index(goal)] = 1.0
    return row


def _cost(task: str) -> np.ndarray:
    row = np.zeros(UNKNOWNS)
    row[N_GOALS + N_TASKS * N_GOALS + TASKS.index(task)] = 1.0
    return row


def score(name: str) -> np.ndarray:
    """Return the row whose product with (w, z, y) is the score; ``name`` is one of SCORES."""
    task = name.partition("_")[0]
    goals = [goal for goal in GOALS if not (name == "founding_before" and goal == "career")]
    return sum((_served(task, goal) for goal in goals), start=-_cost(task))


def stated(reading: str) -> list[np.ndarray]:
    """Return rows that the article states to be at least MARGIN: differences of scores."""
    rows = [score("arrears") - score(other) for other in SCORES[1:]]
    rows += [-score("founding_before"), score("founding_after")]
    # high after the appraisal: above fees is not said, above what it was is
    rows.append(score("founding_after") - score("founding_before"))
    if reading == "lowest":
        rows += [score(other) - score("bargaining") for other in ("fees", "founding_after")]
    return rows


@cache
def program(reading: str, statements: bool = True) -> Program:
    """Return the admissible cases under a reading; without the statements, all cases."""
    rows, bounds = [], []
    for task in TASKS:
        for goal in GOALS:
            rows.append(_served(task, goal) - _weight(goal))
            bounds.append(0.0)
        rows.append(_cost(task) - _weight("growth"))
        bounds.append(0.0)
    for row in stated(reading) if statements else ():
        rows.append(-row)
        bounds.append(-MARGIN)
    return Program(np.array(rows), np.array(bounds))


def smallest(objective: np.ndarray, program: Program) -> float:
    """Return the smallest value of objective.x over the admissible cases.

    Raises
    ------
    ValueError
        If no case is admissible: the statements contradict each other.
    """
    from scipy.optimize import linprog

    total = np.concatenate([np.ones(N_GOALS), np.zeros(UNKNOWNS - N_GOALS)])
    found = linprog(
        objective, A_ub=program.rows, b_ub=program.bounds, A_eq=total[None, :], b_eq=[1.0],
        bounds=(0.0, 1.0), method="highs",
    )  # fmt: skip
    if not found.success:
        raise ValueError("the statements contradict each other")
    return float(found.fun)


def relation(objective: np.ndarray, program: Program) -> tuple[str, float, float]:
    """Return implied, excluded or open for "objective > 0", with its smallest and largest value."""
    low, high = smallest(objective, program), -smallest(-objective, program)
    verdict = "implied" if low > NIL else "excluded" if high < NIL else "open"
    return verdict, low + 0.0, high + 0.0


def comparisons() -> dict[str, np.ndarray]:
    """Return what is asked for by name, as rows that are above 0 where it holds."""
    asked = {
        f"{first}>{second}": score(first) - score(second)
        for number, first in enumerate(SCORES)
        for second in SCORES[number + 1 :]
    }
    asked |= {f"{name}>nothing": score(name) for name in SCORES}
    return asked | {f"weight:{goal}": _weight(goal) for goal in GOALS}


def rankings_table(readings: Sequence[str] = READINGS) -> pd.DataFrame:
    """Return statement, then for each reading its verdict, smallest and largest difference.

    ``without_statements`` is the verdict where only the model is imposed: what is implied there
    comes from the model, not from the article.
    """
    rows = []
    for name, row in comparisons().items():
        found: dict[str, object] = {"statement": name}
        for reading in readings:
            verdict, low, high = relation(row, program(reading))
            found |= {reading: verdict, f"{reading}_min": low, f"{reading}_max": high}
        found["without_statements"] = relation(row, program(readings[0], False))[0]
        rows.append(found)
    return pd.DataFrame(rows)


# --- borrowed power ---------------------------------------------------------------------------


def borrowed_power(
    scores: np.ndarray, reach: np.ndarray, agencies_only_bottom_line: bool, growth: np.ndarray
) -> np.ndarray:
    """Return B_j = sum_a kappa_ja max(0, S_j), nil for growth demands where agencies do not reach.

    ``scores`` (tasks), ``reach`` (tasks x agencies), ``growth`` (tasks) marks growth demands.
    """
    power = reach.sum(axis=1) * np.maximum(0.0, scores)
    return np.where(growth & agencies_only_bottom_line, 0.0, power)


SCALE = (0.5, 1.0, 2.0)
LEVELS = (-0.2, 0.1, 0.3, 0.6)


def power_table() -> pd.DataFrame:
    """Return which of the scores' rankings borrowed power inherits, by enumeration.

    Every pair of scores from LEVELS and every reach from SCALE is tried. ``same_reach``: agencies
    help all tasks alike; ``own_reach``: each task has its own agencies. ``growth_demand`` asks
    whether a growth demand (bargaining for more than the floor) can get any power at all, with the
    agencies' limit to bottom-line interests passed on, and not.
    """
    rows = []
    for name, reaches in (
        ("same_reach", [(a, a) for a in SCALE]),
        ("own_reach", [(a, b) for a in SCALE for b in SCALE]),
    ):
        held = [
            power[0] >= power[1] - NIL
            for first in LEVELS
            for second in LEVELS
            if first > second
            for pair in reaches
            for power in [_pair_power((first, second), pair, (False, False), False)]
        ]
        rows.append((f"power_follows_score:{name}", _said(held), len(held)))
    for limit in (True, False):
        some = [
            _pair_power((first, first), (a, a), (True, False), limit)[0] > NIL
            for first in LEVELS
            for a in SCALE
        ]
        rows.append((f"growth_demand_gets_power:{_limit(limit)}", _said(some), len(some)))
    return pd.DataFrame(rows, columns=["statement", "verdict", "cases"])


def _limit(passed_on: bool) -> str:
    return "limit_passed_on" if passed_on else "limit_lifted"


def _pair_power(
    scores: tuple[float, float], reach: tuple[float, float], growth: tuple[bool, bool], limit: bool
) -> np.ndarray:
    return borrowed_power(np.array(scores), np.array(reach)[:, None], limit, np.array(growth))


def _said(held: list[bool]) -> str:
    return "implied" if all(held) else "open" if any(held) else "excluded"
