"""The dispute series: growth, breaks, counterfactuals, composition."""

from analysis.disputes.breaks import breaks_table
from analysis.disputes.composition import composition_table, consistency_table
from analysis.disputes.counterfactual import counterfactual_table
from analysis.disputes.growth import DEFINITIONS, compound_of_ends, label_of, rates_by_definition
from analysis.disputes.growth_table import growth_table, rounds_to, yearly_growth
from analysis.disputes.rates import rates_table

__all__ = [
    "DEFINITIONS",
    "breaks_table",
    "composition_table",
    "compound_of_ends",
    "consistency_table",
    "counterfactual_table",
    "growth_table",
    "label_of",
    "rates_by_definition",
    "rates_table",
    "rounds_to",
    "yearly_growth",
]
