"""Regional rows in one shape: base units, one figure in use a place, year and variable."""

import numpy as np
import pandas as pd

from analysis.sources.regions import factor_to_base
from analysis.status import STATUSES

NATION = "000000"
COLUMNS = ["code", "year", "variable", "value", "status", "private", "name", "source"]
KEYS = ["code", "year", "variable"]
RANK_OF_STATUS = {status: rank for rank, status in enumerate(STATUSES)}
WEAKEST = STATUSES[-1]
NATIONAL_NAMES = {
    "cases_accepted": ("disputes_accepted", 1.0),
    "collective_cases": ("collective_disputes", 1.0),
    "workers_involved": ("workers_involved", 1.0),
    "union_members_10k": ("union_members", 1e4),
    "grassroots_unions_10k": ("grassroots_unions", 1e4),
    "gdp_100m_yuan_current": ("gdp", 1e8),
}
CENSUS_NAMES = {
    "legal_units": ("census_legal_units", "units"),
    "legal_units_with_union": ("census_legal_units_with_union", "units"),
    "employed_10k": ("census_employed", "10k persons"),
    "union_members_10k": ("census_union_members", "10k persons"),
}
FRAGMENT_NAMES = {
    "disputes_accepted": ("disputes_accepted", "cases"),
    "union_members_10k": ("union_members", "10k persons"),
    "grassroots_unions": ("grassroots_unions", "units"),
}


def in_base_units(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the figures in use in base units (columns ``COLUMNS``), sorted.

    ``rows`` has code, year, variable, value, unit, status and, where they are there, missing_kind,
    private, name, source, in_use. Cells that say why they are empty are left out. Of several
    vintages the one in use, else the one of the strongest status, else the last one counts.

    Raises
    ------
    UserError
        If a known variable comes in a unit that is none of its own.
    """
    frame = _with_all_columns(rows)
    there = frame["value"].notna() & (frame["missing_kind"] == "") & frame["in_use"]
    frame = converted(frame[there].reset_index(drop=True))
    frame["rank"] = frame["status"].map(RANK_OF_STATUS)
    # stable: of equal statuses the last row stays
    frame = frame.iloc[::-1].sort_values([*KEYS, "rank"], kind="stable")
    return frame.drop_duplicates(KEYS)[COLUMNS].reset_index(drop=True)


def converted(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows (variable, unit, value) with every value in its variable's base unit.

    Raises
    ------
    UserError
        If a known variable comes in a unit that is none of its own.
    """
    pairs = rows[["variable", "unit"]].drop_duplicates()
    factors = {
        (variable, unit): factor_to_base(variable, unit)
        for variable, unit in pairs.itertuples(index=False)
    }
    keys = zip(rows["variable"], rows["unit"], strict=True)
    return rows.assign(value=rows["value"] * np.array([factors[key] for key in keys], dtype=float))


def _with_all_columns(rows: pd.DataFrame) -> pd.DataFrame:
    frame = rows.copy()
    for name, absent in (("missing_kind", ""), ("private", False), ("in_use", True),
                         ("name", ""), ("source", ""), ("unit", "")):  # fmt: skip
        if name not in frame:
            frame[name] = absent
    for name in ("private", "in_use"):
        frame[name] = frame[name].map(_is_true)
    texts = ["missing_kind", "name", "source", "unit"]
    frame[texts] = frame[texts].fillna("").astype(str)
    frame["code"] = frame["code"].astype(str).str.zfill(6)
    frame["year"] = frame["year"].astype(int)
    frame["value"] = pd.to_numeric(frame["value"], errors="coerce")
    known = frame["status"].isin(list(STATUSES))
    return frame.assign(status=frame["status"].where(known, WEAKEST).astype(str))


def _is_true(value: object) -> bool:
    return str(value).lower() in ("true", "1")


def shipped_rows(census: pd.DataFrame, fragments: pd.DataFrame) -> pd.DataFrame:
    """Return the shipped figures as regional rows: code, year, variable, value, unit, status ...

    The census keeps names of its own: its members and employed persons are counted otherwise than
    the yearbooks', so no rate may mix the two. The remainder of five provinces is no place.
    """
    places = census[census["gb2260_code"].notna()]
    parts = [_renamed(places, old, name, unit) for old, (name, unit) in CENSUS_NAMES.items()]
    for old, (name, unit) in FRAGMENT_NAMES.items():
        chosen = fragments[fragments["variable"] == old]
        parts.append(_renamed(chosen.rename(columns={"value": old}), old, name, unit))
    return pd.concat(parts, ignore_index=True)


def _renamed(frame: pd.DataFrame, column: str, variable: str, unit: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "code": frame["gb2260_code"].astype(str),
            "year": frame["year"],
            "variable": variable,
            "value": frame[column].astype(float),
            "unit": unit,
            "missing_kind": "",
            "status": frame["status"],
            "source": _noted(frame),
            "private": False,
        }
    )


def with_shipped(staged: pd.DataFrame, shipped: pd.DataFrame) -> pd.DataFrame:
    """Return a user's rows and the shipped ones together, in base units.

    A place's variable comes from one of the two: scattered shipped figures, some rounded and some
    of another definition, are no part of a yearbook's series, whatever their status. ``staged`` may
    hold the shipped rows too; they are told by place, year, variable and value.
    """
    own, ours = in_base_units(staged) if len(staged) else _NONE, in_base_units(shipped)
    known = set(ours[[*KEYS, "value"]].itertuples(index=False, name=None))
    repeated = [row in known for row in own[[*KEYS, "value"]].itertuples(index=False, name=None)]
    own = own[~np.array(repeated, dtype=bool)]
    series = set(own[["code", "variable"]].itertuples(index=False, name=None))
    pairs = ours[["code", "variable"]].itertuples(index=False, name=None)
    left = ours[[pair not in series for pair in pairs]]
    parts = [part for part in (own, left) if len(part)]
    return pd.concat(parts, ignore_index=True).sort_values(KEYS, ignore_index=True)


_NONE = pd.DataFrame(columns=COLUMNS)


def _noted(frame: pd.DataFrame) -> pd.Series:
    """Return the source, what is to be known of the figure before it."""
    if "note" not in frame:
        return frame["source"]
    note = frame["note"].fillna("")
    return frame["source"].where(note == "", note + ": " + frame["source"])


def national_rows(*tables: pd.DataFrame) -> pd.DataFrame:
    """Return the national series in use as rows of place 000000, in base units.

    Wages and employment are left out: the shipped ones come in several definitions, and a region's
    file does not say which is its own.
    """
    parts = []
    for table in tables:
        used = table[table["in_use"].map(_is_true) & table["variable"].isin(list(NATIONAL_NAMES))]
        names = used["variable"].map(NATIONAL_NAMES)
        parts.append(
            pd.DataFrame(
                {
                    "code": NATION,
                    "year": used["year"].astype(int),
                    "variable": names.str[0],
                    "value": used["value"].astype(float) * names.str[1].astype(float),
                    "status": used["status"],
                    "private": False,
                    "name": "",
                    "source": used["source"],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)[COLUMNS]


def joined(regional: pd.DataFrame, national: pd.DataFrame) -> pd.DataFrame:
    """Return regional and national rows together; the shipped nation stands before a file's own."""
    both = pd.concat([national, regional], ignore_index=True)
    return both.drop_duplicates(KEYS).sort_values(KEYS, ignore_index=True)


def level_of(code: str) -> str:
    """Return nation, province, prefecture or county, by the form of the code (GB/T 2260)."""
    if code == NATION:
        return "nation"
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"
