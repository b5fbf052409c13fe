"""A simulated province-by-year file with a known truth: for tests only, about no real place.

31 provinces, 34 years, six variables; one misspelt name, two provinces without early years.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.files import read_rows
from analysis.paths import RAW
from analysis.pipeline.tasks import regional as task
from analysis.sources import process_raw
from analysis.tabular import as_bytes

FIRST, YEARS = 1990, 34
SEED = 20170101
# planted: ln disputes per 10,000 and ln wage on density (a share), given province and year
DISPUTES_ON_DENSITY, WAGE_ON_DENSITY = 0.8, -0.3
EFFECT_OF_DEPOSIT = -0.25
LATE = ("540000", "500000")
LATE_FROM = 1997
MISSPELT = ("内蒙古", "内蒙右")
UNITS = {
    "disputes_accepted": "件",
    "union_members": "万人",
    "employment": "万人",
    "average_wage": "元",
    "gdp": "亿元",
    "population": "万人",
}
HOSTILE = "<script>alert(1)</script>"
FACTORS = {"件": 1.0, "万人": 1e4, "元": 1.0, "亿元": 1e8}


def provinces() -> list[dict[str, str]]:
    return read_rows(RAW / "provinces.csv")


def tidy_twin(seed: int = SEED, noise: float = 0.1, adoption: bool = False) -> pd.DataFrame:
    """Return the tidy rows as F's processed table has them; adoption dates where asked for."""
    rng = np.random.default_rng(seed)
    codes = [row["gb2260_code"] for row in provinces()]
    years = np.arange(FIRST, FIRST + YEARS)
    shape = (len(codes), YEARS)
    place = rng.normal(0.0, 0.5, (len(codes), 1))
    trend = np.linspace(0.0, 1.5, YEARS)[None, :] + rng.normal(0.0, 0.1, (1, YEARS))
    density = 0.35 + 0.08 * place + 0.05 * rng.normal(size=shape).cumsum(axis=1) / 3.0
    density = np.clip(density, 0.05, 0.9)
    adopted = np.array([(2000.0, 2004.0, 2008.0, 0.0)[i % 4] for i in range(len(codes))])
    after = ((adopted > 0.0)[:, None] & (years[None, :] >= adopted[:, None])) * 1.0
    rate = (
        1.0 + place + trend + DISPUTES_ON_DENSITY * density + noise * rng.normal(size=shape)
        + EFFECT_OF_DEPOSIT * after * adoption
    )  # fmt: skip
    wage = 8.5 + 0.3 * place + 2.0 * trend + WAGE_ON_DENSITY * density
    wage = wage + noise * rng.normal(size=shape)
    people = np.exp(rng.normal(17.0, 0.5, (len(codes), 1)) + 0.01 * np.arange(YEARS))
    employed = 0.5 * people
    gdp = people * np.exp(9.0 + place + trend + 0.1 * rng.normal(size=shape))
    values = {
        "disputes_accepted": np.exp(rate) * employed / 1e4,
        "union_members": density * employed,
        "employment": employed,
        "average_wage": np.exp(wage),
        "gdp": gdp,
        "population": people,
    }
    parts = [
        pd.DataFrame(
            {
                "code": np.repeat(codes, YEARS),
                "year": np.tile(years, len(codes)),
                "variable": name,
                "value": (table / FACTORS[UNITS[name]]).ravel(),
                "unit": UNITS[name],
            }
        )
        for name, table in values.items()
    ]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[~(rows["code"].isin(LATE) & (rows["year"] < LATE_FROM))]
    if adoption:
        dates = pd.DataFrame({"code": codes, "year": FIRST, "variable": "wage_deposit_year",
                              "value": adopted, "unit": "年"})  # fmt: skip
        rows = pd.concat([rows, dates], ignore_index=True)
    return rows.assign(
        missing_kind="", status="unverified", source="simulated", private=False
    ).reset_index(drop=True)


def user_file(seed: int = SEED) -> pd.DataFrame:
    """Return the file as a user has it: Chinese names, one of them misspelt, a column a unit."""
    names = {row["gb2260_code"]: row["name_zh_short"] for row in provinces()}
    rows = tidy_twin(seed)[["code", "year", "variable", "value", "unit"]]
    places = rows.pop("code").map(names).replace(*MISSPELT)
    return rows.assign(地区=places)[["地区", "year", "variable", "value", "unit"]]


# --- results ----------------------------------------------------------------------------------


def write_processed(folder: Path) -> Path:
    """Write the shipped tables, processed, into a folder of a test's own; return it."""
    for name, table in process_raw(RAW).tables.items():
        (folder / f"{name}.csv").write_bytes(as_bytes(table))
    return folder


def results_of(processed, staged=None, private=False):
    """The results task's products from the shipped tables and a staged one, read back."""
    one = task.results_task(task.scopes()[0])
    inputs = {key: processed / path.name for key, path in one.inputs.items()}
    if staged is not None:
        path = processed / f"regions_{id(staged)}.csv"
        staged.to_csv(path, index=False)
        inputs["regions"] = path
    contents = task.results(inputs, {"private": private, "staged": staged is not None})
    found = {}
    for name, content in contents.items():
        path = processed / f"result_{name}.csv"
        path.write_bytes(as_bytes(content))
        found[name] = task.read_regional(path)
    return found


def with_a_place(twin, name):
    """Three provinces, too few for a regression, and a prefecture of that name."""
    few = twin[twin["code"].isin(["110000", "320000", "440000"])].assign(name="")
    place = few[few["code"] == "320000"].assign(code="320500", name=name)
    return pd.concat([few, place], ignore_index=True)
