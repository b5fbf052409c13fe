"""One file an estimator: ABOUT and fit(sample, equation) -> Fit; its name is what a study says."""
