"""Which estimators find a known truth: a Monte Carlo study on simulated panels of workers."""
