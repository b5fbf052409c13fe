"""Migrant workers in firms in cities: coverage chosen by firms, membership by workers."""

from typing import Any

import numpy as np
import pandas as pd

from analysis.sources.twins.draws import (
    above,
    blank,
    effect_on_share,
    in_schema,
    ordered,
    threshold,
)  # fmt: skip
from analysis.sources.twins.world import World

CITIES = ("440000", "440000", "440000", "310000", "320000", "320000", "330000", "330000", "440000")
FLAGS = ("contract", "pension", "medical_insurance", "injury_insurance", "overtime_pay")
SCHOOLING = {"primary": 12.0, "junior": 55.0, "senior": 27.0, "college": 6.0}
YEARS = {"primary": 6, "junior": 9, "senior": 12, "college": 15}
CONTRASTS = ("covered", "member")


def draw(world: World, rng: np.random.Generator, size: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ``size`` workers in the harmonised columns, with city, minimum wage and violations."""
    rows = _workers(world, rng, _firms(world, rng, size), size)
    rows, truth = _outcomes(world, rng, rows)
    shown = rows.drop(columns=["firm", "firm_part", "ln_size", "covered", "member"])
    return in_schema(shown.to_dict("series"), world.survey), truth


def _firms(world: World, rng: np.random.Generator, size: int) -> pd.DataFrame:
    n = max(2, size // int(world.moment("workers_a_firm")))
    part, ln_size = rng.normal(size=n), 4.5 + 1.3 * rng.normal(size=n)
    index = (
        world.selection("firm_size") * (ln_size - 4.5)
        + world.selection("firm") * part
        + rng.normal(size=n)
    )
    city = rng.integers(0, world.moment("cities"), n)
    return pd.DataFrame({
        "firm_part": part,
        "ln_size": ln_size,
        "union_covered": above(index, world.moment("covered_share")),
        "city": [f"city {c + 1}" for c in city],
        "province": [CITIES[c % len(CITIES)] for c in city],
        "minimum_wage": world.moment("minimum_wage") * (0.85 + 0.05 * (city % 6)),
    })  # fmt: skip


def _workers(world: World, rng: np.random.Generator, firms: pd.DataFrame, n: int) -> pd.DataFrame:
    firm = rng.integers(0, len(firms), n)
    education = ordered(rng.normal(size=n), SCHOOLING)
    rows = firms.iloc[firm].reset_index(drop=True).assign(
        firm=firm,
        wave=world.waves[0],
        person_id=(1 + np.arange(n)).astype(str),
        firm_id=[f"{f + 1}" for f in firm],
        age=16.0 + rng.integers(0, 40, n),
        female=(rng.random(n) < world.moment("female_share")).astype(float),
        education=education,
        education_years=pd.Series(education).map(YEARS).to_numpy(float),
        tenure_years=np.floor(rng.exponential(3.0, n)),
        rural_hukou=1.0,
        employee=1.0,
        weight=1.0,
    )  # fmt: skip
    index = (
        world.selection("education_years") * rows["education_years"]
        + world.selection("tenure") * rows["tenure_years"]
        + rng.normal(size=n)
    ).to_numpy()
    covered = rows["union_covered"].to_numpy() == 1
    member = covered & (index > threshold(index[covered], world.moment("member_share")))
    status = np.where(member, "member", np.where(covered, "covered_non_member", "uncovered"))
    return rows.assign(
        covered=covered & ~member, member=member, union_member=member.astype(float),
        union_status=status, union_question="direct", insurance_scope="employer",
        psu=rows["firm_id"],
    )  # fmt: skip


def _outcomes(
    world: World, rng: np.random.Generator, rows: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    n = len(rows)
    on = {name: rows[name].to_numpy() for name in CONTRASTS}

    def gain(what: str) -> Any:
        return sum(world.effect(f"{name}_{what}") * on[name] for name in CONTRASTS)

    log_wage = (
        0.05 * rows["education_years"] + 0.02 * rows["tenure_years"] - 0.15 * rows["female"]
        + 0.05 * rows["ln_size"] + world.moment("firm_sd") * rows["firm_part"] + gain("ln_wage")
        + world.moment("wage_noise_sd") * rng.normal(size=n)
    ).to_numpy()  # fmt: skip
    wage = np.exp(log_wage) * world.moment("wage_mean") / np.exp(log_wage).mean()
    hours = world.moment("hours_mean") + gain("hours_week")
    violations = world.moment("violations_mean") * np.exp(gain("violations"))
    spread = world.moment("hours_sd") * rng.normal(size=n)
    made: dict[str, Any] = {
        "wage_month_yuan": blank(np.round(wage), rng, world.missing("wage")),
        "hours_week": np.clip(np.round(hours + spread), 1, 120),
        "firm_size": np.maximum(np.round(np.exp(rows["ln_size"])), 1.0),
        "violations": rng.poisson(violations),
    }  # fmt: skip
    truth = [(outcome, name, world.effect(f"{name}_{outcome}"))
             for outcome in ("ln_wage", "hours_week") for name in CONTRASTS]  # fmt: skip
    truth += [("violations", name, _fewer(world, name)) for name in CONTRASTS]
    common = (0.1 * rows["education_years"] + 0.1 * rows["ln_size"]).to_numpy()
    for flag in FLAGS:
        latent = common + gain("index") + rng.normal(size=n)
        cut = threshold(latent, world.moment(flag))
        made[flag] = (latent > cut).astype(float)
        for name in CONTRASTS:
            effect = effect_on_share(common - cut, world.effect(f"{name}_index"), on[name])
            truth.append((flag, name, effect))
    return rows.assign(**made), _table(truth)


def _fewer(world: World, name: str) -> float:
    effect = world.effect(f"{name}_violations")
    return float(world.moment("violations_mean") * np.expm1(effect))


def _table(truth: list[tuple[str, str, float]]) -> pd.DataFrame:
    contrast = {"covered": "covered_vs_uncovered", "member": "member_vs_uncovered"}
    return pd.DataFrame({
        "outcome": [outcome for outcome, _, _ in truth],
        "contrast": [contrast[name] for _, name, _ in truth],
        "quantity": "ATT",
        "effect": [effect for _, _, effect in truth],
    })  # fmt: skip
