"""Union effects: study files, samples, estimators, covariances, rows of the estimates contract."""

from analysis.effects.benchmarking import benchmark_table
from analysis.effects.fitting import data_of, estimates, estimator_names
from analysis.effects.study import read_study

__all__ = ["benchmark_table", "data_of", "estimates", "estimator_names", "read_study"]
