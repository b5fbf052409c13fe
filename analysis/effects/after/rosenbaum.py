"""Rosenbaum bounds: how strong a hidden cause of treatment would have to be to explain an effect.

Rosenbaum 2002, Observational Studies, 2nd edition, chapter 4; DiPrete and Gangl 2004, Sociological
Methodology 34: 271-310.
"""

from collections.abc import Sequence

import numpy as np

from analysis.effects.about import About
from analysis.effects.findings import Asked, Finding
from analysis.effects.treatment.asked import material_of
from analysis.effects.treatment.signed_ranks import bounds_at, tipping_gamma

GAMMAS = (1.0, 1.25, 1.5, 1.75, 2.0)
FEWEST = 10
MOST_GAMMA = 1000.0
ABOUT = About(
    fits="Rosenbaum's bounds of the signed-rank test; options: gammas = [...], alpha",
    needs="an equation of matching with neighbours, att",
    reports="bounds of the one-sided p and of the Hodges-Lehmann estimate at each gamma; the gamma "
    "at which p passes alpha",
)


def find(asked: Asked) -> list[Finding]:
    """Return a row a gamma (Hodges-Lehmann bounds, the largest p), and the tipping gamma.

    The alternative is an effect of the sign that the signed-rank test at gamma 1 shows.

    Raises
    ------
    UserError
        If there are no pairs, fewer than 10 of them, or an option is refused.
    """
    asked.require("gammas", "alpha")
    gammas = _gammas(asked)
    level = asked.number("alpha", 0.05, 1e-9, 0.5)
    differences = material_of(
        asked, "differences", "matched pairs (matching)", "匹配的配对（matching）"
    )
    matches = np.asarray(asked.fitted[0].fit.material["matches"])
    if len(differences) < FEWEST:
        raise asked.needs(f"{FEWEST} matched treated rows", f"至少 {FEWEST} 个匹配的处理组观测")
    term = asked.equation.treatments[0]
    at_one = bounds_at(differences, 1.0)
    sign = 1.0 if at_one.p_high <= 0.5 else -1.0
    note = _note(sign, matches)
    rows = []
    for gamma in gammas:
        found = bounds_at(differences, gamma, sign)
        middle = 0.5 * (found.estimate_low + found.estimate_high)
        rows.append(
            Finding(
                term, middle, detail=f"gamma={gamma:g}", p_value=found.p_high,
                ci_low=found.estimate_low, ci_high=found.estimate_high,
                extras={"p_low": found.p_low, "p_high": found.p_high,
                        "pairs": len(differences)}, note=note,
            )
        )  # fmt: skip
    tipping = tipping_gamma(differences, level, sign, MOST_GAMMA)
    about = f"the gamma at which the largest p reaches {level:g}"
    return [
        *rows,
        Finding(term, tipping, detail="tipping_gamma", extras={"alpha": level},
                note=about if tipping is not None else f"{about}: above {MOST_GAMMA:g}"),
    ]  # fmt: skip


def _gammas(asked: Asked) -> Sequence[float]:
    value = asked.options.get("gammas", GAMMAS)
    values = [value] if isinstance(value, int | float) else value
    fine = isinstance(values, Sequence) and not isinstance(values, str) and len(values) > 0
    if not fine or not all(
        isinstance(g, int | float) and not isinstance(g, bool) and 1.0 <= g <= MOST_GAMMA
        for g in values
    ):
        raise asked.needs("gammas: numbers of one or more", "gammas 为不小于 1 的数")
    return [float(g) for g in values]


def _note(sign: float, matches: np.ndarray) -> str:
    said = (
        f"p of a {'positive' if sign > 0 else 'negative'} effect; interval: Hodges-Lehmann bounds"
    )
    if (matches > 1).any():
        said += "; a treated row with several matches is paired with their mean"
    return said
