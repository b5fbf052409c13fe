"""Macro against micro: the smallest effect of a province's institution that can be seen.

A measure that varies between G provinces only (standard deviation 1 between them) explains a
person's outcome (standard deviation 1, intra-class correlation r, m persons a province) or a
province's own outcome (r = 1). With equal m, least squares on persons is least squares on the G
province means, whose error has variance r + (1 - r) / m; so with t tests on G - 2 degrees of
freedom the smallest detectable effect is

    (t_{1 - alpha/2} + t_{power}) * sqrt((r + (1 - r) / m) / G)

after Bloom 1995, Evaluation Review 19: 547-556, and, with the intra-class correlation, Bloom 2005,
Learning More from Social Experiments, chapter 4, whose P(1 - P) is the variance of a 0/1 measure;
here it is 1.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

COLUMNS = ["level", "provinces", "persons", "intra_class", "smallest_effect", "power_percent",
           "false_alarm_percent", "replications", "seed"]  # fmt: skip
PERSON, PROVINCE = "person", "province"


def smallest_effect(
    provinces: int, persons: int, intra_class: float, *, alpha: float = 0.05, power: float = 0.8
) -> float:
    """Return the smallest detectable effect in standard deviations (formula above).

    Raises
    ------
    ValueError
        If there are fewer than 3 provinces, no person, or a share outside its range.
    """
    if provinces < 3 or persons < 1 or not 0.0 <= intra_class <= 1.0:
        raise ValueError("3 provinces, 1 person and 0 <= intra-class correlation <= 1 at least")
    if not (0.0 < alpha < 1.0 and alpha < power < 1.0):
        raise ValueError("0 < alpha < power < 1")
    law = stats.t(provinces - 2)
    multiple = law.ppf(1.0 - alpha / 2.0) + law.ppf(power)
    variance = intra_class + (1.0 - intra_class) / persons
    return float(multiple * np.sqrt(variance / provinces))


def power_table(
    provinces: Sequence[int],
    persons: Sequence[int],
    intra_class: Sequence[float],
    replications: int,
    seed: int,
) -> pd.DataFrame:
    """Return the formula and its check by simulation (columns ``COLUMNS``).

    One row a number of provinces and case: a person's outcome at each number of persons and
    intra-class correlation, then the province's own outcome (one row, intra-class correlation 1).
    """
    cases = [(PERSON, m, r) for r in intra_class for m in persons] + [(PROVINCE, 1, 1.0)]
    rows = []
    for place, (g, (level, m, r)) in enumerate((g, case) for g in provinces for case in cases):
        effect = smallest_effect(g, m, r)
        random = np.random.default_rng([seed, place])
        found, alarm = (_rejected(g, m, r, b, replications, random) for b in (effect, 0.0))
        rows.append((level, g, m, r, effect, 100.0 * found, 100.0 * alarm, replications, seed))
    return pd.DataFrame(rows, columns=COLUMNS)


def _rejected(
    provinces: int, persons: int, intra_class: float, effect: float, replications: int,
    random: np.random.Generator,
) -> float:  # fmt: skip
    """Return the share of simulated samples in which a t test of the slope rejects at 5 %.

    The measure is drawn once a sample and scaled to standard deviation 1 between the provinces;
    a province's mean of m persons has the variance r + (1 - r) / m.
    """
    x = random.normal(size=(replications, provinces))
    x = x - x.mean(axis=1, keepdims=True)
    x /= np.sqrt((x**2).mean(axis=1, keepdims=True))
    places = np.sqrt(intra_class) * random.normal(size=x.shape)
    people = np.sqrt((1.0 - intra_class) / persons) * random.normal(size=x.shape)
    y = effect * x + places + people
    y = y - y.mean(axis=1, keepdims=True)
    slope = (x * y).sum(axis=1) / provinces
    left = ((y - slope[:, None] * x) ** 2).sum(axis=1) / (provinces - 2)
    t = slope / np.sqrt(left / provinces)
    return float(np.mean(np.abs(t) > stats.t(provinces - 2).ppf(0.975)))
