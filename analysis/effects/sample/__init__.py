"""From a study's data to the rows and columns of one equation."""

from analysis.effects.sample.columns import numbers_of, scope_of
from analysis.effects.sample.sample import Sample
from analysis.effects.sample.taking import column_of, take_sample

__all__ = ["Sample", "column_of", "numbers_of", "scope_of", "take_sample"]
