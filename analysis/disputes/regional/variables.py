"""What regional tables may hold: the list that regions' files are read by."""

from analysis.sources.regions import DATES, VARIABLES, Variable, factor_to_base

__all__ = ["DATES", "VARIABLES", "Variable", "factor_to_base"]
