"""What may be shown of restricted microdata: nothing that under ten persons share.

A cell is counted in persons, not rows: ten interviews with one person are one person.
"""

import math

import pandas as pd

FEWEST_PERSONS = 10
ENDS = (0.01, 0.99)


def enough(persons: pd.Series) -> bool:
    """Say whether a cell of these rows' persons may be shown."""
    return persons.nunique() >= FEWEST_PERSONS


def may_be_shown(values: pd.Series, persons: pd.Series) -> bool:
    """Say whether a summary of values may be shown; rows without a value are nobody's.

    Ten persons are needed in all, and of each answer where there are two at most: the mean of
    answers 0 and 1 counts those who gave either. An answer that nobody gave hides nobody.
    """
    known = values.notna()
    values, persons = values[known], persons[known]
    if values.nunique() <= 2:
        counts = persons.groupby(values.to_numpy()).nunique()
        return len(counts) > 0 and bool((counts >= FEWEST_PERSONS).all())
    return enough(persons)


def inner_ends(values: pd.Series, persons: pd.Series) -> tuple[float, float]:
    """Return the 1st and 99th percentiles, which stand in place of the least and largest value.

    NaN where under ten persons lie at or beyond one: it would be a few persons' own value.
    """
    known = values.notna()
    values, persons = values[known], persons[known]
    low, high = (float(values.quantile(share, interpolation="nearest")) for share in ENDS)
    return (
        low if enough(persons[values <= low]) else math.nan,
        high if enough(persons[values >= high]) else math.nan,
    )
