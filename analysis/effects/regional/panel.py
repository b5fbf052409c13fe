"""Regional figures to the panel that the regressions use: a row a province and year.

Density is members over employment as a share; the dispute rate is cases accepted per 10,000
employed; both need figures of the same place and year. Provinces only: prefectures and counties
are parts of them and would count the same cases twice.
"""

import numpy as np
import pandas as pd

from analysis.sources.regions import DATES, NATION

OUTCOMES = ("ln_dispute_rate", "ln_wage")
DENSITY, CONTROL = "density", "ln_gdp_per_head"
COLUMNS = ["code", "year", "dispute_rate", *OUTCOMES, DENSITY, CONTROL, *DATES]
# first treated period of those that are known never to have had it
NEVER = 0.0


def panel_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the provinces' panel (columns ``COLUMNS``), NaN where a figure is missing.

    ``rows``: code, year, variable, value in base units, one a place, year and variable. Adoption
    dates hold for every year of a province; 0 says that it never adopted, a missing one that
    nobody has looked: such a province is out of every event study.
    """
    provinces = rows[rows["code"].str.endswith("0000") & (rows["code"] != NATION)]
    yearly = provinces[~provinces["variable"].isin(list(DATES))]
    wide = yearly.pivot(index=["code", "year"], columns="variable", values="value").reset_index()
    wide = wide.reindex(columns=list(dict.fromkeys([*wide.columns, *_NEEDED])))
    table = wide[["code", "year"]].assign(
        dispute_rate=1e4 * _over(wide["disputes_accepted"], wide["employment"]),
        ln_wage=_log(wide["average_wage"]),
        density=_over(wide["union_members"], wide["employment"]),
        ln_gdp_per_head=_log(_over(wide["gdp"], wide["population"])),
    )
    table["ln_dispute_rate"] = _log(table["dispute_rate"])
    for name in DATES:
        dates = provinces[provinces["variable"] == name].drop_duplicates("code", keep="last")
        table[name] = table["code"].map(dates.set_index("code")["value"])
    return table[COLUMNS].astype({"year": int}).sort_values(["code", "year"], ignore_index=True)


_NEEDED = ("disputes_accepted", "employment", "average_wage", "union_members", "gdp", "population")


def _over(top: pd.Series, bottom: pd.Series) -> pd.Series:
    return top.astype(float) / bottom.astype(float).where(bottom > 0.0)


def _log(values: pd.Series) -> pd.Series:
    return np.log(values.astype(float).where(values > 0.0))


def from_year_means(panel: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows complete in ``columns``, these as deviations from their mean of the year.

    What all provinces share in a year goes, as with a dummy a year (Holtz-Eakin, Newey and Rosen
    1988, Econometrica 56: 1371-1395, use dummies; in a balanced panel it is the same).
    """
    rows = panel.dropna(subset=list(columns))
    means = rows.groupby("year")[list(columns)].transform("mean")
    return rows.assign(**{name: rows[name] - means[name] for name in columns})
