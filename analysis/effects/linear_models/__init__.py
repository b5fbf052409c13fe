"""Least squares: solved, within effects, in panels."""
