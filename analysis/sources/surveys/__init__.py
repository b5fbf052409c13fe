"""Chinese survey microdata, read by name: the user's own files to one harmonised frame.

The maps (``maps/*.toml``) say by wave and field which variable it is, how it is coded and on what
evidence; code does only what they say. Nothing of a survey is shipped or written anywhere.
"""

from analysis.sources.surveys.fields import FIELDS, Field, violations
from analysis.sources.surveys.reading import SurveyRead, read_survey, survey_names

__all__ = ["FIELDS", "Field", "SurveyRead", "read_survey", "survey_names", "violations"]
