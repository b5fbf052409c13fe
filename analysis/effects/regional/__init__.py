"""What regional panels allow: regressions on union density, event studies of adoption."""

from analysis.effects.regional.panel import panel_of
from analysis.effects.regional.plan import plans, study_of
from analysis.effects.regional.results import COVERAGE, Results, regional_results

__all__ = ["COVERAGE", "Results", "panel_of", "plans", "regional_results", "study_of"]
