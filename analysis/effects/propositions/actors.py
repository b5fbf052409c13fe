"""Who acts: covered non-members against members; agency, local union and enterprise union apart."""

from typing import Any

import pandas as pd

from analysis.effects.fitting import estimates
from analysis.effects.propositions.plan import ACTORS, Plan
from analysis.effects.propositions.rows import differs, row

UNCOVERED, COVERED, MEMBER = "uncovered", "covered_non_member", "member"
Rows = list[dict[str, Any]]


def coverage(plan: Plan, frame: pd.DataFrame) -> Rows:
    """Return each outcome's contrasts: covered against uncovered, member against covered."""
    name = "coverage"
    if not plan.status:
        return [row(name, "member_vs_covered", note="the plan names no three-way status")]
    derive = {
        "any_cover": f"{plan.status} in ['{COVERED}', '{MEMBER}']",
        "member_besides": f"{plan.status} == '{MEMBER}'",
    }
    known = frame[frame[plan.status].isin([UNCOVERED, COVERED, MEMBER])]
    terms = {"any_cover": "covered_vs_uncovered", "member_besides": "member_vs_covered"}
    return _rows(name, plan, known, terms, derive)


def actors(plan: Plan, frame: pd.DataFrame) -> Rows:
    """Return each outcome's effect of each actor that a column names, the others held apart."""
    name = "actors"
    absent = [
        row(name, actor, note="no column says so: not kept apart")
        for actor in ACTORS
        if actor not in plan.actors
    ]
    if not plan.actors:
        return absent
    terms = {column: actor for actor, column in plan.actors.items()}
    return [*_rows(name, plan, frame, terms, {}), *absent]


def _rows(
    name: str, plan: Plan, frame: pd.DataFrame, terms: dict[str, str], derive: dict[str, str]
) -> Rows:
    equation = plan.equation(name, tuple(plan.outcomes), tuple(terms))
    found = estimates(plan.study(equation, {**plan.outcomes, **derive}), frame)
    found = found[found["term"].isin(list(terms))]
    return [
        row(
            name, terms[term], outcome=outcome,
            **differs(float(estimate), float(error), plan.alpha),
        )
        for outcome, term, estimate, error in zip(
            found["outcome"], found["term"], found["estimate"], found["std_error"], strict=True
        )
    ]  # fmt: skip
