"""Rates, shares of the nation and ranks by place and year.

A rate is formed only of figures of the same place, year and kind of table. 建会率, the organisation
rate, is units with a union over units; 入会率, density, is members over employment; neither is
coverage. A rank is among the places of the same level that have the figure.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.disputes.rates import collective_definition
from analysis.disputes.regional.rows import NATION, RANK_OF_STATUS, level_of
from analysis.sources.regions import DATES, VARIABLES
from analysis.status import STATUSES

PER_10K, PERCENT = 1e4, 100.0
COLUMNS = ["code", "level", "year", "measure", "value", "unit", "national", "ratio_to_national",
           "share_percent", "rank", "of", "definition_period", "inputs_status",
           "private"]  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """A rate: scale * numerator / denominator."""

    name: str
    numerator: str
    denominator: str
    scale: float
    unit: str


_PER, _SHARE = (PER_10K, "cases per 10,000 persons"), (PERCENT, "percent")
_ALL = (
    Measure("disputes_per_10k_employed", "disputes_accepted", "employment", *_PER),
    Measure("disputes_per_10k_members", "disputes_accepted", "union_members", *_PER),
    Measure("disputes_per_10k_population", "disputes_accepted", "population", *_PER),
    Measure("collective_share", "collective_disputes", "disputes_accepted", *_SHARE),
    Measure("workers_per_dispute", "workers_involved", "disputes_accepted", 1.0, "persons"),
    Measure("organisation_rate", "legal_units_with_union", "legal_units", *_SHARE),
    Measure("density", "union_members", "employment", *_SHARE),
    Measure("census_organisation_rate", "census_legal_units_with_union", "census_legal_units",
            *_SHARE),
    Measure("census_density", "census_union_members", "census_employed", *_SHARE),
    Measure("gdp_per_head", "gdp", "population", 1.0, "yuan"),
    Measure("fee_per_member", "union_fee_income", "union_members", 1.0, "yuan"),
)  # fmt: skip
MEASURES = {measure.name: measure for measure in _ALL}
LEVELS = tuple(name for name in VARIABLES if name not in DATES)


def measures_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return every measure by place and year (columns ``COLUMNS``).

    Parameters
    ----------
    rows
        code, year, variable, value (base units), status, private; place 000000 is the nation.

    Shares in percent are given where regions add up to the nation, else the ratio to it. A place of
    the nation has neither, and no rank.
    """
    wide = _wide(rows)
    parts = [_rate(wide, measure) for measure in MEASURES.values()]
    parts += [_level(wide, name) for name in LEVELS]
    table = pd.concat([part for part in parts if len(part)] or [parts[0]], ignore_index=True)
    table["level"] = table["code"].map(level_of)
    table = _ranked(_against_nation(table))
    worst = table["worst"].astype(int)
    table["inputs_status"] = np.array(STATUSES)[worst.to_numpy()] if len(table) else ""
    collective = table["measure"].isin(["collective_share", "collective_disputes"])
    period = [collective_definition(year) for year in table["year"]]
    table["definition_period"] = pd.Series(period, table.index, dtype=object).where(collective, "")
    table = table.sort_values(["measure", "year", "code"], kind="stable", ignore_index=True)
    return table[COLUMNS]


def _wide(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return values, weakest statuses and privacy by variable, indexed by code and year."""
    ranked = rows.assign(worst=rows["status"].map(RANK_OF_STATUS), hidden=rows["private"] * 1.0)
    keyed = ranked.set_index(["code", "year", "variable"])
    return {name: keyed[name].unstack("variable") for name in ("value", "worst", "hidden")}


def _of(wide: dict[str, pd.DataFrame], kind: str, variable: str) -> pd.Series:
    table = wide[kind]
    if variable in table:
        return table[variable]
    return pd.Series(np.nan, index=table.index, dtype=float)


def _rate(wide: dict[str, pd.DataFrame], measure: Measure) -> pd.DataFrame:
    top, bottom = (_of(wide, "value", v) for v in (measure.numerator, measure.denominator))
    value = measure.scale * top / bottom.where(bottom > 0.0)
    worst, hidden = (
        np.fmax(*(_of(wide, kind, v) for v in (measure.numerator, measure.denominator)))
        for kind in ("worst", "hidden")
    )
    return _rows_of(measure.name, measure.unit, value, worst, hidden)


def _level(wide: dict[str, pd.DataFrame], name: str) -> pd.DataFrame:
    columns = (_of(wide, kind, name) for kind in ("value", "worst", "hidden"))
    return _rows_of(name, VARIABLES[name].unit, *columns)


def _rows_of(
    name: str, unit: str, value: pd.Series, worst: pd.Series, hidden: pd.Series
) -> pd.DataFrame:
    table = pd.DataFrame({"value": value, "worst": worst, "hidden": hidden})
    table = table[table["value"].notna()].reset_index()
    private = table.pop("hidden") > 0.0
    return table.assign(measure=name, unit=unit, private=private)


def _against_nation(table: pd.DataFrame) -> pd.DataFrame:
    keys = ["year", "measure"]
    nation = table[table["code"] == NATION].set_index(keys)
    index = pd.MultiIndex.from_frame(table[keys])
    value = nation["value"].reindex(index).to_numpy(float)
    is_nation = (table["code"] == NATION).to_numpy()
    ratio = table["value"].to_numpy(float) / np.where(value > 0.0, value, np.nan)
    ratio[is_nation] = np.nan
    adds_up = table["measure"].map(lambda name: name in VARIABLES and VARIABLES[name].adds_up)
    worst = np.fmax(table["worst"].to_numpy(float), nation["worst"].reindex(index).to_numpy(float))
    return table.assign(
        national=value,
        share_percent=np.where(adds_up, 100.0 * ratio, np.nan),
        ratio_to_national=np.where(adds_up, np.nan, ratio),
        # what is set against the nation rests on the nation's figure too
        worst=np.where(np.isnan(ratio), table["worst"], worst),
    )


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with rank (1 is the highest; ties share the better) and how many have it."""
    groups = table.groupby(["level", "year", "measure"])["value"]
    # the first of one is no rank
    placed = (table["level"] != "nation") & (groups.transform("size") > 1)
    return table.assign(
        rank=groups.rank(ascending=False, method="min").where(placed),
        of=groups.transform("size").where(placed),
    )
