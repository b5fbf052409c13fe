"""Exponential durations: hazard exp(-x'b), constant over time."""

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.likelihoods import duration
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

OPTION_COLUMNS = duration.OPTION_COLUMNS
ABOUT = About(
    fits="exponential durations by maximum likelihood; options: event",
    needs="outcome (a duration above zero), options event where some are cut off",
    reports="coefficients of log duration, lambda without covariates",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; see ``duration.fit_duration`` for what is returned and refused."""
    return duration.fit_duration(sample, equation, duration.EXPONENTIAL)
