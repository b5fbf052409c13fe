"""A region's own file: reading it into sheets, and understanding its figures."""

from analysis.sources.regions.answers import MISSING_KINDS, Answers, DeclaredVariable
from analysis.sources.regions.opening import open_sheets
from analysis.sources.regions.places import NATION, names_by_code
from analysis.sources.regions.reading import READING_FILES, understand
from analysis.sources.regions.sheets import Sheet, in_both, place_of
from analysis.sources.regions.template import template, template_workbook
from analysis.sources.regions.understanding import Figure, SetAside, Understanding
from analysis.sources.regions.units import factor_to_base
from analysis.sources.regions.variables import (
    DATES,
    VARIABLES,
    VARIABLES_FILE,
    Variable,
    variables,
)

__all__ = [
    "DATES",
    "MISSING_KINDS",
    "NATION",
    "READING_FILES",
    "VARIABLES",
    "VARIABLES_FILE",
    "Answers",
    "DeclaredVariable",
    "Figure",
    "SetAside",
    "Sheet",
    "Understanding",
    "Variable",
    "factor_to_base",
    "in_both",
    "names_by_code",
    "open_sheets",
    "place_of",
    "template",
    "template_workbook",
    "understand",
    "variables",
]
