"""Other persons in each wave: former members told apart, wages top-coded, schemes of any kind."""

from typing import Any

import numpy as np
import pandas as pd

from analysis.sources.twins.draws import (
    above,
    blank,
    blank_text,
    effect_on_share,
    in_schema,
    normalised,
    threshold,
)  # fmt: skip
from analysis.sources.twins.people import PROVINCES, jobs, of_employees, persons
from analysis.sources.twins.world import World

INSURANCES = ("pension", "medical_insurance", "unemployment_insurance")
# 2008 asks of the job's insurance, later waves of taking part in any scheme
EMPLOYER_WAVES, NO_INSURANCE = (2008,), (2011,)
SAMPLED = tuple(code for code in PROVINCES if code not in (46, 54, 63, 65))
OF_EMPLOYEES = ("wage_month_yuan", "wage_top_coded", "hours_week", "contract", "contract_type",
                "tenure_years", "occupation", "industry", "ownership", "firm_size")  # fmt: skip
SHOWN = ("wave", "person_id", "province", "union_member", "union_former", "union_status",
         "union_question", "employee", "insurance_scope", "age", "female", "education",
         "rural_hukou", "party_member", "weight", "psu", "stratum", *INSURANCES,
         *OF_EMPLOYEES)  # fmt: skip


def draw(world: World, rng: np.random.Generator, size: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ``size`` persons a wave in the harmonised columns, and the truth."""
    waves = [_wave(world, rng, wave, size) for wave in world.waves]
    rows = _outcomes(world, rng, pd.concat(waves, ignore_index=True))
    return _shown(world, rng, rows), _truth(world, rows)


def _wave(world: World, rng: np.random.Generator, wave: int, n: int) -> pd.DataFrame:
    people = persons(world, rng, n, wave - 2)
    rows = people.join(jobs(world, rng, people))
    province = rng.choice(np.array(SAMPLED), n)
    index = (
        world.selection("person") * rows["ability"]
        + world.selection("education_years") * rows["education_years"]
        + world.selection("party") * rows["party_member"]
        + world.selection("state") * rows["state"]
        + world.selection("age") * (wave - rows["birth"])
        + world.selection("not_employee") * (rows["job"] != "employee")
        + rng.normal(size=n)
    ).to_numpy()
    member = above(index, world.moment("union_share"))
    former = (member == 0) & (rng.random(n) < world.moment("former_share"))
    county = rng.integers(1, world.moment("counties") + 1, n)
    return rows.assign(
        wave=wave,
        person_id=[f"{wave}-{number}" for number in range(1, n + 1)],
        province=[f"{code}0000" for code in province],
        psu=[f"{wave}-{p}0000-{c}" for p, c in zip(province, county, strict=True)],
        stratum=[f"{wave}-{s}" for s in rng.choice([101, 201, 301], n)],
        age=(wave - rows["birth"]).to_numpy(float),
        employee=(rows["job"] == "employee").astype(float),
        union_member=member,
        union_former=former.astype(float),
        raw_weight=np.exp(0.5 * rng.normal(size=n)),
    )


def _outcomes(world: World, rng: np.random.Generator, rows: pd.DataFrame) -> pd.DataFrame:
    n, member = len(rows), rows["union_member"].to_numpy()
    employed = (rows["employee"] == 1).to_numpy()
    log_wage = (
        0.06 * rows["education_years"] - 0.2 * rows["female"]
        + world.moment("wage_person_sd") * rows["ability"]
        + world.moment("wage_growth") * (rows["wave"] - 2018)
        + world.effect("ln_wage") * member + world.moment("wage_noise_sd") * rng.normal(size=n)
    ).to_numpy()  # fmt: skip
    base = employed & (rows["wave"] == 2018).to_numpy()
    wage = np.exp(log_wage)
    wage *= world.moment("wage_mean") / wage[base if base.any() else employed].mean()
    hours = world.moment("hours_mean") + world.effect("hours_week") * member
    spread = world.moment("hours_sd") * rng.normal(size=n)
    made: dict[str, Any] = {
        "wage_month_yuan": np.maximum(np.round(wage), 1.0),
        "hours_week": np.clip(np.round(hours + spread), 1, 120),
    }  # fmt: skip
    common = (0.1 * rows["education_years"] + 0.5 * rows["state"] * employed).to_numpy()
    for name in ("contract", *INSURANCES):
        effect = world.values["effects"].get(name, world.effect("pension"))
        latent = common + rng.normal(size=n)
        cut = threshold(latent + effect * member, world.moment(name))
        made[name] = (latent + effect * member > cut).astype(float)
        made[f"index_{name}"] = common - cut
    return rows.assign(**made)


def _truth(world: World, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the true effect on employees who are members."""
    on = ((rows["employee"] == 1) & (rows["union_member"] == 1)).to_numpy()
    effects = {"ln_wage": world.effect("ln_wage"), "hours_week": world.effect("hours_week")}
    for name in ("contract", *INSURANCES):
        latent = world.values["effects"].get(name, world.effect("pension"))
        effects[name] = effect_on_share(rows[f"index_{name}"].to_numpy(), latent, on)
    return pd.DataFrame({"outcome": list(effects), "contrast": "member_vs_not",
                         "quantity": "ATT", "effect": list(effects.values())})  # fmt: skip


def _shown(world: World, rng: np.random.Generator, rows: pd.DataFrame) -> pd.DataFrame:
    """Return what the respondents would have shown of it."""
    n, wave = len(rows), rows["wave"].to_numpy()
    answered = rng.random(n) >= world.missing("union")
    insured = (rng.random(n) >= world.missing("insurance")) & ~np.isin(wave, NO_INSURANCE)
    insured &= ~np.isin(wave, EMPLOYER_WAVES) | (rows["employee"] == 1).to_numpy()
    member = rows["union_member"].where(answered)
    wage = pd.Series(blank(rows["wage_month_yuan"].to_numpy(), rng, world.missing("wage")))
    top = wage.notna() & (rng.random(n) < world.moment("top_coded")) & (wave >= 2011)
    contract = pd.Series(blank(rows["contract"].to_numpy(), rng, world.missing("contract")))
    kind = np.where(rng.random(n) < world.moment("fixed_term"), "fixed_term", "open_ended")
    named = pd.Series(np.where(contract == 1, kind, "none"))
    size = np.clip(np.round(rows["firm_size"].to_numpy()), 1, 90_000)
    rows = rows.assign(
        union_member=member,
        union_former=rows["union_former"].where(answered),
        union_status=blank_text(pd.Series("member", index=rows.index), (member != 1).to_numpy()),
        union_question="direct",
        insurance_scope=np.where(np.isin(wave, EMPLOYER_WAVES), "employer", "any_scheme"),
        wage_month_yuan=wage.mask(top),
        wage_top_coded=top.astype(float).where(wage.notna()),
        hours_week=blank(rows["hours_week"].to_numpy(), rng, world.missing("hours")),
        contract=contract,
        contract_type=blank_text(named, contract.isna().to_numpy()),
        tenure_years=np.minimum(rows["tenure"], np.maximum(rows["age"] - 15, 0)),
        firm_size=blank(size, rng, world.missing("firm_size")),
        education=blank_text(rows["education"], rng.random(n) < world.missing("education")),
        party_member=blank(rows["party_member"].to_numpy(), rng, world.missing("party")),
        weight=normalised(rows["raw_weight"], rows["wave"]),
        **{name: rows[name].where(insured) for name in INSURANCES},
    )
    return in_schema(of_employees(rows, OF_EMPLOYEES)[list(SHOWN)], world.survey)
