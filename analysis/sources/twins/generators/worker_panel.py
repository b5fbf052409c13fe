"""Persons in provinces, five waves: membership selected on what is seen and on what is not.

Log wage = returns + person + effect x member + noise; person also moves membership. Insurances and
contract are 1[index > threshold], thresholds such that the last wave has the published shares.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.sources.twins.draws import (
    Numbers,
    above,
    blank,
    blank_text,
    effect_on_share,
    in_schema,
    normalised,
    threshold,
)  # fmt: skip
from analysis.sources.twins.people import (
    FRAMES,
    IN_CFPS,
    INSURANCES,
    jobs,
    of_employees,
    persons,
)  # fmt: skip
from analysis.sources.twins.world import World

ASKED_OF_EMPLOYEES = ("wage_month_yuan", "hours_week", "contract", "contract_type", "tenure_years",
                      "occupation", "industry", "ownership", "firm_size", *INSURANCES)  # fmt: skip
SHOWN = ("wave", "person_id", "household_id", "province", "urban", "union_member", "union_status",
         "union_question", "employee", "insurance_scope", "age", "female", "education",
         "education_years", "rural_hukou", "party_member", "married", "weight", "psu", "stratum",
         *ASKED_OF_EMPLOYEES)  # fmt: skip
DIRECT_SINCE, COLLECTIVE_UNTIL, EMPLOYER_SINCE = 2016, 2012, 2012
ADULT = 16


def draw(world: World, rng: np.random.Generator, size: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the panel in the harmonised columns and its truth; ``size`` persons."""
    people = _placed(world, rng, persons(world, rng, size, world.waves[0] + 6))
    people = people.join(jobs(world, rng, people))
    waves = [_wave(world, rng, people, wave) for wave in world.waves]
    rows = _outcomes(world, rng, pd.concat(waves, ignore_index=True))
    # the questionnaire is for adults
    adult = (rows["age"] >= ADULT).to_numpy()
    truth = _truth(world, rows[adult])
    here = (rng.random(len(rows)) >= world.moment("attrition")) & adult
    return _shown(world, rng, rows[here].reset_index(drop=True)), truth


def _placed(world: World, rng: np.random.Generator, people: pd.DataFrame) -> pd.DataFrame:
    """Add numbers of persons and households, and the primary sampling unit each lives in."""
    n = len(people)
    psu = rng.integers(1, world.moment("psus") + 1, n)
    code = np.array(IN_CFPS)[psu % len(IN_CFPS)]
    return people.assign(
        person_id=(100_000_000 + 7 * np.arange(n)).astype(str),
        household_id=(10_000_000 + np.arange(n) // 2).astype(str),
        psu=psu.astype(str),
        province=[f"{c}0000" for c in code],
        stratum=[FRAMES.get(int(c), "6") for c in code],
        raw_weight=np.exp(0.6 * rng.normal(size=n)),
        steady=rng.normal(size=n),
    )


def _wave(world: World, rng: np.random.Generator, people: pd.DataFrame, wave: int) -> pd.DataFrame:
    """Return one wave: age, marriage, job and membership of that year."""
    age = (wave - people["birth"]).to_numpy(float)
    moved = rng.random(len(people)) < 0.15
    job = jobs(world, rng, people)
    rows = people.assign(**{name: job[name].where(moved, people[name]) for name in job})
    # of working age most work; the published shares of 2018 hold on average
    rows = rows.assign(wave=wave, age=age, employee=(rows["job"] == "employee").astype(float))
    rows["married"] = above(-np.abs(age - 45) / 20 + rng.normal(size=len(rows)),
                            world.moment("married_share"))  # fmt: skip
    rows["union_member"] = _membership(world, rng, rows, wave)
    return rows


def _membership(world: World, rng: np.random.Generator, rows: pd.DataFrame, wave: int) -> Numbers:
    steady = world.selection("persistence")
    noise = np.sqrt(steady) * rows["steady"] + np.sqrt(1 - steady) * rng.normal(size=len(rows))
    index = (
        world.selection("person") * rows["ability"]
        + world.selection("education_years") * rows["education_years"]
        + world.selection("party") * rows["party_member"]
        + world.selection("state") * rows["state"]
        + world.selection("age") * rows["age"]
        + world.selection("not_employee") * (1 - rows["employee"])
        + noise
    )
    shares = dict(zip(world.waves, [*world.moment("union_share_earlier"),
                                    world.moment("union_share")], strict=True))  # fmt: skip
    return above(index.to_numpy(), shares[wave])


def _outcomes(world: World, rng: np.random.Generator, rows: pd.DataFrame) -> pd.DataFrame:
    """Add wages, hours, insurances and contract, calibrated to the last wave's employees."""
    n, member = len(rows), rows["union_member"].to_numpy()
    last = ((rows["wave"] == world.waves[-1]) & (rows["employee"] == 1)).to_numpy()
    log_wage = (
        0.05 * rows["education_years"] + 0.02 * rows["age"] - 0.0002 * rows["age"] ** 2
        - 0.2 * rows["female"] + world.moment("wage_person_sd") * rows["ability"]
        + world.moment("wage_growth") * (rows["wave"] - world.waves[-1])
        + world.effect("ln_wage") * member + world.moment("wage_noise_sd") * rng.normal(size=n)
    ).to_numpy()  # fmt: skip
    wage = np.exp(log_wage)
    wage *= world.moment("wage_mean") / wage[last].mean()
    hours = world.moment("hours_sd") * rng.normal(size=n) + world.effect("hours_week") * member
    hours += world.moment("hours_mean") - hours[last].mean()
    made: dict[str, Any] = {
        "wage_month_yuan": np.maximum(np.round(wage), 1.0),
        "hours_week": np.clip(np.round(hours), 1.0, 120.0),
    }
    common = (0.12 * rows["education_years"] + 0.6 * rows["state"]).to_numpy()
    for name in ("contract", *INSURANCES):
        effect = world.values["effects"].get(name, world.effect("pension"))
        latent = common + rng.normal(size=n)
        cut = threshold(latent[last] + effect * member[last], world.moment(name))
        made[name] = (latent + effect * member > cut).astype(float)
        made[f"index_{name}"] = common - cut
    return rows.assign(**made)


def _truth(world: World, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the true effect of membership on employees who are members, by outcome."""
    on = ((rows["employee"] == 1) & (rows["union_member"] == 1)).to_numpy()
    effects = {"ln_wage": world.effect("ln_wage"), "hours_week": world.effect("hours_week")}
    for name in ("contract", *INSURANCES):
        latent = world.values["effects"].get(name, world.effect("pension"))
        effects[name] = effect_on_share(rows[f"index_{name}"].to_numpy(), latent, on)
    return pd.DataFrame({
        "outcome": list(effects),
        "contrast": "member_vs_not",
        "quantity": "ATT",
        "effect": list(effects.values()),
    })  # fmt: skip


def _shown(world: World, rng: np.random.Generator, rows: pd.DataFrame) -> pd.DataFrame:
    """Return what a respondent of the survey would have shown of it."""
    n, wave = len(rows), rows["wave"].to_numpy()
    answered = rng.random(n) >= world.missing("union")
    member = rows["union_member"].where(answered)
    insured = rng.random(n) >= world.missing("insurance")
    rows = rows.assign(
        union_member=member,
        party_member=rows["party_member"].where(answered),
        union_status=blank_text(pd.Series("member", index=rows.index), (member != 1).to_numpy()),
        union_question=np.where(wave < DIRECT_SINCE, "multi_response", "direct"),
        insurance_scope=np.where(wave < EMPLOYER_SINCE, "any_scheme", "employer"),
        wage_month_yuan=blank(rows["wage_month_yuan"].to_numpy(), rng, world.missing("wage")),
        hours_week=blank(rows["hours_week"].to_numpy(), rng, world.missing("hours")),
        contract=blank(rows["contract"].to_numpy(), rng, world.missing("contract")),
        firm_size=blank(_whole_size(world, rows), rng, world.missing("firm_size")),
        tenure_years=np.minimum(rows["tenure"], np.maximum(rows["age"] - 15, 0)),
        ownership=_named_ownership(world, rng, rows),
        weight=normalised(rows["raw_weight"], rows["wave"]),
        **{name: rows[name].where(insured) for name in INSURANCES},
    )
    rows["contract_type"] = _contract_type(world, rng, rows["contract"])
    return in_schema(of_employees(rows, ASKED_OF_EMPLOYEES)[list(SHOWN)], world.survey)


def _whole_size(world: World, rows: pd.DataFrame) -> Numbers:
    last = (rows["wave"] == world.waves[-1]) & (rows["employee"] == 1)
    scale = world.moment("firm_size_mean") / rows["firm_size"][last].mean() if last.any() else 1.0
    return np.clip(np.round(rows["firm_size"].to_numpy() * scale), 1, 300_000)


def _named_ownership(world: World, rng: np.random.Generator, rows: pd.DataFrame) -> pd.Series:
    """Return ownership as asked: only 2010 and 2012 offer collective, and some cannot judge."""
    collective = (
        (rows["ownership"] == "other")
        & (rows["wave"] <= COLLECTIVE_UNTIL)
        & (rng.random(len(rows)) < world.moment("collective_share"))
    )
    named = rows["ownership"].astype("str").mask(collective, "collective")
    return blank_text(named, rng.random(len(rows)) < world.missing("ownership"))


def _contract_type(world: World, rng: np.random.Generator, contract: pd.Series) -> NDArray[Any]:
    kind = np.where(rng.random(len(contract)) < world.moment("fixed_term"), "fixed_term",
                    "open_ended")  # fmt: skip
    named = pd.Series(np.where(contract == 1, kind, "none"), index=contract.index)
    return blank_text(named, contract.isna().to_numpy()).to_numpy()
