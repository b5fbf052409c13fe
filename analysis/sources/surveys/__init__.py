"""Chinese survey microdata, read by name: the user's own files to one harmonised frame.

The maps (``maps/*.toml``) say by wave and field which variable it is, how it is coded and on what
evidence; code does only what they say. Nothing of a survey is shipped or written anywhere.
"""

from analysis.sources.surveys.description import description_of
from analysis.sources.surveys.disclosure import (
    FEWEST_PERSONS,
    enough,
    inner_ends,
    may_be_shown,
)
from analysis.sources.surveys.fields import FIELDS, Field, violations
from analysis.sources.surveys.reading import SurveyRead, nothing_read, read_survey, survey_names

__all__ = [
    "FEWEST_PERSONS",
    "FIELDS",
    "Field",
    "SurveyRead",
    "description_of",
    "enough",
    "inner_ends",
    "may_be_shown",
    "nothing_read",
    "read_survey",
    "survey_names",
    "violations",
]
