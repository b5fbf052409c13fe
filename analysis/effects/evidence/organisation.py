"""Organisation rate and member density by province, First Economic Census 2004.

Neither is coverage: a member counts at a unit without bargaining as at one with it.
"""

import pandas as pd

NATIONAL = "000000"
COLUMNS = [
    "gb2260_code",
    "name_zh",
    "name_en",
    "organisation_rate_percent",
    "member_density_percent",
    "inputs_status",
    "is_national",
]


def organisation_table(census: pd.DataFrame) -> pd.DataFrame:
    """Return both rates in percent, one row a place, in order of code (columns ``COLUMNS``).

    ``census`` has a row a place with legal_units, legal_units_with_union (units), employed_10k
    and union_members_10k (10,000 persons). The row without a code is a remainder of several
    provinces, so it is no place and is left out; the national row is marked ``is_national``.

    Raises
    ------
    ValueError
        If there is not exactly one national row, or a base is zero.
    """
    places = census[census["gb2260_code"].notna()].sort_values("gb2260_code", ignore_index=True)
    national = places["gb2260_code"] == NATIONAL
    if national.sum() != 1:
        raise ValueError(f"{national.sum()} national rows; expected one")
    table = places.assign(
        organisation_rate_percent=_percent(places, "legal_units_with_union", "legal_units"),
        member_density_percent=_percent(places, "union_members_10k", "employed_10k"),
        inputs_status=places["status"],
        is_national=national,
    )
    return table[COLUMNS]


def _percent(places: pd.DataFrame, part: str, whole: str) -> pd.Series:
    if (places[whole] <= 0).any():
        raise ValueError(f"{whole} has a zero; no share can be taken of it")
    return 100.0 * places[part] / places[whole]
