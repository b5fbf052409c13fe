"""Covariances, bootstraps, influence functions: what errors are made of."""
