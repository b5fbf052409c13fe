"""A paper's tables and figures from one study file: what each shows, as plain rows."""

from analysis.effects.paper.making import STEPS, Made, make, step_names
from analysis.effects.paper.plan import Plan, read_plan
from analysis.effects.paper.work import Work, start

__all__ = ["STEPS", "Made", "Plan", "Work", "make", "read_plan", "start", "step_names"]
