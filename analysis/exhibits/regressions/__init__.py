"""Regression tables of a study as journals print them: names, columns, notes, then any format."""

from analysis.exhibits.regressions.asked import CHOICES, Asked, asked, read_asked
from analysis.exhibits.regressions.tables import Source, study_tables

__all__ = ["CHOICES", "Asked", "Source", "asked", "read_asked", "study_tables"]
