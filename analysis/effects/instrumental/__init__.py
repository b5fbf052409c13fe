"""Instrumental variables: from a sample to moments, and tests of weak instruments."""
