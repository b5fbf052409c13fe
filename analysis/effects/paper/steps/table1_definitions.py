"""Table 1: what each variable is and how it was made."""

import pandas as pd

from analysis.effects.paper.plan import is_dummies
from analysis.effects.paper.work import Work
from analysis.effects.terms import categories_in

ROLES = ("outcome", "treatment", "control", "instrument", "mediator", "group", "effects")


def rows(work: Work) -> pd.DataFrame:
    """Return one row a variable: role, name, label, definition, the expression behind it."""
    plan = work.plan
    effects = [name for term in plan.controls if is_dummies(term) for name in categories_in(term)]
    parts = {
        "outcome": plan.outcomes,
        "treatment": (plan.treatment,),
        "control": tuple(term for term in plan.controls if not is_dummies(term)),
        "instrument": (*plan.instruments, *plan.exclusion),
        "mediator": plan.mediators,
        "group": plan.groups,
        "effects": (*effects, *plan.absorb),
    }
    found: dict[str, str] = {}
    for role in ROLES:
        # a variable of two roles keeps the first
        found = {**dict.fromkeys(parts[role], role), **found}
    ordered = [(name, role) for role in ROLES for name in parts[role] if found[name] == role]
    return pd.DataFrame([_row(work, name, role) for name, role in ordered])


def _row(work: Work, name: str, role: str) -> dict[str, str]:
    known = work.plan.variables.get(name)
    label = work.plan.label(name)
    return {
        "role": role,
        "variable": name,
        "label_en": label.en,
        "label_zh": label.zh,
        "definition_en": known.definition.en if known else "",
        "definition_zh": known.definition.zh if known else "",
        "expression": work.derived.get(name, name),
    }
