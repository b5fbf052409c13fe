"""Persons of a twin: what a person is, and the job of a person in a wave."""

import numpy as np
import pandas as pd

from analysis.sources.twins.draws import Numbers, above, blank, blank_text, category, ordered
from analysis.sources.twins.world import World

# GB/T 2260 provinces, and CFPS's sampling frames: five over-sampled provinces, the rest together
PROVINCES = (
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
    53, 54, 61, 62, 63, 64, 65,
)  # fmt: skip
IN_CFPS = tuple(code for code in PROVINCES if code not in (15, 46, 54, 63, 64, 65))
FRAMES = {31: "1", 21: "2", 41: "3", 62: "4", 44: "5"}
YEARS = {"none": 0, "primary": 6, "junior": 9, "senior": 12, "college": 15, "bachelor": 16,
         "postgraduate": 19}  # fmt: skip
STATE = ("state_organ", "public_institution", "state_enterprise")
INSURANCES = ("pension", "medical_insurance", "unemployment_insurance", "injury_insurance",
              "maternity_insurance", "housing_fund")  # fmt: skip


def persons(world: World, rng: np.random.Generator, n: int, last: int) -> pd.DataFrame:
    """Return n persons with what stays the same: sex, birth year, education, hukou, ability.

    ``ability`` is unobserved and standard normal; birth years are such that all are 16 or older
    in ``last``.
    """
    ability = rng.normal(size=n)
    birth = last - rng.integers(16, 76, n)
    # the old went to school less; ability and schooling go together
    schooling = ordered(
        0.5 * ability + 0.03 * (birth - last) + rng.normal(size=n), world.moment("education")
    )
    years = pd.Series(schooling).map(YEARS).to_numpy(float)
    rural = above(-0.15 * years + rng.normal(size=n), world.moment("rural_share"))
    return pd.DataFrame({
        "ability": ability,
        "birth": birth,
        "female": (rng.random(n) < world.moment("female_share")).astype(float),
        "education": schooling,
        "education_years": years,
        "rural_hukou": blank(rural, rng, world.missing("hukou")),
        "urban": above(-0.8 * rural + rng.normal(size=n), 0.48),
        "party_member": above(0.1 * years - 0.02 * (birth - last) + rng.normal(size=n),
                              world.moment("party_share")),
    })  # fmt: skip


def jobs(world: World, rng: np.random.Generator, people: pd.DataFrame) -> pd.DataFrame:
    """Return each person's job: kind, employer's ownership, industry, occupation, size, start."""
    n = len(people)
    job = category(rng, world.moment("job"), n)
    ownership = ordered(
        -0.15 * people["education_years"].to_numpy() + rng.normal(size=n), world.moment("ownership")
    )
    sd = world.moment("firm_size_log_sd")
    size = np.exp(sd * rng.normal(size=n))
    return pd.DataFrame({
        "job": job,
        "ownership": ownership,
        "industry": category(rng, world.moment("industry"), n),
        "occupation": rng.integers(10000, 69999, n).astype(str),
        "firm_size": size * world.moment("firm_size_mean") / np.exp(sd**2 / 2),
        "tenure": np.floor(rng.exponential(6.0, n)),
        "state": np.isin(ownership, STATE).astype(float),
    }, index=people.index)  # fmt: skip


def of_employees(rows: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows with these columns missing where the person is no employee."""
    other = (rows["employee"] != 1).to_numpy()
    made = {
        name: blank_text(rows[name], other)
        if not pd.api.types.is_numeric_dtype(rows[name])
        else rows[name].mask(other)
        for name in names
    }
    return rows.assign(**made)


def scaled_to_mean(values: Numbers, mean: float) -> Numbers:
    """Return positive values multiplied so that their mean is ``mean``, missing ones left out."""
    return values * mean / float(np.nanmean(values))
