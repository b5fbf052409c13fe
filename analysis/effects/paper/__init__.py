"""A paper's tables and figures from one study file: what each shows, as plain rows."""

from analysis.effects.paper.disclosure import FEW, rare_terms, shown_at_all
from analysis.effects.paper.making import STEPS, Made, make, step_names
from analysis.effects.paper.plan import Plan, Variable, read_plan
from analysis.effects.paper.work import Work, start

__all__ = [
    "FEW",
    "STEPS",
    "Made",
    "Plan",
    "Variable",
    "Work",
    "make",
    "rare_terms",
    "read_plan",
    "shown_at_all",
    "start",
    "step_names",
]
